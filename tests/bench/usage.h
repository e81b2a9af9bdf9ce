#pragma once

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string>
#include <sys/resource.h>

/// What a loop over records cost: told alike by the bare loop and by ours.
namespace redrive::bench {

constexpr std::size_t batchSize = 1000;

inline std::string freshGroup()
{
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return "bench-" + std::to_string(now.count());
}

struct Usage
{
    std::chrono::steady_clock::time_point at;
    double process = 0; ///< CPU seconds of all threads …
    double thread = 0;  ///< … and of the one that reads
};

inline double seconds(const rusage &used)
{
    const auto one = [](const timeval &time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return one(used.ru_utime) + one(used.ru_stime);
}

inline Usage usageNow()
{
    Usage usage;
    usage.at = std::chrono::steady_clock::now();
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    usage.process = seconds(used);
    getrusage(RUSAGE_THREAD, &used);
    usage.thread = seconds(used);
    return usage;
}

inline void print(const Usage &since, std::size_t records, std::size_t bytes)
{
    const Usage now = usageNow();
    const double wall = std::chrono::duration<double>(now.at - since.at).count();
    const double perRecord = 1e9 / static_cast<double>(records);
    std::printf("records=%zu bytes=%zu wall_s=%.3f cpu_s=%.3f cpu_ns=%.0f thread_ns=%.0f\n",
                records, bytes, wall, now.process - since.process,
                (now.process - since.process) * perRecord, (now.thread - since.thread) * perRecord);
}

} // namespace redrive::bench
