#pragma once

#include "core/base/time.h"
#include "core/kafka/clusterclient.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>

namespace redrive::offsets {

using Clock = std::function<MonoTime()>;

/// How long the outcome of something that was sent is waited for. A stop does not end that at once,
/// since what was sent cannot be taken back: it leaves two seconds more.
class Patience
{
public:
    Patience(Millis span, Clock clock, std::stop_token stop);
    bool isOver();
    MonoTime now() const { return m_clock(); }

private:
    Clock m_clock;
    std::stop_token m_stop;
    MonoTime m_until;
    bool m_shortened = false;
};

/// Replies that are waited for together. What they are put into is declared before the Gather, so
/// that a reply that comes after its end finds nobody and is dropped. On the thread that owns the
/// client.
class Gather
{
public:
    explicit Gather(kafka::ClusterClient &client)
        : m_client(client)
        , m_open(std::make_shared<std::size_t>(0))
    {
    }

    template <typename T>
    kafka::ClusterClient::Reply<T> into(T &target)
    {
        return take<T>([&target](T answer) { target = std::move(answer); });
    }
    template <typename T>
    kafka::ClusterClient::Reply<T> into(std::optional<T> &target)
    {
        return take<T>([&target](T answer) { target = std::move(answer); });
    }

    /// True: all have come. False: the stop was asked for first. A request has its own time-out, so
    /// that its reply does come.
    bool wait(const std::stop_token &stop);
    /// The same, but as long as the patience lasts.
    bool wait(Patience &patience);

private:
    template <typename T, typename Put>
    kafka::ClusterClient::Reply<T> take(Put put)
    {
        ++*m_open;
        return [open = std::weak_ptr<std::size_t>(m_open), put](T answer) {
            if (const auto waiting = open.lock()) {
                put(std::move(answer));
                --*waiting;
            }
        };
    }

    kafka::ClusterClient &m_client;
    std::shared_ptr<std::size_t> m_open;
};

/// Lets a moment pass while replies may run. False: the stop was asked for.
bool pause(kafka::ClusterClient &client, Millis span, const Clock &clock,
           const std::stop_token &stop);
/// The same: false when the patience is over.
bool pause(kafka::ClusterClient &client, Millis span, Patience &patience);

Error cancelled(std::string attempted);

} // namespace redrive::offsets
