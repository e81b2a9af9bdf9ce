#pragma once

#include "core/base/time.h"

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <span>
#include <thread>

namespace redrive::testproxy {

/// Stands between a client and one broker on loopback, on a thread of its own: delays, swallows or
/// cuts what passes, and reads which requests go by (plain Kafka protocol only). All functions may
/// be called from any thread.
class Proxy
{
public:
    /// A request or an answer whose head has come by.
    struct Passing
    {
        enum class At
        {
            Request,  ///< on its way to the broker, which has not got it
            Answer,   ///< on its way back: the broker has done it, the client does not know
            Delivered ///< the client has the answer
        };
        At at = At::Request;
        int apiKey = 0;
    };
    /// What becomes of it.
    struct Verdict
    {
        enum class Kind
        {
            Pass,
            Vanish,      ///< its connection is a black hole from here on
            LoseAnswers, ///< loseAnswers(true), from this very one on
            Reset        ///< of an answer: its connection is reset after `bytes` of it
        };
        Kind kind = Kind::Pass;
        std::uint64_t bytes = 0;
    };
    using Watch = std::function<Verdict(const Passing &)>;
    /// Changes an answer, whole, from its correlation id on.
    using Rewrite = std::function<void(int apiKey, std::span<char> answer)>;

    /// Listens at once; connects to nothing until setTarget().
    Proxy();
    explicit Proxy(int targetPort);
    ~Proxy();
    Proxy(const Proxy &) = delete;
    Proxy &operator=(const Proxy &) = delete;

    int port() const noexcept { return m_port; }
    void setTarget(int port);

    /// Added to each answer on its way to the client.
    void setLatency(Millis latency);
    /// Connections are accepted and stay open, but nothing passes in either direction. What was
    /// swallowed is gone: connections of that time are useless afterwards, and are cut when it
    /// ends.
    void setBlackhole(bool blackhole);
    /// Every connection is reset (RST) once so many bytes of answers have passed on it; 0: never.
    void resetAfter(std::uint64_t answerBytes);
    /// One direction is dead: requests reach the broker and are done, no answer comes back. When it
    /// ends, connections of that time are cut.
    void loseAnswers(bool lose);
    /// Called on the proxy's thread, before anything else happens to what passes; it must not call
    /// the proxy. None is called any more when setWatch({}) has returned.
    void setWatch(Watch watch);
    /// Called likewise, for the answers on connections that are made from now on.
    void setRewrite(Rewrite rewrite);
    /// Resets all connections there are now.
    void cutAll();

    struct Traffic
    {
        std::map<int, int> requests;   ///< by Kafka's api key: how many have passed
        std::map<int, int> mostAtOnce; ///< by api key: the most that were unanswered together
        int connections = 0;           ///< accepted so far
        int unreadable = 0;            ///< connections that did not speak plain Kafka
    };
    Traffic traffic() const;
    void clearTraffic();

private:
    class Loop;
    struct Wishes
    {
        int target = 0;
        Millis latency{0};
        bool blackhole = false;
        bool loseAnswers = false;
        std::uint64_t resetAfter = 0;
        std::uint64_t cuts = 0;
    };

    int m_listener = -1;
    int m_port = 0;
    mutable std::mutex m_mutex;
    Wishes m_wishes;   ///< guarded by m_mutex
    Traffic m_traffic; ///< guarded by m_mutex
    std::mutex m_watchMutex;
    Watch m_watch;     ///< guarded by m_watchMutex
    Rewrite m_rewrite; ///< guarded by m_watchMutex; links have copies
    std::jthread m_thread;
};

} // namespace redrive::testproxy
