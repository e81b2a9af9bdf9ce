#include "ui/format/format.h"

#include "core/base/text.h"

#include <QDateTime>
#include <QLocale>
#include <QTimeZone>

namespace redrive::ui {

namespace {

QDateTime inZone(WallTime time, TimeZone zone)
{
    const qint64 millis = time.time_since_epoch().count();
    return zone == TimeZone::Utc ? QDateTime::fromMSecsSinceEpoch(millis, Qt::UTC)
                                 : QDateTime::fromMSecsSinceEpoch(millis, Qt::LocalTime);
}

QString zoneName(const QDateTime &time)
{
    if (time.timeSpec() == Qt::UTC)
        return QStringLiteral("UTC");
    const QString name = time.timeZoneAbbreviation();
    return name.isEmpty() ? time.toOffsetFromUtc(time.offsetFromUtc()).timeZoneAbbreviation()
                          : name;
}

QString words(const std::string &text)
{
    return QString::fromStdString(text);
}

} // namespace

QString unknownText()
{
    return QStringLiteral("–");
}

QString foreign(std::string_view bytes)
{
    return words(visible(bytes));
}

QString toolTip(const QString &plain)
{
    if (plain.isEmpty())
        return {};
    QString html = plain.toHtmlEscaped();
    html.replace(QLatin1Char('\n'), QStringLiteral("<br>"));
    return QStringLiteral("<qt>") + html + QStringLiteral("</qt>");
}

QString number(const std::optional<std::int64_t> &value)
{
    return value ? words(grouped(*value)) : unknownText();
}

QString number(const std::optional<Offset> &value)
{
    return value ? words(grouped(value->value())) : unknownText();
}

QString clock(WallTime time, TimeZone zone, WallTime now)
{
    const QDateTime at = inZone(time, zone);
    const bool sameDay = at.date() == inZone(now, zone).date();
    const QString pattern = sameDay ? QStringLiteral("HH:mm:ss") : QStringLiteral("d MMM HH:mm:ss");
    return QLocale::c().toString(at, pattern) + QLatin1Char(' ') + zoneName(at);
}

QString preciseClock(WallTime time, TimeZone zone)
{
    const QDateTime at = inZone(time, zone);
    return QLocale::c().toString(at, QStringLiteral("HH:mm:ss.zzz")) + QLatin1Char(' ') +
           zoneName(at);
}

QString absolute(WallTime time, TimeZone zone)
{
    const QDateTime at = inZone(time, zone);
    return QLocale::c().toString(at, QStringLiteral("yyyy-MM-dd HH:mm:ss.zzz")) + QLatin1Char(' ') +
           zoneName(at);
}

QString ago(WallTime time, WallTime now)
{
    const Millis age = now - time;
    if (age < Millis(1000))
        return QStringLiteral("just now");
    return words(humanDuration(std::chrono::floor<std::chrono::seconds>(age))) +
           QStringLiteral(" ago");
}

QString stateText(const std::optional<GroupState> &state)
{
    if (!state)
        return QStringLiteral("? Unknown");
    const auto shape = [&] {
        switch (*state) {
        case GroupState::Stable: return u'●';
        case GroupState::PreparingRebalance:
        case GroupState::CompletingRebalance: return u'◐';
        case GroupState::Empty: return u'○';
        case GroupState::Dead: return u'✕';
        }
        return u'?';
    };
    const std::string_view word = name(*state);
    return QChar(shape()) + QLatin1Char(' ') +
           QString::fromUtf8(word.data(), static_cast<qsizetype>(word.size()));
}

QString conditionText(const std::optional<Condition> &condition)
{
    if (!condition)
        return QStringLiteral("? unknown");
    switch (*condition) {
    case Condition::TopicDeleted: return QStringLiteral("✕ topic deleted");
    case Condition::BeyondEnd: return QStringLiteral("▲ beyond end");
    case Condition::RecordsLost: return QStringLiteral("▼ records lost");
    case Condition::Unsubscribed: return QStringLiteral("◇ unsubscribed");
    case Condition::NoCommit: return QStringLiteral("□ no commit");
    case Condition::OpenTransaction: return QStringLiteral("◐ open transaction");
    case Condition::MarkersOnly: return QStringLiteral("◌ markers only");
    case Condition::Idle: return QStringLiteral("○ idle");
    case Condition::Ok: return QStringLiteral("● ok");
    }
    return QStringLiteral("? unknown");
}

QString conditionHelp(const std::optional<Condition> &condition)
{
    if (!condition)
        return QStringLiteral("What this partition is like cannot be told from what was read.");
    switch (*condition) {
    case Condition::TopicDeleted:
        return QStringLiteral("The topic is gone; an assignment or a commit of it remains.");
    case Condition::BeyondEnd:
        return QStringLiteral("The committed offset lies past the log end: the log was lost or "
                              "recreated, or the commit was made by hand.");
    case Condition::RecordsLost:
        return QStringLiteral("The committed offset lies below the log start: records were deleted "
                              "before this group read them.");
    case Condition::Unsubscribed:
        return QStringLiteral("The group is Stable, yet none of its members is assigned any "
                              "partition of this topic.");
    case Condition::NoCommit:
        return QStringLiteral("The partition is assigned, and nothing was ever committed for it.");
    case Condition::OpenTransaction:
        return QStringLiteral("A transaction is open: read_committed consumers get no further than "
                              "the stable end.");
    case Condition::MarkersOnly:
        return QStringLiteral(
            "The group is behind, yet only transaction markers are left; there is "
            "no record to read.");
    case Condition::Idle:
        return QStringLiteral("The committed offset is the log end: there is nothing to do.");
    case Condition::Ok: return QStringLiteral("Committed within the log, with records to read.");
    }
    return {};
}

QString errorText(const Error &error)
{
    return foreign(describe(error));
}

} // namespace redrive::ui
