#pragma once

#include "app/ctl/console.h"
#include "app/ctl/options.h"
#include "core/base/error.h"
#include "core/base/time.h"
#include "core/kafka/clusterclient.h"
#include "core/monitor/survey.h"

#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace redrive::ctl {

/// What an asynchronous question will be answered with.
template <typename T>
class Answer
{
public:
    /// To be handed over as the reply; outlives this object if it must.
    std::function<void(T)> slot()
    {
        return [value = m_value](T answer) { value->emplace(std::move(answer)); };
    }
    bool here() const { return m_value->has_value(); }
    T &value() { return **m_value; }

private:
    std::shared_ptr<std::optional<T>> m_value = std::make_shared<std::optional<T>>();
};

/// Drives one client on the caller's thread until what was asked is answered, the time of the whole
/// command is up, a signal came, or it is clear that no broker will ever answer.
class Runner
{
public:
    /// `address` is what errors name as attempted. A first address that refuses (::1 before
    /// 127.0.0.1) is no reason to give up; all of them for `downTolerance`, before anybody ever
    /// answered, is.
    Runner(std::unique_ptr<kafka::ClusterClient> client, std::string address, Millis timeout,
           Millis downTolerance = Millis(3000));

    kafka::ClusterClient &client() noexcept { return *m_client; }

    /// Limits of the requests of a survey that begins now, so that its parts fail before the whole
    /// does.
    monitor::SurveyOptions surveyOptions() const;
    /// For one request that more depends on.
    Millis requestTimeout() const;

    Result<void> waitFor(const std::function<bool()> &done);
    template <typename T>
    Result<void> waitFor(const Answer<T> &answer)
    {
        return waitFor([&answer] { return answer.here(); });
    }

    /// The error that stands behind a request's own "timed out": what the connection complained
    /// about, where no broker has ever answered.
    Error explain(Error error) const;
    /// A broker has answered something.
    void noteAnswer() { m_answered = true; }

private:
    /// Looks at what the connection complains about; an error ends the wait.
    Result<void> checkTrouble();
    Millis left() const;
    std::string connecting() const;

    std::unique_ptr<kafka::ClusterClient> m_client;
    std::string m_address;
    MonoTime m_deadline;
    Millis m_downTolerance;
    bool m_answered = false;
    std::optional<kafka::ClusterClient::Trouble> m_trouble;
    std::optional<MonoTime> m_downSince;
};

} // namespace redrive::ctl
