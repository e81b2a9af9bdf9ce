#pragma once

#include "core/base/time.h"

#include <cstdint>
#include <map>
#include <mutex>
#include <thread>

namespace redrive::testproxy {

/// Stands between a client and one broker on loopback, on a thread of its own: delays, swallows or
/// cuts what passes, and reads which requests go by (plain Kafka protocol only). All functions may
/// be called from any thread.
class Proxy
{
public:
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
        std::uint64_t resetAfter = 0;
        std::uint64_t cuts = 0;
    };

    int m_listener = -1;
    int m_port = 0;
    mutable std::mutex m_mutex;
    Wishes m_wishes;   ///< guarded by m_mutex
    Traffic m_traffic; ///< guarded by m_mutex
    std::jthread m_thread;
};

} // namespace redrive::testproxy
