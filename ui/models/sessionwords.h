#pragma once

#include "ui/bridge/consumersessions.h"
#include "ui/format/format.h"
#include "ui/theme/tokens.h"

#include <QString>

#include <optional>

namespace redrive::ui {

/// The words of sessions. Pure; foreign text in them is visible text.

/// "● running", "◐ joining", "◑ draining", "○ stopped", "✕ failed", "■ killed": a shape and a word.
QString sessionStateText(const SessionEntry &entry);
/// A sentence on what that state means.
QString sessionStateHelp(const SessionEntry &entry);
theme::Token sessionStateToken(const SessionEntry &entry);
QString laneStateText(consumer::LaneState state);
QString laneStateHelp(consumer::LaneState state);
theme::Token laneStateToken(consumer::LaneState state);

QString partitionText(const TopicPartition &partition); ///< "orders/3"
QString protocolText(GroupProtocol protocol);
QString commitText(const consumer::CommitStrategy &strategy);

/// "1,234/s", "0.4/s"; the dash where unknown.
QString rateText(const std::optional<double> &perSecond);
/// "0.12 ms", "4.5 ms", "1,250 ms"
QString millisText(const std::optional<double> &millis);
/// "3.2 s", "4 min": an age or a countdown, which changes while one looks.
QString spanText(MonoTime::duration span);
QString failureText(const consumer::Failure &failure);

/// What the log says of an event.
struct EventWords
{
    QString kind; ///< "retry", "dead-lettered"
    std::optional<TopicPartition> partition;
    std::optional<Offset> offset;
    QString text;
    theme::Token token = theme::Token::Text;
    bool isProblem = false;
};
EventWords wordsOf(const consumer::SessionEvent &event);

} // namespace redrive::ui
