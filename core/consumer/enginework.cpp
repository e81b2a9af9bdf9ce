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

bool isBlocked(const Partition &partition)
{
    return partition.userPaused ||
           std::any_of(partition.lanes.begin(), partition.lanes.end(),
                       [](const auto &lane) { return lane->attempts > 0 || lane->condemned; });
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
    if (m_options.most && m_counters.received - m_counters.dropped >= *m_options.most)
        return false;
    const WallTime begun = m_parts.tracePoll ? wallNow() : WallTime{};
    kafka::RecordBatch batch = m_consumer->take(takeAtOnce);
    if (batch.records.empty() && batch.ends.empty() && batch.broken.empty())
        return false;
    if (m_parts.tracePoll && !batch.records.empty())
        m_parts.tracePoll(batch.records, begun);
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
            (partition->ended || (much && (isBlocked(*partition) || idleWorker)))) {
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
            const bool isWanted = !partition->seeking && !partition->seekTo && !partition->revoking;
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
    if (m_options.most) {
        const auto taken = m_counters.received - m_counters.dropped;
        records = records.first(std::min<std::size_t>(
            records.size(), *m_options.most > taken ? *m_options.most - taken : 0));
    }
    std::size_t fresh = 0;
    for (const RecordView &record : records) {
        if (!partition.tracker.received(record.offset, record.leaderEpoch, now))
            break; // from before a seek: what comes next is not what we asked for
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

bool ConsumerSession::Engine::mayRun(const Partition &partition, const Lane &lane,
                                     MonoTime now) const
{
    if (lane.isBusy() || lane.front() == nullptr || partition.starting || partition.revoking ||
        partition.userPaused || partition.seeking || partition.seekTo)
        return false;
    if (lane.notBefore && now < *lane.notBefore)
        return false;
    // The partition goes on when the broker has acknowledged the record before.
    return m_options.commit.kind != CommitStrategy::Kind::Sync || !m_book.isPending(partition.id);
}

std::size_t ConsumerSession::Engine::sliceLimit(const Lane &lane) const
{
    const auto records = lane.slices.front().records;
    std::size_t most = std::min(records.size(), m_parts.handler->batchLimit());
    if (m_options.commit.kind == CommitStrategy::Kind::Sync || lane.attempts > 0 ||
        m_breaker.isOpen())
        most = 1;
    if (lane.nextAtMost > 0)
        most = std::min(most, lane.nextAtMost);
    if (m_suspecting) {
        // Up to the suspect, or the suspect alone.
        for (std::size_t i = 0; i < most; ++i) {
            if (isSuspect(records[i]))
                return std::max<std::size_t>(1, i);
        }
    }
    return std::max<std::size_t>(1, most);
}

bool ConsumerSession::Engine::isSuspect(const RecordView &record) const
{
    const auto &suspects = m_marks->suspects();
    return std::any_of(suspects.begin(), suspects.end(), [&](const Suspect &suspect) {
        return suspect.offset == record.offset && suspect.partition.partition == record.partition &&
               suspect.partition.topic == record.topic;
    });
}

bool ConsumerSession::Engine::dispatch(MonoTime now)
{
    bool any = false;
    bool mayProbe = m_breaker.mayProbe(now);
    std::size_t number = 0;
    const std::size_t count = m_partitions.size();
    for (auto &[id, partition] : m_partitions) {
        const bool isTurn = count == 0 || number++ >= m_probeFrom % count;
        for (auto &lane : partition->lanes) {
            if (!mayRun(*partition, *lane, now))
                continue;
            if (lane->condemned) {
                sendDeadLetter(*lane, now);
                continue;
            }
            if (m_breaker.isOpen() && (!mayProbe || !isTurn))
                continue;
            if (m_suspecting) {
                const auto &suspects = m_marks->suspects();
                const bool isTheirs =
                    std::any_of(suspects.begin(), suspects.end(),
                                [&](const auto &suspect) { return suspect.partition == id; });
                if (!isTheirs || m_dispatched > 0)
                    continue;
                // What is before it must not come again at the next start, if there is to be one.
                if (isSuspect(*lane->front()) && m_book.isAnythingPending()) {
                    commitAll(now);
                    continue;
                }
                if (condemnSuspect(*partition, *lane, now))
                    continue;
            }
            if (mayProbe) {
                mayProbe = false;
                m_breaker.probing();
                m_probeFrom = number;
            }
            const auto records = lane->slices.front().records.first(sliceLimit(*lane));
            lane->running = true;
            lane->stopAsked = false;
            lane->dispatched = records.size();
            m_dispatched += records.size();
            m_pool->give(Task{.lane = lane,
                              .batch = lane->slices.front().batch,
                              .records = records,
                              .attempt = lane->attempts + 1});
            any = true;
        }
    }
    if (mayProbe && m_breaker.isOpen())
        m_probeFrom = 0; // nobody had their turn: begin anew
    return any;
}

bool ConsumerSession::Engine::onCompletion(Completion completion, MonoTime now)
{
    Lane &lane = *completion.lane;
    lane.running = false;
    m_dispatched -= lane.dispatched;
    lane.dispatched = 0;
    BatchResult &result = completion.result;
    // A probe that tells nothing (given back, or stopped before it began) is made again.
    if (m_breaker.isOpen() && !m_breaker.nextProbe())
        m_breaker.probeFailed(m_breaker.snapshot().reason, now);
    if (lane.partition == nullptr) {
        m_counters.lateAcks += result.done;
        return true;
    }
    Partition &partition = *lane.partition;
    const auto done = std::min(result.done, completion.records);
    const auto touched = done + (result.failure ? 1 : 0);
    if (touched > 0)
        m_latency.add(completion.took / touched, touched, now);
    lane.nextAtMost = 0;
    if (completion.threwAt && *completion.threwAt > 0) {
        // Nothing of the call is durable. Those before it first, then the one that threw.
        lane.nextAtMost = *completion.threwAt;
        return true;
    }

    std::size_t duplicates = 0;
    std::vector<const Note *> notes(m_options.reportEach ? done : 0);
    for (Note &note : result.notes) {
        if (note.index >= done)
            continue;
        const RecordView &record = lane.slices.front().records[note.index];
        const RecordAt at{partition.id, Offset(record.offset)};
        if (note.duplicate) {
            ++duplicates;
            tell(told::Skipped{.record = at, .reason = "duplicate", .eventId = note.eventId});
        }
        if (note.update)
            tell(told::Live{.record = at, .update = std::move(*note.update)});
        if (m_options.reportEach)
            notes[note.index] = &note;
    }
    for (std::size_t i = 0; i < done; ++i) {
        const RecordView &record = lane.slices.front().records[i];
        partition.tracker.finished(record.offset);
        if (m_suspecting && isSuspect(record)) {
            m_marks->acquit({partition.id, record.offset, 0});
            convictSuspects();
        }
        if (m_options.reportEach && (notes[i] == nullptr || !notes[i]->duplicate))
            tell(told::Processed{.record = {partition.id, Offset(record.offset)},
                                 .eventId = notes[i] == nullptr ? "" : notes[i]->eventId});
    }
    if (done > 0) {
        lane.forgetFailure();
        const bool wasOpen = m_breaker.isOpen();
        m_breaker.succeeded(done);
        if (wasOpen)
            m_problem.reset();
        partition.bufferedBytes -= std::min(partition.bufferedBytes, lane.pop(done));
        partition.processed += done - duplicates;
        partition.skipped += duplicates;
        m_counters.processed += done - duplicates;
        m_counters.skipped += duplicates;
        settle(partition, done, now);
    }
    if (result.failure)
        onFailure(partition, lane, std::move(*result.failure), result.failedEventId, now);
    else if (done == 0 && !lane.stopAsked)
        onFailure(partition, lane,
                  Failure{.kind = Failure::Kind::Transient,
                          .stage = Stage::Process,
                          .errorClass = "HandlerDidNothing",
                          .message = "the handler neither processed the record nor said why"},
                  {}, now);
    return true;
}

void ConsumerSession::Engine::finish(Partition &partition, Lane &lane, const RecordView &record,
                                     Fate fate, MonoTime now)
{
    partition.tracker.finished(record.offset);
    if (m_suspecting && isSuspect(record))
        m_marks->acquit({partition.id, record.offset, 0});
    lane.forgetFailure();
    partition.bufferedBytes -= std::min(partition.bufferedBytes, lane.pop(1));
    switch (fate) {
    case Fate::Processed:
        ++partition.processed;
        ++m_counters.processed;
        break;
    case Fate::DeadLettered:
        ++partition.deadLettered;
        ++m_counters.deadLettered;
        break;
    case Fate::Skipped:
        ++partition.skipped;
        ++m_counters.skipped;
        break;
    }
    settle(partition, 1, now);
    if (m_suspecting)
        convictSuspects();
}

/// The finished prefix of a partition may have grown: tell the book, and the marks.
void ConsumerSession::Engine::settle(Partition &partition, std::size_t records, MonoTime now)
{
    m_finished += records;
    if (m_marks && records > 0)
        m_marks->finished(records);
    const auto prefix = partition.tracker.prefix();
    if (!prefix)
        return;
    const Position position{partition.id, Offset(prefix->next), prefix->leaderEpoch};
    m_book.finished(position, records, now);
    if (m_options.commit.kind == CommitStrategy::Kind::Auto)
        store(position);
}

} // namespace redrive::consumer
