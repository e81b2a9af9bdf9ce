#include "ui/shell/connectiontext.h"

#include <QCoreApplication>
#include <QStringList>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Frame", text);
}

QString seconds(Millis time)
{
    return QString::number(static_cast<double>(time.count()) / 1000.0, 'f',
                           time < Millis(10'000) ? 2 : 0);
}

QString every(Millis interval)
{
    if (interval.count() % 1000 == 0)
        return tr("%1 s").arg(interval.count() / 1000);
    return tr("%1 s").arg(static_cast<double>(interval.count()) / 1000.0, 0, 'f', 1);
}

} // namespace

StateWord connectionWord(const workspace::ClusterSnapshot &snapshot, TimeZone zone, WallTime now)
{
    switch (snapshot.connection) {
    case workspace::Connection::Live: return {tr("● connected"), theme::Token::Good};
    case workspace::Connection::Stale:
        return {tr("✕ not connected since %1").arg(clock(snapshot.since, zone, now)),
                theme::Token::Bad};
    case workspace::Connection::Connecting: break;
    }
    if (snapshot.connectionError)
        return {tr("✕ not connected"), theme::Token::Bad};
    return {tr("◐ connecting"), theme::Token::Warning};
}

StateWord liveLine(const workspace::ClusterSnapshot &snapshot, TimeZone zone, WallTime now)
{
    QStringList parts;
    theme::Token token = theme::Token::Good;
    if (snapshot.connection == workspace::Connection::Connecting) {
        token = snapshot.connectionError ? theme::Token::Bad : theme::Token::Warning;
        parts << (snapshot.connectionError ? tr("✕ not connected, trying again")
                                           : tr("◐ connecting"));
    } else if (snapshot.connection == workspace::Connection::Stale) {
        token = theme::Token::Bad;
        parts << tr("✕ stale since %1, trying again").arg(clock(snapshot.since, zone, now));
    } else if (snapshot.paused) {
        token = theme::Token::Neutral;
        parts << tr("‖ paused");
        if (snapshot.refreshedAt)
            parts << tr("values of %1").arg(clock(*snapshot.refreshedAt, zone, now));
        return {parts.join(u" · "_s), token};
    } else if (snapshot.slowed) {
        token = theme::Token::Warning;
        parts << tr("◐ live, slowed to every %1").arg(every(snapshot.interval));
    } else {
        parts << tr("● live, every %1").arg(every(snapshot.interval));
    }
    if (snapshot.connection == workspace::Connection::Live) {
        if (snapshot.refreshedAt)
            parts << clock(*snapshot.refreshedAt, zone, now);
        if (snapshot.refreshDuration)
            parts << tr("%1 s").arg(seconds(*snapshot.refreshDuration));
    }
    return {parts.join(u" · "_s), token};
}

QString accessWord(const kafka::AccessPolicy &policy)
{
    switch (policy.mode) {
    case kafka::AccessMode::ReadOnly: return tr("read-only");
    case kafka::AccessMode::Confirm: return tr("confirm");
    case kafka::AccessMode::Free: break;
    }
    return {};
}

} // namespace redrive::ui
