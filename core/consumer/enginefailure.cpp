#include "core/base/text.h"
#include "core/consumer/deadletter.h"
#include "core/consumer/engine.h"
#include "core/consumer/retry.h"

#include <algorithm>
#include <utility>

namespace redrive::consumer {

namespace {

constexpr std::size_t mostLetters = 32;

std::string placeOf(const Partition &partition, const RecordView &record)
{
    return visible(partition.id.topic) + "/" + std::to_string(partition.id.partition) + " offset " +
           std::to_string(record.offset);
}

} // namespace

double ConsumerSession::Engine::random()
{
    return std::uniform_real_distribution<double>(0, 1)(m_random);
}

void ConsumerSession::Engine::onFailure(Partition &partition, Lane &lane, Failure failure,
                                        const std::string &eventId, MonoTime now)
{
    const RecordView &record = *lane.front();
    const bool wasOpen = m_breaker.isOpen();
    const auto tellOpen = [&] {
        if (wasOpen)
            return;
        problem(Error{.kind = Error::Kind::Broker,
                      .code = "BREAKER_OPEN",
                      .message = m_breaker.snapshot().reason +
                                 "; held back and tried again with back-off, nothing is "
                                 "dead-lettered",
                      .attempted = "processing " + placeOf(partition, record),
                      .retriable = true},
                &partition.id, Offset(record.offset));
    };
    lane.failure = failure;
    lane.eventId = eventId;
    lane.lastFailedAt = wallNow();
    if (failure.kind == Failure::Kind::Environment) {
        m_breaker.environmentFailed(failure.message, now);
        tellOpen();
        return;
    }
    if (++lane.attempts == 1)
        lane.firstFailedAt = lane.lastFailedAt;
    if (failure.kind == Failure::Kind::Permanent) {
        if (wasOpen)
            m_breaker.probeFailed(m_breaker.snapshot().reason, now);
        giveUp(partition, lane, now);
        return;
    }
    if (wasOpen) {
        // A probe: how it ended says something about the breaker, not about the record.
        m_breaker.probeFailed(failure.message, now);
        lane.attempts = std::min(lane.attempts, m_options.retry.retries + 1);
        return;
    }
    if (lane.attempts <= m_options.retry.retries) {
        const Millis delay = retryDelay(m_options.retry, lane.attempts, random());
        lane.notBefore = now + delay;
        ++m_counters.retried;
        tell(told::Retry{.record = {partition.id, Offset(record.offset)},
                         .attempt = lane.attempts,
                         .delay = delay,
                         .failure = std::move(failure)});
        return;
    }
    if (m_breaker.failed(failure.message, now)) {
        tellOpen();
        return;
    }
    giveUp(partition, lane, now);
}

/// No further attempt: what `--on-poison` says.
void ConsumerSession::Engine::giveUp(Partition &partition, Lane &lane, MonoTime now)
{
    const RecordView &record = *lane.front();
    const RecordAt at{partition.id, Offset(record.offset)};
    if (m_options.onPoison == OnPoison::Skip) {
        tell(told::Skipped{
            .record = at, .reason = "poison", .eventId = lane.eventId, .failure = lane.failure});
        finish(partition, lane, record, Fate::Skipped, now);
        return;
    }
    const auto topic = m_options.onPoison == OnPoison::Stop
                           ? std::nullopt
                           : deadLetterTopic(m_options, partition.id.topic);
    if (!topic) {
        fail(Error{.kind = Error::Kind::Broker,
                   .code = "POISON_RECORD",
                   .message = placeOf(partition, record) + " cannot be processed (" +
                              std::string(name(lane.failure->stage)) +
                              "): " + lane.failure->message +
                              "; it is neither dead-lettered nor skipped, and not committed",
                   .attempted = "processing " + placeOf(partition, record),
                   .retriable = false});
        return;
    }
    lane.condemned = true;
    lane.notBefore.reset();
    sendDeadLetter(lane, now);
}

/// The source offset moves when the dead letter is acknowledged, not before.
void ConsumerSession::Engine::sendDeadLetter(Lane &lane, MonoTime now)
{
    if (m_lettersOnTheirWay >= mostLetters)
        return; // the writer would make us wait; asked again when one of them is answered
    Partition &partition = *lane.partition;
    const RecordView &record = *lane.front();
    const std::string topic = *deadLetterTopic(m_options, partition.id.topic);
    if (!m_writer) {
        auto writer = m_parts.writer();
        if (!writer) {
            lane.dlqProblem = describe(writer.error());
            lane.notBefore = now + retryDelay(m_options.retry, ++lane.dlqFailures, random());
            problem(writer.error(), &partition.id, Offset(record.offset));
            return;
        }
        m_writer = std::move(*writer);
    }
    OutgoingRecord letter = deadLetter(record, topic,
                                       DeathCertificate{.group = m_options.group,
                                                        .failure = *lane.failure,
                                                        .attempts = lane.attempts,
                                                        .firstFailedAt = lane.firstFailedAt,
                                                        .lastFailedAt = lane.lastFailedAt,
                                                        .eventId = lane.eventId});
    for (int step = 1; step <= lane.dlqShrunk; ++step)
        shrink(letter, step);
    lane.sending = true;
    ++m_lettersOnTheirWay;
    const WallTime begun = wallNow();
    auto traced = m_parts.traceSend ? std::make_shared<const OutgoingRecord>(letter) : nullptr;
    m_writer->send(std::move(letter), [this, lane = lane.shared_from_this(), topic, begun,
                                       traced](Result<kafka::Delivered> result) {
        if (traced)
            m_parts.traceSend(*traced, begun, result);
        {
            const std::scoped_lock lock(m_mutex);
            m_deliveries.push_back(Delivery{lane, topic, std::move(result)});
        }
        m_waker.wake();
    });
}

void ConsumerSession::Engine::onDelivery(Delivery delivery, MonoTime now)
{
    Lane &lane = *delivery.lane;
    lane.sending = false;
    --m_lettersOnTheirWay;
    if (lane.partition == nullptr || lane.front() == nullptr)
        return; // it will come again, and its dead letter with it
    Partition &partition = *lane.partition;
    const RecordView &record = *lane.front();
    if (delivery.result) {
        if (lane.dlqProblem)
            m_problem.reset();
        tell(told::DeadLettered{.record = {partition.id, Offset(record.offset)},
                                .topic = std::move(delivery.topic),
                                .partition = delivery.result->partition,
                                .offset = delivery.result->offset,
                                .attempts = lane.attempts,
                                .failure = *lane.failure});
        finish(partition, lane, record, Fate::DeadLettered, now);
        return;
    }
    Error error = delivery.result.error();
    if (error.code == "MESSAGE_TOO_LARGE" && lane.dlqShrunk < 2) {
        ++lane.dlqShrunk;
        return;
    }
    // A failure like any other: the record waits, its partition with it, and that is said.
    lane.notBefore = now + retryDelay(m_options.retry, ++lane.dlqFailures, random());
    const std::string why = describe(error);
    if (lane.dlqProblem != why) {
        lane.dlqProblem = why;
        error.message += "; dead letters of " + visible(partition.id.topic) + "/" +
                         std::to_string(partition.id.partition) + " wait for topic " +
                         visible(delivery.topic) + ", and the partition with them";
        problem(std::move(error), &partition.id, Offset(record.offset));
    }
}

/// A record that was with the handler each time the process died is not given to it again.
bool ConsumerSession::Engine::condemnSuspect(Partition &partition, Lane &lane, MonoTime now)
{
    const RecordView &record = *lane.front();
    const auto &suspects = m_marks->suspects();
    const auto suspect = std::find_if(suspects.begin(), suspects.end(), [&](const Suspect &each) {
        return each.partition == partition.id && each.offset == record.offset;
    });
    if (suspect == suspects.end() ||
        suspect->starts < std::max<std::size_t>(1, m_options.retry.retries))
        return false;
    lane.attempts = suspect->starts;
    lane.firstFailedAt = lane.lastFailedAt = wallNow();
    lane.failure = Failure{.kind = Failure::Kind::Transient,
                           .stage = Stage::Process,
                           .errorClass = "ProcessDied",
                           .message = "the process died " + std::to_string(suspect->starts) +
                                      " times in a row while it handled this record"};
    giveUp(partition, lane, now);
    return true;
}

/// Looks at what an earlier process died of, as far as it is ours now and may run.
void ConsumerSession::Engine::convictSuspects()
{
    m_suspecting = false;
    if (!m_marks)
        return;
    const auto suspects = m_marks->suspects();
    for (const Suspect &suspect : suspects) {
        const Partition *partition = find(suspect.partition);
        if (partition == nullptr || partition->starting)
            continue;
        const auto position = partition->position();
        if (position && position->value() > suspect.offset)
            m_marks->acquit(suspect); // finished, or gone from the log
        else
            m_suspecting = m_suspecting || suspectWaits(*partition);
    }
}

/// Whether a suspect of this partition is on its way to the handler. One whose partition stands
/// still for another reason holds nobody up meanwhile.
bool ConsumerSession::Engine::suspectWaits(const Partition &partition) const
{
    const auto &suspects = m_marks->suspects();
    const bool hasOne = std::any_of(suspects.begin(), suspects.end(), [&](const Suspect &suspect) {
        return suspect.partition == partition.id;
    });
    const bool stands = partition.revoking || partition.seekTo || partition.standsStill();
    const bool mayStillCome =
        partition.buffered() > 0 || !partition.read ||
        std::any_of(suspects.begin(), suspects.end(), [&](const Suspect &suspect) {
            return suspect.partition == partition.id && suspect.offset >= partition.read->value();
        });
    return hasOne && !stands && mayStillCome;
}

/// A suspect runs alone, and nothing that is before it comes again at the next start, if there has
/// to be one.
bool ConsumerSession::Engine::mayRunBesideSuspects(Lane &lane, MonoTime now)
{
    if (m_dispatched > 0)
        return false;
    if (!isSuspect(*lane.front()))
        return true;
    if (m_book.isAnythingPending()) {
        commitAll(now);
        return false;
    }
    return !condemnSuspect(*lane.partition, lane, now);
}

} // namespace redrive::consumer
