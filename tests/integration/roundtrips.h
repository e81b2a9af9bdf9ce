#pragma once

#include "tests/support/proxy/proxy.h"

#include <algorithm>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace redrive::testworld {

/// How often somebody who talks through a proxy waited for one answer before the next request: the
/// longest chain of requests of which each was sent after the answer to the one before had been
/// delivered. Told from the order in which they passed, not from a clock. Requests by which a
/// connection introduces itself (ApiVersions) are counted apart.
class RoundTrips
{
public:
    explicit RoundTrips(testproxy::Proxy &proxy)
        : m_proxy(proxy)
    {
        m_proxy.setWatch([this](const testproxy::Proxy::Passing &passing) {
            note(passing);
            return testproxy::Proxy::Verdict{};
        });
    }
    ~RoundTrips() { m_proxy.setWatch({}); }
    RoundTrips(const RoundTrips &) = delete;
    RoundTrips &operator=(const RoundTrips &) = delete;

    int longest() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_deepest;
    }
    /// `1: ApiVersions; 2: Metadata, FindCoordinator; …`
    std::string inWords() const
    {
        const std::scoped_lock lock(m_mutex);
        std::string text = std::to_string(m_deepest) + " round trips in sequence:";
        for (const auto &[depth, keys] : m_sent) {
            text += "\n  " + std::to_string(depth) + ':';
            for (const auto &[key, count] : keys)
                text += ' ' + nameOf(key) + (count > 1 ? " x" + std::to_string(count) : "");
        }
        return text;
    }

private:
    void note(const testproxy::Proxy::Passing &passing)
    {
        using At = testproxy::Proxy::Passing::At;
        const std::scoped_lock lock(m_mutex);
        auto &open = m_open[passing.apiKey];
        if (passing.at == At::Request) {
            open.push_back(m_answered + 1);
            ++m_sent[m_answered + 1][passing.apiKey];
            m_deepest = std::max(m_deepest, m_answered + 1);
        } else if (passing.at == At::Delivered && !open.empty()) {
            m_answered = std::max(m_answered, open.front());
            open.pop_front();
        }
    }

    static std::string nameOf(int key)
    {
        static const std::map<int, std::string> names{{1, "Fetch"},
                                                      {2, "ListOffsets"},
                                                      {3, "Metadata"},
                                                      {8, "OffsetCommit"},
                                                      {9, "OffsetFetch"},
                                                      {10, "FindCoordinator"},
                                                      {15, "DescribeGroups"},
                                                      {18, "ApiVersions"},
                                                      {47, "OffsetDelete"},
                                                      {60, "DescribeCluster"},
                                                      {69, "ConsumerGroupDescribe"}};
        const auto found = names.find(key);
        return found == names.end() ? "request " + std::to_string(key) : found->second;
    }

    testproxy::Proxy &m_proxy;
    mutable std::mutex m_mutex;
    std::map<int, std::deque<int>> m_open;    ///< by api key: their depths, oldest first
    std::map<int, std::map<int, int>> m_sent; ///< depth -> api key -> how many
    int m_answered = 0;                       ///< the deepest that was answered
    int m_deepest = 0;
};

} // namespace redrive::testworld
