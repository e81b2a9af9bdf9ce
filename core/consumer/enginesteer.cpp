#include "core/base/text.h"
#include "core/consumer/engine.h"

#include <algorithm>
#include <array>
#include <utility>

namespace redrive::consumer {

namespace {

constexpr Millis seekPatience{5000};
constexpr Millis seekPause{500};

const char *wordFor(int action)
{
    constexpr std::array<const char *, 5> words{"pause", "resume", "seek", "skip", "rewind"};
    return words[static_cast<std::size_t>(action)];
}

Error refusal(std::string code, std::string message, const TopicPartition &partition)
{
    return Error{.kind = Error::Kind::Refused,
                 .code = std::move(code),
                 .message = std::move(message),
                 .attempted = "steering " + visible(partition.topic) + "/" +
                              std::to_string(partition.partition),
                 .retriable = false};
}

} // namespace

void ConsumerSession::Engine::steer(const Steer &steer)
{
    Partition *partition = find(steer.partition);
    told::Steered steered{.partition = steer.partition,
                          .action = wordFor(static_cast<int>(steer.action))};
    if (partition == nullptr || m_state != SessionState::Running || partition->revoking ||
        partition->starting) {
        steered.error = refusal("NOT_ASSIGNED", "this partition is not ours now", steer.partition);
        tell(std::move(steered));
        return;
    }
    steered.from = partition->position();
    switch (steer.action) {
    case Steer::Action::Pause:
    case Steer::Action::Resume:
        partition->userPaused = steer.action == Steer::Action::Pause;
        tell(std::move(steered));
        return;
    case Steer::Action::Seek: moveTo(*partition, steer.value, "seek"); return;
    case Steer::Action::Rewind:
        if (!steered.from || steer.value <= 0) {
            steered.error = refusal("USAGE", "there is nothing to go back over", steer.partition);
            tell(std::move(steered));
            return;
        }
        moveTo(*partition, steered.from->value() - steer.value, "rewind");
        return;
    case Steer::Action::SkipOne: skipOne(*partition); return;
    }
}

/// Out of the log's bounds is refused, never clamped.
void ConsumerSession::Engine::moveTo(Partition &partition, std::int64_t offset, const char *action)
{
    told::Steered steered{.partition = partition.id,
                          .action = action,
                          .from = partition.position(),
                          .to = Offset(std::max<std::int64_t>(0, offset))};
    const auto end = m_consumer->knownEnd(partition.id);
    const std::int64_t start = partition.logStart ? partition.logStart->value() : 0;
    if ((partition.seekTo && !partition.rereading) || partition.seeking) {
        steered.error = refusal("BUSY", "it is being moved already", partition.id);
    } else if (!partition.read && !partition.tracker.last()) {
        // librdkafka may lose a seek while it still looks up where to begin.
        steered.error = refusal("BUSY", "its reader has not begun yet", partition.id);
    } else if (offset < start || (end && offset > end->value())) {
        steered.error =
            refusal("OFFSET_OUT_OF_RANGE",
                    "offset " + std::to_string(offset) + " is not between the log start " +
                        std::to_string(start) + " and the log end " +
                        (end ? std::to_string(end->value()) : std::string("(unknown)")),
                    partition.id);
    } else if (m_parts.journal) {
        if (auto kept = m_parts.journal(steered); !kept)
            steered.error = kept.error();
    }
    if (steered.error) {
        tell(std::move(steered));
        return;
    }
    partition.seekTo = Offset(offset);
    partition.rereading = false;
    partition.steered = std::move(steered);
    for (auto &lane : partition.lanes)
        lane->stopAsked = true;
}

/// Handlers are quiet there: what was taken is dropped, and the reader is moved.
void ConsumerSession::Engine::seekStep()
{
    for (auto &[id, partition] : m_partitions) {
        if (!partition->seekTo && partition->reread && wantsMore()) {
            partition->seekTo = partition->reread;
            partition->rereading = true;
        }
        if (!partition->seekTo || partition->seeking || partition->revoking ||
            monoNow() < partition->seekNotBefore)
            continue;
        if (partition->rereading) {
            partition->discarded = false;
            partition->read.reset();
            partition->seeking = true;
            m_consumer->seek({Position{id, *partition->seekTo, std::nullopt}}, seekPatience);
            continue;
        }
        if (partition->isBusy() || m_book.isOnItsWay(id))
            continue;
        m_book.forget(id);
        dropSlices(*partition);
        partition->tracker = OffsetTracker{};
        partition->start = partition->seekTo;
        partition->read.reset();
        partition->ended = false;
        partition->discarded = false;
        partition->seeking = true;
        m_consumer->seek({Position{id, *partition->seekTo, std::nullopt}}, seekPatience);
    }
}

void ConsumerSession::Engine::onSeekAnswer(const consumed::SeekAnswer &answer)
{
    for (const auto &part : answer.parts) {
        Partition *partition = find(part.partition);
        if (partition == nullptr || !partition->seeking || !partition->seekTo)
            continue;
        partition->seeking = false;
        if (part.error) {
            // The reader still stands where it was and what it had was dropped: there is no way
            // but to try again.
            partition->seekNotBefore = monoNow() + seekPause;
            problem(*part.error, &part.partition, partition->seekTo);
            continue;
        }
        // The group's offset follows at once, also backwards: were this process to die now, it
        // would else go on from where it was before.
        const Position target{part.partition, *partition->seekTo, std::nullopt};
        partition->seekTo.reset();
        partition->reread.reset();
        if (std::exchange(partition->rereading, false))
            continue;
        if (partition->steered.action.empty()) { // not by a person: the log went back
            m_book.assigned(part.partition, std::nullopt);
            continue;
        }
        if (m_options.commit.kind == CommitStrategy::Kind::Auto)
            store(target); // else the library's timer commits what was stored before
        m_book.moved(part.partition);
        m_book.finished(target, 0, monoNow());
        partition->unconfirmed = {partition->steered};
        tell(std::exchange(partition->steered, {}));
    }
}

/// The group's offset has followed what a person did. After a move, only a request of ours says so:
/// the library's timer may commit what was stored before it.
void ConsumerSession::Engine::confirmSteered(std::uint64_t request, const Position &committed)
{
    Partition *partition = find(committed.partition);
    if (partition == nullptr || !m_parts.journal)
        return;
    std::erase_if(partition->unconfirmed, [&](told::Steered &steered) {
        const bool isMove = steered.action != wordFor(static_cast<int>(Steer::Action::SkipOne));
        if (isMove ? request == 0 : committed.next < *steered.to)
            return false;
        steered.committed = committed.next;
        if (auto kept = m_parts.journal(steered); !kept)
            problem(kept.error(), &committed.partition);
        return true;
    });
}

/// The record that is next is counted as finished without being handled.
void ConsumerSession::Engine::skipOne(Partition &partition)
{
    told::Steered steered{
        .partition = partition.id, .action = "skip", .from = partition.position()};
    const auto lane =
        std::find_if(partition.lanes.begin(), partition.lanes.end(), [&](const auto &each) {
            return each->front() != nullptr && steered.from &&
                   each->front()->offset == steered.from->value();
        });
    if (lane == partition.lanes.end()) {
        steered.error = refusal("NOTHING_TO_SKIP", "no record waits here", partition.id);
    } else if ((*lane)->isBusy()) {
        steered.error = refusal("BUSY",
                                "the record is with the handler now; pause the partition first, "
                                "or skip it while it waits for its next try",
                                partition.id);
    } else {
        steered.to = Offset(steered.from->value() + 1);
        if (m_parts.journal) {
            if (auto kept = m_parts.journal(steered); !kept)
                steered.error = kept.error();
        }
    }
    const bool refused = steered.error.has_value();
    tell(steered);
    if (refused)
        return;
    partition.unconfirmed.push_back(steered);
    tell(told::Skipped{.record = {partition.id, *steered.from},
                       .reason = "skipped by hand",
                       .eventId = (*lane)->eventId,
                       .failure = (*lane)->failure});
    finish(partition, **lane, *(*lane)->front(), Fate::Skipped, monoNow());
}

} // namespace redrive::consumer
