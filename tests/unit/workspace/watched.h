#pragma once

#include "core/workspace/watch.h"
#include "tests/support/values/fakecluster.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace redrive::workspace {

using namespace std::chrono_literals;

/// A watch whose clock is the twin's, driven by hand.
struct Watched
{
    twin::FakeCluster cluster;
    std::optional<Error> refusal; ///< what the factory says instead of opening
    SessionOptions options;
    std::unique_ptr<ClusterWatch> watch;
    std::vector<std::shared_ptr<const ClusterSnapshot>> all;
    std::shared_ptr<const ClusterSnapshot> last;

    Watched()
    {
        options.advise = [](const Error &error) { return "advice on " + error.code; };
        watch = std::make_unique<ClusterWatch>(
            [this]() -> Result<std::unique_ptr<kafka::ClusterClient>> {
                if (refusal)
                    return *refusal;
                return cluster.open();
            },
            options,
            WatchClock{.mono = [this] { return cluster.now(); },
                       .wall = [this] { return cluster.wall(); }});
    }

    void turn()
    {
        watch->turn(Millis{0});
        if (auto snapshot = watch->takeSnapshot()) {
            last = snapshot;
            all.push_back(std::move(snapshot));
        }
    }
    /// Lets all that needs no time happen.
    void settle()
    {
        for (int i = 0; i < 30; ++i)
            turn();
    }
    void pass(Millis time)
    {
        for (Millis gone{0}; gone < time; gone += 100ms) {
            cluster.tick(100ms);
            for (int i = 0; i < 8; ++i)
                turn();
        }
    }
    const GroupSummary &group(std::size_t i) const { return last->groups->at(i); }
    bool hasProblem(const std::string &code, bool isCurrent) const
    {
        return std::any_of(last->problems.begin(), last->problems.end(), [&](const Problem &each) {
            return each.error.code == code && each.current == isCurrent;
        });
    }
};

inline constexpr const char *billing = "group billing Stable classic\n"
                                       "orders/0 member=m committed=100 end=150\n"
                                       "orders/1 member=m committed=10 end=100";

} // namespace redrive::workspace
