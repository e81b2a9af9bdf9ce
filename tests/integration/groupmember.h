#pragma once

#include "core/kafka/groupconsumer.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace redrive::kafkatest {

inline kafka::Permit permit()
{
    const kafka::WriteGuard guard({.mode = kafka::AccessMode::Free, .production = false});
    auto given = guard.authorise({"test", "test"}, {.yes = true, .typedName = std::nullopt});
    if (!given)
        throw std::runtime_error(describe(given.error()));
    return *given;
}

/// A record that was read, on its own.
struct Read
{
    TopicPartition partition;
    Offset offset;
    std::optional<std::int32_t> epoch;
    std::optional<std::string> key;
    std::optional<std::string> value;
    Headers headers;
    TimestampType timestampType = TimestampType::None;
    std::int64_t timestamp = -1;
};

/// The least that runs a GroupConsumer: takes what it is assigned and gives it back when asked.
/// turn() is one turn of its poll loop.
class Member
{
public:
    explicit Member(const kafka::GroupConsumerSettings &settings)
    {
        auto opened = kafka::openGroupConsumer(settings, permit());
        if (!opened)
            throw std::runtime_error(describe(opened.error()));
        m_consumer = std::move(*opened);
    }

    kafka::GroupConsumer &consumer() { return *m_consumer; }
    void die() { m_consumer.reset(); }

    void turn()
    {
        for (auto &event : m_consumer->poll()) {
            if (const auto *assigned = std::get_if<kafka::consumed::Assigned>(&event)) {
                m_consumer->assign(assigned->partitions, startAt, assigned->protocol);
                mine.insert(assigned->partitions.begin(), assigned->partitions.end());
            } else if (const auto *revoked = std::get_if<kafka::consumed::Revoked>(&event)) {
                m_consumer->unassign(revoked->partitions, revoked->protocol);
                for (const auto &partition : revoked->partitions)
                    mine.erase(partition);
            }
            said.push_back(std::move(event));
        }
        if (!takes)
            return;
        auto batch = m_consumer->take(1000);
        for (const auto &record : batch.records) {
            Read read;
            read.partition = {std::string(record.topic), record.partition};
            read.offset = Offset(record.offset);
            read.epoch = record.leaderEpoch;
            if (record.key)
                read.key = std::string(*record.key);
            if (record.value)
                read.value = std::string(*record.value);
            read.headers = record.headers();
            read.timestamp = record.timestamp;
            read.timestampType = record.timestampType;
            records.push_back(std::move(read));
        }
        ends.insert(ends.end(), batch.ends.begin(), batch.ends.end());
        broken.insert(broken.end(), batch.broken.begin(), batch.broken.end());
    }

    template <typename T>
    std::vector<T> all() const
    {
        std::vector<T> found;
        for (const auto &event : said)
            if (const auto *one = std::get_if<T>(&event))
                found.push_back(*one);
        return found;
    }

    /// The offsets that were read of a partition, in the order they came.
    std::vector<std::int64_t> offsets(const TopicPartition &partition) const
    {
        std::vector<std::int64_t> found;
        for (const auto &one : records)
            if (one.partition == partition)
                found.push_back(one.offset.value());
        return found;
    }

    bool atEnd(const TopicPartition &partition, std::int64_t position) const
    {
        for (const auto &end : ends)
            if (end.partition == partition && end.position == Offset(position))
                return true;
        return false;
    }

    std::vector<kafka::consumed::Event> said;
    std::set<TopicPartition> mine;
    std::vector<Read> records;
    std::vector<kafka::RecordBatch::End> ends;
    std::vector<kafka::RecordBatch::Broken> broken;
    std::vector<Position> startAt;
    bool takes = true;

private:
    std::unique_ptr<kafka::GroupConsumer> m_consumer;
};

} // namespace redrive::kafkatest
