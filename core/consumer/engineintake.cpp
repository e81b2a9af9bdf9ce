#include "core/base/text.h"
#include "core/consumer/engine.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace redrive::consumer {

namespace {

constexpr std::size_t takeAtOnce = 4000;

std::size_t laneOf(const RecordView &record, std::size_t lanes)
{
    if (lanes == 1)
        return 0;
    // Records without a key promise no order among each other.
    return record.key ? std::hash<std::string_view>{}(*record.key) % lanes
                      : static_cast<std::size_t>(record.offset) % lanes;
}

} // namespace

bool ConsumerSession::Engine::intake(MonoTime now)
{
    if (m_partitions.empty() || m_events.isFull())
        return false;
    std::size_t bytes = 0;
    std::size_t records = 0;
    for (const auto &[id, partition] : m_partitions) {
        // What comes before the answer may be from before the seek, or from behind it.
        if (partition->seeking)
            return false;
        if (partition->backlogPaused)
            continue;
        bytes += partition->bufferedBytes;
        records += partition->buffered();
    }
    balanceBacklog();
    if (bytes >= m_options.bufferedBytes || records >= m_options.bufferedRecords)
        return false;
    if (!wantsMore())
        return false;
    const WallTime begun = m_parts.tracePoll ? wallNow() : WallTime{};
    // By fewer where they are large, so that a take does not leap over the limit.
    const auto room =
        std::min((m_options.bufferedBytes - bytes) / std::max<std::size_t>(1, m_likelyBytes),
                 m_options.bufferedRecords - records);
    kafka::RecordBatch batch = m_consumer->take(std::clamp<std::size_t>(room, 1, takeAtOnce));
    if (batch.records.empty() && batch.ends.empty() && batch.broken.empty())
        return false;
    if (m_parts.tracePoll && !batch.records.empty())
        m_parts.tracePoll(batch.records, begun);
    if (!batch.records.empty())
        m_likelyBytes = batch.bytes / batch.records.size();
    accept(std::move(batch), now);
    return true;
}

/// Back-pressure. While all flow, not taking is enough: what is fetched waits in the library, which
/// is bounded. A partition that stands still, or that has taken all the room while a worker has
/// nothing to do, is paused at the consumer so that the others go on.
void ConsumerSession::Engine::balanceBacklog()
{
    const auto share = [&](std::size_t whole) {
        return std::max<std::size_t>(1, whole / std::max<std::size_t>(1, m_partitions.size()));
    };
    const bool idleWorker = m_dispatched == 0 && m_partitions.size() > 1;
    for (auto &[id, partition] : m_partitions) {
        const auto buffered = partition->buffered();
        const bool much = partition->bufferedBytes >= share(m_options.bufferedBytes) ||
                          buffered >= share(m_options.bufferedRecords);
        const bool little = partition->bufferedBytes < share(m_options.bufferedBytes) / 2 &&
                            buffered < share(m_options.bufferedRecords) / 2;
        if (!partition->backlogPaused && !partition->starting &&
            (partition->ended || (much && (partition->standsStill() || idleWorker)))) {
            partition->backlogPaused = true;
            m_consumer->pause({id});
        } else if (partition->backlogPaused && little && !partition->ended) {
            partition->backlogPaused = false;
            m_consumer->resume({id});
        }
    }
}

void ConsumerSession::Engine::accept(kafka::RecordBatch taken, MonoTime now)
{
    m_connected = true;
    const auto batch = std::make_shared<const kafka::RecordBatch>(std::move(taken));
    const std::span<const RecordView> records(batch->records);
    for (std::size_t begin = 0; begin < records.size();) {
        std::size_t end = begin + 1;
        while (end < records.size() && records[end].partition == records[begin].partition &&
               records[end].topic == records[begin].topic)
            ++end;
        Partition *partition = find({std::string(records[begin].topic), records[begin].partition});
        if (partition != nullptr) {
            const auto theirs = records.subspan(begin, end - begin);
            const bool isWanted = !partition->seeking && !partition->seekTo &&
                                  !partition->revoking && !partition->discarded;
            const auto kept = isWanted ? distribute(*partition, batch, theirs, now) : 0;
            // From here on an end that is reached says nothing of what lies before it.
            partition->discarded = partition->discarded || kept < theirs.size();
        }
        begin = end;
    }
    for (const kafka::RecordBatch::End &end : batch->ends) {
        Partition *partition = find(end.partition);
        if (partition == nullptr || partition->seeking || partition->seekTo)
            continue;
        partition->read = end.position;
        if (partition->start && end.position < *partition->start && !partition->tracker.last())
            wentBack(*partition, end.position.value());
        if (!partition->endAt && m_options.untilEnd)
            partition->endAt = end.position;
        if (!partition->discarded && partition->start && end.position > *partition->start)
            partition->tracker.endReached(end.position.value());
        settle(*partition, 0, now);
    }
    for (const kafka::RecordBatch::Broken &broken : batch->broken) {
        const std::string &code = broken.error.code;
        if (code == "NO_OFFSET" || code == "OFFSET_OUT_OF_RANGE" || code == "_AUTO_OFFSET_RESET") {
            fail(broken.error); // --reset error
        } else {
            problem(broken.error, &broken.partition, broken.at);
        }
    }
}

/// How many of the records were taken: a prefix of them.
std::size_t
ConsumerSession::Engine::distribute(Partition &partition,
                                    const std::shared_ptr<const kafka::RecordBatch> &batch,
                                    std::span<const RecordView> records, MonoTime now)
{
    if (partition.endAt && m_options.untilEnd) {
        const auto end = std::find_if(records.begin(), records.end(), [&](const auto &record) {
            return record.offset >= partition.endAt->value();
        });
        if (end != records.end()) {
            partition.ended = true;
            partition.read = partition.endAt;
            records = records.first(static_cast<std::size_t>(end - records.begin()));
        }
    }
    const std::int64_t first = records.empty() ? 0 : records.front().offset;
    const auto last = partition.tracker.last();
    if (!records.empty() && last && first <= *last) {
        wentBack(partition, first);
        return 0;
    }
    if (!records.empty() && !last && partition.start && first < partition.start->value())
        wentBack(partition, first);
    if (m_options.most) {
        const auto taken = m_counters.received - m_counters.dropped;
        const auto room = *m_options.most > taken ? *m_options.most - taken : 0;
        if (records.size() > room) {
            partition.reread = Offset(records[room].offset);
            records = records.first(room);
        }
    }
    std::size_t fresh = 0;
    for (const RecordView &record : records) {
        if (!partition.tracker.received(record.offset, record.leaderEpoch, now))
            break;
        ++fresh;
    }
    records = records.first(fresh);
    if (records.empty())
        return 0;
    if (!partition.start)
        partition.start = Offset(records.front().offset);
    const auto each = batch->bytes / batch->records.size();
    m_counters.received += records.size();
    partition.bufferedBytes += each * records.size();
    if (partition.lanes.size() == 1) {
        Lane &lane = *partition.lanes.front();
        lane.buffered += records.size();
        lane.slices.push_back(
            Lane::Slice{.batch = batch, .picked = {}, .records = records, .bytes = each});
        return records.size();
    }
    std::vector<std::vector<RecordView>> picked(partition.lanes.size());
    for (const RecordView &record : records)
        picked[laneOf(record, picked.size())].push_back(record);
    for (std::size_t i = 0; i < picked.size(); ++i) {
        if (picked[i].empty())
            continue;
        Lane &lane = *partition.lanes[i];
        lane.buffered += picked[i].size();
        Lane::Slice slice{
            .batch = batch, .picked = std::move(picked[i]), .records = {}, .bytes = each};
        slice.records = slice.picked;
        lane.slices.push_back(std::move(slice));
    }
    return records.size();
}

bool ConsumerSession::Engine::wantsMore() const
{
    return !m_options.most || m_counters.received - m_counters.dropped < *m_options.most;
}

/// Below what was read already, or below the commit: the log was truncated (an unclean election),
/// or the topic is another one by the same name. What is read now is read again, and said.
void ConsumerSession::Engine::wentBack(Partition &partition, std::int64_t to)
{
    const auto last = partition.tracker.last();
    problem(Error{.kind = Error::Kind::Broker,
                  .code = "LOG_WENT_BACK",
                  .message = "offset " + std::to_string(to) + " comes after " +
                             std::to_string(last ? *last : partition.start->value() - 1) +
                             ": the log is shorter than it was; going on from there",
                  .attempted = "reading " + visible(partition.id.topic) + "/" +
                               std::to_string(partition.id.partition),
                  .retriable = false},
            &partition.id, Offset(to));
    if (!last) {
        partition.start = Offset(to);
        m_book.assigned(partition.id, std::nullopt);
        return;
    }
    partition.seekTo = Offset(to);
    partition.steered = {};
    partition.rereading = false;
    for (auto &lane : partition.lanes)
        lane->stopAsked = true;
}

} // namespace redrive::consumer
