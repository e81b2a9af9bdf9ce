#include "ui/widgets/clusterwords.h"

#include <QCoreApplication>
#include <QStringList>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("ClusterWords", text);
}

} // namespace

PageWords waitingWords(const QString &cluster, const workspace::ClusterSnapshot &snapshot,
                       const QString &whatIsListed)
{
    if (!snapshot.connectionError) {
        if (snapshot.connection == workspace::Connection::Connecting)
            return {tr("Connecting to %1…").arg(cluster), {}};
        return {tr("Listing %1…").arg(whatIsListed), {}};
    }
    QStringList lines{errorText(*snapshot.connectionError)};
    if (!snapshot.connectionAdvice.empty())
        lines << foreign(snapshot.connectionAdvice);
    return {tr("Not connected to %1").arg(cluster), lines.join(u"\n\n"_s)};
}

QString staleLine(const workspace::ClusterSnapshot &snapshot, TimeZone zone, WallTime now)
{
    if (snapshot.connection != workspace::Connection::Stale)
        return {};
    QString line = tr("⚠ Not connected. These are the last values, from %1 or before.")
                       .arg(clock(snapshot.since, zone, now));
    if (snapshot.connectionError)
        line += u' ' + errorText(*snapshot.connectionError);
    return line;
}

} // namespace redrive::ui
