#include "tests/support/values/fakegroupstate.h"

#include <algorithm>
#include <utility>

namespace redrive::testsupport {

namespace {

using State = FakeGroup::State;
using StatePtr = FakeGroupState;

Headers headersOf(const void *source)
{
    return static_cast<const FakeGroup::Stored *>(source)->headers;
}

class FakeConsumer final : public kafka::GroupConsumer
{
public:
    explicit FakeConsumer(StatePtr state)
        : m_state(std::move(state))
    {
    }
    ~FakeConsumer() override
    {
        const std::scoped_lock lock(m_state->mutex);
        m_state->wake = -1;
    }

    void wakeThrough(int descriptor) override
    {
        const std::scoped_lock lock(m_state->mutex);
        m_state->wake = descriptor;
        m_state->ring();
    }

    std::vector<consumed::Event> poll() override
    {
        const std::scoped_lock lock(m_state->mutex);
        return std::exchange(m_state->events, {});
    }

    kafka::RecordBatch take(std::size_t most) override
    {
        const std::scoped_lock lock(m_state->mutex);
        kafka::RecordBatch batch;
        // Copies, as a real batch owns its bytes.
        auto kept = std::make_shared<std::vector<std::pair<TopicPartition, FakeGroup::Stored>>>();
        kept->reserve(most);
        for (auto &[id, log] : m_state->logs) {
            if (!log.position || log.paused)
                continue;
            for (const auto &record : log.records) {
                if (record.offset < *log.position || kept->size() == most)
                    continue;
                kept->emplace_back(id, record);
                log.position = record.offset + 1;
            }
            const bool atEnd = log.records.empty() || *log.position > log.records.back().offset;
            if (atEnd && !log.endTold) {
                log.endTold = true;
                log.position = std::max(*log.position, log.end);
                batch.ends.push_back({id, Offset(*log.position)});
            }
        }
        for (const auto &[id, record] : *kept) {
            RecordView view;
            view.topic = id.topic;
            view.partition = id.partition;
            view.offset = record.offset;
            view.timestamp = 1'700'000'000'000 + record.offset;
            view.timestampType = TimestampType::CreateTime;
            view.leaderEpoch = 7;
            if (record.key)
                view.key = *record.key;
            if (record.value)
                view.value = *record.value;
            view.source = &record;
            view.readHeaders = headersOf;
            batch.records.push_back(view);
            batch.bytes += 100 + (record.value ? record.value->size() : 0);
        }
        m_state->taken += kept->size();
        batch.owner = std::move(kept);
        return batch;
    }

    void lookUp(std::vector<TopicPartition> partitions, Millis) override
    {
        const std::scoped_lock lock(m_state->mutex);
        m_state->say(pointsOf(partitions));
    }

    void lookUpElsewhere(Millis) override
    {
        const std::scoped_lock lock(m_state->mutex);
        std::vector<TopicPartition> others;
        for (const auto &[id, log] : m_state->logs) {
            if (!log.position)
                others.push_back(id);
        }
        auto points = pointsOf(others);
        points.elsewhere = true;
        m_state->calls.emplace_back("lookUpElsewhere");
        if (auto given = std::exchange(m_state->givenWhenAsked, {}); !given.empty())
            m_state->say(
                consumed::Assigned{std::move(given), kafka::RebalanceProtocol::Cooperative});
        m_state->say(std::move(points));
    }

private:
    consumed::StartingPoints pointsOf(const std::vector<TopicPartition> &partitions)
    {
        consumed::StartingPoints points;
        for (const TopicPartition &id : partitions) {
            const auto &log = m_state->logs[id];
            consumed::StartingPoint point;
            point.partition = id;
            if (log.committed)
                point.committed = Offset(*log.committed);
            point.logStart = Offset(log.start);
            point.logEnd = Offset(log.end);
            points.points.push_back(point);
        }
        return points;
    }

public:
    void assign(const std::vector<TopicPartition> &partitions, const std::vector<Position> &,
                kafka::RebalanceProtocol) override
    {
        const std::scoped_lock lock(m_state->mutex);
        m_state->calls.emplace_back("assign");
        for (const TopicPartition &id : partitions) {
            auto &log = m_state->logs[id];
            log.position =
                log.begin.value_or(std::max(log.committed.value_or(log.start), log.start));
            log.endTold = false;
        }
        m_state->ring();
    }

    void unassign(const std::vector<TopicPartition> &partitions, kafka::RebalanceProtocol) override
    {
        const std::scoped_lock lock(m_state->mutex);
        m_state->calls.emplace_back("unassign");
        for (const TopicPartition &id : partitions)
            m_state->logs[id].position.reset();
        m_state->closed = m_state->closing;
        m_state->ring();
    }

    void commit(std::uint64_t request, const std::vector<Position> &positions,
                const std::string &) override
    {
        const std::scoped_lock lock(m_state->mutex);
        m_state->calls.emplace_back("commit");
        m_state->commits.push_back(positions);
        consumed::CommitAnswer answer{.request = request, .parts = {}, .error = std::nullopt};
        std::optional<Error> error;
        if (!m_state->commitErrors.empty()) {
            error = m_state->commitErrors.front();
            m_state->commitErrors.pop_front();
        }
        for (const Position &position : positions) {
            answer.parts.push_back({position, error});
            if (!error)
                m_state->logs[position.partition].committed = position.next.value();
        }
        if (m_state->commitsHeld)
            m_state->held.emplace_back(std::move(answer));
        else
            m_state->say(std::move(answer));
    }

    std::vector<consumed::PartOfCommit> store(const std::vector<Position> &positions,
                                              const std::string &) override
    {
        const std::scoped_lock lock(m_state->mutex);
        m_state->calls.emplace_back("store");
        std::vector<consumed::PartOfCommit> parts;
        for (const Position &position : positions)
            parts.push_back({position, std::nullopt});
        return parts;
    }

    void pause(const std::vector<TopicPartition> &partitions) override
    {
        setPaused(partitions, true);
    }
    void resume(const std::vector<TopicPartition> &partitions) override
    {
        setPaused(partitions, false);
    }

    void seek(const std::vector<Position> &positions, Millis) override
    {
        const std::scoped_lock lock(m_state->mutex);
        consumed::SeekAnswer answer;
        for (const Position &position : positions) {
            auto &log = m_state->logs[position.partition];
            log.position = position.next.value();
            log.endTold = false;
            answer.parts.push_back({position.partition, std::nullopt});
        }
        m_state->say(std::move(answer));
    }

    std::optional<Offset> knownEnd(const TopicPartition &partition) const override
    {
        const std::scoped_lock lock(m_state->mutex);
        const auto log = m_state->logs.find(partition);
        if (log == m_state->logs.end())
            return std::nullopt;
        return Offset(log->second.end);
    }
    std::string memberId() const override { return "member-1"; }

    void close() override
    {
        const std::scoped_lock lock(m_state->mutex);
        m_state->calls.emplace_back("close");
        m_state->closing = true;
        consumed::Revoked revoked;
        for (const auto &[id, log] : m_state->logs) {
            if (log.position)
                revoked.partitions.push_back(id);
        }
        if (revoked.partitions.empty())
            m_state->closed = true;
        else
            m_state->events.emplace_back(revoked);
        m_state->ring();
    }
    bool closed() const override
    {
        const std::scoped_lock lock(m_state->mutex);
        return m_state->closed;
    }

private:
    void setPaused(const std::vector<TopicPartition> &partitions, bool paused)
    {
        const std::scoped_lock lock(m_state->mutex);
        for (const TopicPartition &id : partitions)
            m_state->logs[id].paused = paused;
        m_state->ring();
    }

    StatePtr m_state;
};

} // namespace

std::unique_ptr<kafka::GroupConsumer> makeFakeConsumer(FakeGroupState state)
{
    return std::make_unique<FakeConsumer>(std::move(state));
}

} // namespace redrive::testsupport
