#pragma once

#include "core/kafka/recordwriter.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <optional>
#include <pthread.h>
#include <string>
#include <vector>

namespace redrive::kafkatest {

/// What came back of what was sent, in the order of the sends.
class Replies
{
public:
    kafka::RecordWriter::Reply next()
    {
        const std::scoped_lock lock(m_mutex);
        const auto at = m_results.size();
        m_results.emplace_back();
        return [this, at](Result<kafka::Delivered> result) {
            std::array<char, 16> name{};
            pthread_getname_np(pthread_self(), name.data(), name.size());
            const std::scoped_lock replyLock(m_mutex);
            m_repeated = m_repeated || m_results[at].has_value();
            m_elsewhere = m_elsewhere || std::string(name.data()) != "writer";
            m_results[at] = std::move(result);
        };
    }
    std::size_t count() const
    {
        const std::scoped_lock lock(m_mutex);
        return std::count_if(m_results.begin(), m_results.end(),
                             [](const auto &one) { return one.has_value(); });
    }
    Result<kafka::Delivered> at(std::size_t index) const
    {
        const std::scoped_lock lock(m_mutex);
        return m_results.at(index).value();
    }
    /// Each once, and on the writer's thread.
    bool areProper() const
    {
        const std::scoped_lock lock(m_mutex);
        return !m_repeated && !m_elsewhere;
    }

private:
    mutable std::mutex m_mutex;
    std::vector<std::optional<Result<kafka::Delivered>>> m_results;
    bool m_repeated = false;
    bool m_elsewhere = false;
};

} // namespace redrive::kafkatest
