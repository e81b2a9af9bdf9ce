#include "ui/models/sessionwords.h"

#include "core/base/overloaded.h"
#include "ui/models/cells.h"

#include <QCoreApplication>
#include <QLocale>

#include <cmath>
#include <variant>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace told = consumer::told;
using consumer::LaneState;
using consumer::SessionState;
using theme::Token;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Sessions", text);
}

bool isHeldBack(const SessionEntry &entry)
{
    return entry.snapshot && entry.snapshot->breaker.open &&
           entry.snapshot->state == SessionState::Running;
}

/// Before the first snapshot, and while the last one does not know yet that it is over.
std::optional<SessionState> stateOf(const SessionEntry &entry)
{
    return entry.snapshot ? std::optional(entry.snapshot->state) : std::nullopt;
}

QString words(const std::string &text)
{
    return foreign(text);
}

QString numberOf(std::uint64_t count)
{
    return number(std::optional(static_cast<std::int64_t>(count)));
}

EventWords steered(const told::Steered &event)
{
    EventWords result;
    result.partition = event.partition;
    result.offset = event.to;
    const QString action = words(event.action);
    result.kind = action;
    if (event.error) {
        result.text = tr("%1 refused: %2").arg(action, words(event.error->message));
        result.token = Token::Warning;
        result.isProblem = true;
    } else if (event.from && event.to) {
        result.text =
            tr("%1 by hand from %2 to %3").arg(action, number(event.from), number(event.to));
    } else {
        result.text = tr("%1 by hand").arg(action);
    }
    return result;
}

EventWords stopped(const told::Stopped &event)
{
    EventWords result;
    result.kind = tr("stopped");
    result.text = tr("%1: %2 processed, %3 dead-lettered, %4 skipped")
                      .arg(words(event.reason), numberOf(event.processed),
                           numberOf(event.deadLettered), numberOf(event.skipped));
    result.isProblem = event.exit != 0 && event.reason != "killed";
    result.token = result.isProblem ? Token::Bad : Token::Text;
    return result;
}

EventWords problem(const told::Problem &event)
{
    EventWords result;
    result.kind = event.fatal ? tr("fatal") : tr("problem");
    result.partition = event.partition;
    result.offset = event.offset;
    result.text = errorText(event.error);
    result.token = event.fatal ? Token::Bad : Token::Warning;
    result.isProblem = true;
    return result;
}

EventWords skipped(const told::Skipped &event)
{
    EventWords result;
    result.kind = tr("skipped");
    result.partition = event.record.partition;
    result.offset = event.record.offset;
    result.text = words(event.reason);
    if (event.failure)
        result.text += u": "_s + failureText(*event.failure);
    if (!event.eventId.empty())
        result.text += tr(" (event %1)").arg(words(event.eventId));
    result.isProblem = event.failure.has_value();
    result.token = result.isProblem ? Token::Warning : Token::Text;
    return result;
}

} // namespace

QString sessionStateText(const SessionEntry &entry)
{
    if (entry.failure)
        return tr("✕ not started");
    const auto state = stateOf(entry);
    if (!state)
        return entry.ended ? tr("■ killed") : tr("◌ opening");
    if (entry.stopAskedAt && (state == SessionState::Joining || state == SessionState::Running))
        return tr("◑ draining");
    if (isHeldBack(entry))
        return tr("▲ held back");
    switch (*state) {
    case SessionState::Joining: return tr("◐ joining");
    case SessionState::Running: return tr("● running");
    case SessionState::Draining: return tr("◑ draining");
    case SessionState::Stopped: return tr("○ stopped");
    case SessionState::Failed: return tr("✕ failed");
    case SessionState::Killed: return tr("■ killed");
    }
    return tr("? unknown");
}

QString sessionStateHelp(const SessionEntry &entry)
{
    if (entry.failure)
        return errorText(*entry.failure);
    const auto state = stateOf(entry);
    if (!state)
        return tr("Its handler, its database and its connection are being opened.");
    if (isHeldBack(entry))
        return tr("Records fail through no fault of their own: nothing is dead-lettered, and one "
                  "partition after another is tried again. %1")
            .arg(words(entry.snapshot->breaker.reason));
    switch (*state) {
    case SessionState::Joining: return tr("It waits for the group to give it partitions.");
    case SessionState::Running: return tr("It reads, processes and commits.");
    case SessionState::Draining:
        return tr("It takes nothing more, finishes what it has, commits and leaves the group.");
    case SessionState::Stopped: return tr("It finished what it had, committed and left.");
    case SessionState::Failed: return tr("It ended by an error; the log says which.");
    case SessionState::Killed:
        return tr("It ended as a crash would: without finishing, committing or leaving.");
    }
    return {};
}

Token sessionStateToken(const SessionEntry &entry)
{
    if (entry.failure)
        return Token::Bad;
    const auto state = stateOf(entry);
    if (!state || entry.stopAskedAt)
        return Token::Neutral;
    if (isHeldBack(entry))
        return Token::Warning;
    switch (*state) {
    case SessionState::Running: return Token::Good;
    case SessionState::Failed: return Token::Bad;
    case SessionState::Killed: return Token::Warning;
    default: return Token::Neutral;
    }
}

QString laneStateText(LaneState state)
{
    switch (state) {
    case LaneState::Starting: return tr("◌ starting");
    case LaneState::Running: return tr("● running");
    case LaneState::Retrying: return tr("↻ retrying");
    case LaneState::DeadLettering: return tr("▼ dead-lettering");
    case LaneState::Paused: return tr("‖ paused");
    case LaneState::HeldBack: return tr("▲ held back");
    }
    return tr("? unknown");
}

QString laneStateHelp(LaneState state)
{
    switch (state) {
    case LaneState::Starting: return tr("Assigned; where it begins is being looked up.");
    case LaneState::Running: return tr("It is read, or there is nothing to read.");
    case LaneState::Retrying: return tr("A record waits for its next try.");
    case LaneState::DeadLettering:
        return tr("A record is on its way to the dead-letter topic; the partition waits until it "
                  "is acknowledged there.");
    case LaneState::Paused: return tr("Paused by hand, until it is resumed or the partition goes.");
    case LaneState::HeldBack: return tr("Held back by the breaker.");
    }
    return {};
}

Token laneStateToken(LaneState state)
{
    switch (state) {
    case LaneState::Running: return Token::Good;
    case LaneState::Retrying:
    case LaneState::DeadLettering:
    case LaneState::HeldBack: return Token::Warning;
    default: return Token::Neutral;
    }
}

QString partitionText(const TopicPartition &partition)
{
    return foreign(partition.topic) + u'/' + QString::number(partition.partition);
}

QString protocolText(GroupProtocol protocol)
{
    switch (protocol) {
    case GroupProtocol::Range: return tr("classic, range (eager)");
    case GroupProtocol::RoundRobin: return tr("classic, round-robin (eager)");
    case GroupProtocol::CooperativeSticky: return tr("classic, cooperative-sticky");
    case GroupProtocol::Consumer: return tr("consumer (KIP-848)");
    }
    return {};
}

QString commitText(const consumer::CommitStrategy &strategy)
{
    using Kind = consumer::CommitStrategy::Kind;
    switch (strategy.kind) {
    case Kind::Auto: return tr("auto commit");
    case Kind::Sync: return tr("commit each record, waiting");
    case Kind::Async: return tr("commit each record");
    case Kind::Batch: return tr("commit every %1 records").arg(numberOf(strategy.count));
    case Kind::Every: return tr("commit every %1").arg(words(humanDuration(strategy.interval)));
    }
    return {};
}

QString rateText(const std::optional<double> &perSecond)
{
    if (!perSecond)
        return unknownText();
    if (*perSecond > 0 && *perSecond < 10)
        return QLocale::c().toString(*perSecond, 'f', 1) + u"/s"_s;
    return number(std::optional<std::int64_t>(std::llround(*perSecond))) + u"/s"_s;
}

QString millisText(const std::optional<double> &millis)
{
    if (!millis)
        return unknownText();
    if (*millis <= 0)
        return u"0 ms"_s;
    if (*millis < 0.01)
        return u"<0.01 ms"_s;
    if (*millis < 1)
        return QLocale::c().toString(*millis, 'f', 2) + u" ms"_s;
    if (*millis < 100)
        return QLocale::c().toString(*millis, 'f', 1) + u" ms"_s;
    return number(std::optional<std::int64_t>(std::llround(*millis))) + u" ms"_s;
}

QString spanText(MonoTime::duration span)
{
    const double seconds = std::max(0.0, std::chrono::duration<double>(span).count());
    if (seconds < 60)
        return QLocale::c().toString(seconds, 'f', 1) + u" s"_s;
    return words(humanDuration(Millis(std::llround(seconds) * 1000)));
}

QString failureText(const consumer::Failure &failure)
{
    const auto stage = consumer::name(failure.stage);
    QString text = words(std::string(stage)) + u": "_s + words(failure.message);
    if (!failure.errorClass.empty())
        text += u" ("_s + words(failure.errorClass) + u')';
    return text;
}

EventWords wordsOf(const consumer::SessionEvent &event)
{
    EventWords result;
    const auto at = [&result](const consumer::RecordAt &record) {
        result.partition = record.partition;
        result.offset = record.offset;
    };
    std::visit(Overloaded{
                   [&](const told::Assigned &e) {
                       result.kind = tr("assigned");
                       result.text =
                           assignmentText(e.partitions) + u" ("_s + words(e.protocol) + u')';
                   },
                   [&](const told::Revoked &e) {
                       result.kind = e.lost ? tr("lost") : tr("revoked");
                       result.text = assignmentText(e.partitions);
                       if (e.lost) {
                           result.text += tr(": somebody else has them; dropped without a commit");
                           result.token = Token::Warning;
                           result.isProblem = true;
                       }
                   },
                   [&](const told::Processed &e) {
                       result.kind = tr("processed");
                       at(e.record);
                       result.text = words(e.eventId);
                   },
                   [&](const told::Retry &e) {
                       result.kind = tr("retry");
                       at(e.record);
                       result.text =
                           tr("attempt %1 failed, again in %2: %3")
                               .arg(e.attempt)
                               .arg(words(humanDuration(e.delay)), failureText(e.failure));
                       result.token = Token::Warning;
                       result.isProblem = true;
                   },
                   [&](const told::DeadLettered &e) {
                       result.kind = tr("dead-lettered");
                       at(e.record);
                       result.text = (e.attempts == 1 ? tr("to %1/%2 at %3 after %4 attempt: %5")
                                                      : tr("to %1/%2 at %3 after %4 attempts: %5"))
                                         .arg(words(e.topic))
                                         .arg(e.partition)
                                         .arg(number(std::optional(e.offset)))
                                         .arg(e.attempts)
                                         .arg(failureText(e.failure));
                       result.token = Token::Warning;
                       result.isProblem = true;
                   },
                   [&](const told::Skipped &e) { result = skipped(e); },
                   [&](const told::Committed &e) {
                       result.kind = tr("commit");
                       result.text = e.error ? errorText(*e.error) : tr("acknowledged");
                       result.isProblem = e.error.has_value();
                       result.token = e.error ? Token::Warning : Token::Text;
                   },
                   [&](const told::Problem &e) { result = problem(e); },
                   [&](const told::Steered &e) { result = steered(e); },
                   [&](const told::Live &e) {
                       result.kind = tr("live");
                       at(e.record);
                       result.text = words(e.update.eventType);
                   },
                   [&](const told::Stopped &e) { result = stopped(e); },
               },
               event.what);
    return result;
}

} // namespace redrive::ui
