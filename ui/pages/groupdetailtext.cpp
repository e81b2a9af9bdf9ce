#include "ui/pages/groupdetailtext.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("GroupDetail", text);
}

QString plural(std::size_t count, const char *one, const char *many)
{
    return u"%1 %2"_s.arg(number(static_cast<std::int64_t>(count)),
                          count == 1 ? tr(one) : tr(many));
}

bool wasDescribed(const GroupDetail *detail)
{
    return detail && !detail->description.error && detail->description.readAt != WallTime{};
}

} // namespace

QString headline(const GroupSummary *summary, const GroupDetail *detail)
{
    const GroupListing *listing = detail ? &detail->listing : summary ? &summary->listing : nullptr;
    if (!listing)
        return tr("Not in the list of groups");
    const bool described = wasDescribed(detail);
    const auto state = described ? detail->description.state : listing->state;
    const auto type =
        described && detail->description.type ? detail->description.type : listing->type;
    QStringList facts{!state && listing->error ? tr("? cannot be described") : stateText(state)};
    if (type) {
        const auto word = name(*type);
        facts << QString::fromLatin1(word.data(), static_cast<qsizetype>(word.size()));
    }
    const auto protocol = described ? detail->description.protocol
                          : summary ? summary->protocol
                                    : std::nullopt;
    if (protocol && !protocol->empty())
        facts << foreign(*protocol);
    if (listing->protocolType && !listing->protocolType->empty() &&
        *listing->protocolType != "consumer")
        facts << tr("protocol type %1").arg(foreign(*listing->protocolType));
    if (described) {
        facts << plural(detail->description.members.size(), "member", "members");
        if (const auto &coordinator = detail->description.coordinator)
            facts << tr("coordinator %1 at %2:%3")
                         .arg(QString::number(coordinator->id), foreign(coordinator->host),
                              QString::number(coordinator->port));
    } else if (summary && summary->members) {
        facts << plural(*summary->members, "member", "members");
    }
    return facts.join(u" · "_s);
}

QString lagCaption(const GroupSummary *summary, const GroupDetail *detail)
{
    const std::size_t unknown = detail ? detail->unknownLags : summary ? summary->unknownLags : 0;
    const std::size_t all = detail ? detail->partitions.size() : summary ? summary->partitions : 0;
    if (unknown == 0)
        return all == 0 ? tr("total lag")
                        : tr("total lag of %1").arg(plural(all, "partition", "partitions"));
    return tr("total lag, without %1 of %2 partitions").arg(unknown).arg(all);
}

QString readingTimes(const GroupDetail *detail, TimeZone zone)
{
    if (!detail)
        return tr("Reading…");
    const auto when = [&](WallTime time) {
        return time == WallTime{} ? unknownText() : preciseClock(time, zone);
    };
    return tr("Commits read %1, ends %2")
        .arg(when(detail->commitsReadAt), when(detail->endsReadAt));
}

QStringList remarks(const GroupSummary *summary, const GroupDetail *detail)
{
    QStringList lines;
    const auto add = [&](const QString &line) {
        if (!line.isEmpty() && !lines.contains(line))
            lines << line;
    };
    if (!detail) {
        if (summary && summary->listing.error)
            add(errorText(*summary->listing.error));
        if (summary && summary->error)
            add(errorText(*summary->error));
        return lines;
    }
    if (detail->listing.error)
        add(errorText(*detail->listing.error));
    if (detail->description.error)
        add(errorText(*detail->description.error));
    for (const Error &error : detail->errors)
        add(errorText(error));
    const auto failed = std::ranges::count_if(
        detail->partitions, [](const PartitionLag &lag) { return lag.error.has_value(); });
    if (failed > 0)
        add(tr("%1 could not be read in full; the Error column says why.")
                .arg(plural(static_cast<std::size_t>(failed), "partition", "partitions")));
    for (const std::string &note : detail->notes)
        add(foreign(note));
    return lines;
}

} // namespace redrive::ui
