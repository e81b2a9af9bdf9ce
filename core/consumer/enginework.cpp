#include "core/consumer/engine.h"

#include <algorithm>
#include <utility>

namespace redrive::consumer {

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
    std::size_t number = 0; // of the lane, of all partitions
    if (m_marks && !m_marks->suspects().empty())
        convictSuspects();
    for (auto &[id, partition] : m_partitions) {
        for (auto &lane : partition->lanes) {
            const bool isTurn = number++ >= m_probeFrom;
            if (!mayRun(*partition, *lane, now))
                continue;
            if (lane->condemned) {
                sendDeadLetter(*lane, now);
                continue;
            }
            if (m_breaker.isOpen() && (!mayProbe || !isTurn))
                continue;
            if (m_suspecting && (!suspectWaits(*partition) || !mayRunBesideSuspects(*lane, now)))
                continue;
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
    if (mayProbe)
        m_probeFrom = 0; // nobody had their turn: begin anew
    return any;
}

void ConsumerSession::Engine::onCompletion(Completion completion, MonoTime now)
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
        return;
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
        return;
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
    if (lane.front() == nullptr)
        return;
    if (result.failure)
        onFailure(partition, lane, std::move(*result.failure), result.failedEventId, now);
    else if (done == 0 && !lane.stopAsked)
        onFailure(partition, lane,
                  Failure{.kind = Failure::Kind::Transient,
                          .stage = Stage::Process,
                          .errorClass = "HandlerDidNothing",
                          .message = "the handler neither processed the record nor said why"},
                  {}, now);
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
