#include "ui/pages/overviewmodel.h"

#include "ui/models/cells.h"
#include "ui/models/groupmodel.h"

#include <QCoreApplication>

#include <algorithm>
#include <limits>
#include <utility>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Overview", text);
}

QString count(std::size_t value)
{
    return number(static_cast<std::int64_t>(value));
}

// Without what was attempted: the finding says that in other words.
QString said(const Error &error)
{
    const QString message = foreign(error.message);
    return error.code.empty() ? message : message + u" ("_s + foreign(error.code) + u')';
}

void addConnection(const workspace::ClusterSnapshot &snapshot, TimeZone zone, WallTime now,
                   std::vector<Finding> &findings)
{
    if (snapshot.connection != workspace::Connection::Stale)
        return;
    findings.push_back(
        {.key = u"connection"_s,
         .urgency = 100,
         .text = tr("✕ Not connected since %1: what is shown is from then")
                     .arg(clock(snapshot.since, zone, now)),
         .said = snapshot.connectionError ? errorText(*snapshot.connectionError) : QString(),
         .token = theme::Token::Bad,
         .page = {},
         .within = {}});
}

void addGroups(const std::vector<GroupSummary> &groups, std::vector<Finding> &findings)
{
    for (const GroupSummary &group : groups) {
        const std::string &id = group.listing.id.value();
        Finding finding{.key = u"group/"_s + QString::fromStdString(id),
                        .urgency = 0,
                        .text = {},
                        .said = {},
                        .token = theme::Token::Warning,
                        .page = u"Groups"_s,
                        .within = QString::fromStdString(id)};
        if (group.error) {
            finding.urgency = 50;
            finding.text = tr("⚠ %1: its offsets cannot be read").arg(foreign(id));
            finding.said = said(*group.error);
        } else if (group.listing.error) {
            finding.urgency = 10;
            finding.token = theme::Token::Neutral;
            finding.text = tr("? %1: cannot be described").arg(foreign(id));
            finding.said = said(*group.listing.error);
        } else if (group.unknownLags > 0 && group.offsetsReadAt) {
            finding.urgency = 20;
            finding.token = theme::Token::Neutral;
            finding.text = tr("? %1: the lag of %2 of %3 partitions is unknown")
                               .arg(foreign(id), count(group.unknownLags), count(group.partitions));
        } else {
            continue;
        }
        findings.push_back(std::move(finding));
    }
}

void addProblems(const workspace::ClusterSnapshot &snapshot, std::vector<Finding> &findings)
{
    for (const workspace::Problem &problem : snapshot.problems) {
        const QString words = said(problem.error);
        const bool told = std::ranges::any_of(
            findings, [&words](const Finding &finding) { return finding.said == words; });
        if (!problem.current || told)
            continue;
        findings.push_back({.key = u"problem/"_s + QString::fromStdString(problem.id),
                            .urgency = 60,
                            .text = tr("⚠ %1 failed").arg(foreign(problem.error.attempted)),
                            .said = words,
                            .token = theme::Token::Warning,
                            .page = {},
                            .within = {}});
    }
}

} // namespace

std::vector<Finding> findingsOf(const workspace::ClusterSnapshot &snapshot, TimeZone zone,
                                WallTime now)
{
    std::vector<Finding> findings;
    addConnection(snapshot, zone, now, findings);
    if (snapshot.groups)
        addGroups(*snapshot.groups, findings);
    addProblems(snapshot, findings);
    return findings;
}

FindingModel::FindingModel(QObject *parent)
    : RowTable({{tr("Needs attention"), u"finding"_s, {}, false, false},
                {tr("What was said"), u"said"_s, tr("In the words of the broker or the library"),
                 false, false}},
               parent)
{
}

void FindingModel::show(std::vector<Finding> findings)
{
    std::ranges::sort(findings, [this](const auto &a, const auto &b) { return less(a, b); });
    update(std::move(findings));
}

bool FindingModel::less(const Finding &a, const Finding &b) const
{
    return a.key < b.key;
}

bool FindingModel::same(const Finding &a, const Finding &b) const
{
    return a == b;
}

QVariant FindingModel::cell(int rowNumber, int column, int role) const
{
    const Finding &finding = row(rowNumber);
    const QString text = column == What ? finding.text : finding.said;
    switch (role) {
    case SortRole:
        return column == What ? QVariant(static_cast<qlonglong>(finding.urgency)) : QVariant(text);
    case Qt::ForegroundRole:
        return theme::color(column == What ? finding.token : theme::Token::MutedText);
    case Qt::DisplayRole:
    case RawRole:
    case Qt::ToolTipRole: return text;
    default: return {};
    }
}

std::vector<RankRow> rankOf(const workspace::ClusterSnapshot &snapshot,
                            const QSet<QString> &watched, std::size_t most)
{
    std::vector<RankRow> rows;
    if (!snapshot.groups)
        return rows;
    const auto isWatched = [&watched](const GroupSummary &group) {
        return !watched.isEmpty() && watched.contains(groupName(group.listing.id));
    };
    std::vector<const GroupSummary *> kept;
    std::vector<const GroupSummary *> others;
    for (const GroupSummary &group : *snapshot.groups) {
        if (isWatched(group))
            kept.push_back(&group);
        else if (group.totalLag.value_or(0) > 0)
            others.push_back(&group);
    }
    const auto shown = std::min(most, others.size());
    std::ranges::partial_sort(others, others.begin() + static_cast<std::ptrdiff_t>(shown),
                              [](const GroupSummary *a, const GroupSummary *b) {
                                  return a->totalLag != b->totalLag ? a->totalLag > b->totalLag
                                                                    : a->listing.id < b->listing.id;
                              });
    const std::size_t watchedCount = kept.size();
    kept.insert(kept.end(), others.begin(), others.begin() + static_cast<std::ptrdiff_t>(shown));
    for (std::size_t i = 0; i < kept.size(); ++i) {
        const GroupSummary &group = *kept[i];
        RankRow row{.group = group.listing.id.value(),
                    .watched = i < watchedCount,
                    .state = group.listing.state,
                    .lag = group.totalLag,
                    .partitions = group.partitions,
                    .unknownLags = group.unknownLags,
                    .trend = {},
                    .readAt = group.offsetsReadAt};
        if (snapshot.trends) {
            if (const auto found = snapshot.trends->find(group.listing.id);
                found != snapshot.trends->end())
                row.trend = found->second;
        }
        rows.push_back(std::move(row));
    }
    std::ranges::sort(rows, {}, &RankRow::group);
    return rows;
}

RankModel::RankModel(QObject *parent)
    : RowTable(
          {{tr("Group"), u"group"_s, {}, false, false},
           {tr("State"), u"state"_s, {}},
           {tr("Lag"), u"total_lag"_s,
            tr("Sum of log end − committed over all partitions where both are known"), true},
           {tr("Trend"), u"trend"_s, tr("Total lag lately"), false, false},
           {tr("Read"), u"read_at"_s, tr("When its committed offsets were read"), false, false}},
          parent)
{
}

void RankModel::show(std::vector<RankRow> rows, TimeZone zone, WallTime now)
{
    m_zone = zone;
    m_now = now;
    update(std::move(rows));
}

bool RankModel::less(const RankRow &a, const RankRow &b) const
{
    return a.group < b.group;
}

bool RankModel::same(const RankRow &a, const RankRow &b) const
{
    return a == b;
}

QVariant RankModel::cell(int rowNumber, int column, int role) const
{
    const RankRow &group = row(rowNumber);
    switch (role) {
    case Qt::DisplayRole:
        switch (column) {
        case Group: return group.watched ? u"★ "_s + foreign(group.group) : foreign(group.group);
        case State: return stateText(group.state);
        case Lag: return number(group.lag);
        case ReadAt: return group.readAt ? clock(*group.readAt, m_zone, m_now) : unknownText();
        case Trend:
            switch (trendOf(group.trend)) {
            case TrendWord::Rising: return tr("rising");
            case TrendWord::Falling: return tr("falling");
            case TrendWord::Steady: return tr("steady");
            case TrendWord::Unknown: return unknownText();
            }
            break;
        default: break;
        }
        return {};
    case SortRole:
    case RawRole:
        switch (column) {
        case Lag: return bareNumber(group.lag);
        case ReadAt:
            return group.readAt
                       ? QVariant(static_cast<qlonglong>(group.readAt->time_since_epoch().count()))
                       : QVariant();
        case Group: return QString::fromStdString(group.group);
        default: return cell(rowNumber, column, Qt::DisplayRole);
        }
    case TrendRole: {
        if (column != Trend)
            return {};
        QList<double> points;
        for (const auto &value : group.trend)
            points.append(value ? static_cast<double>(*value)
                                : std::numeric_limits<double>::quiet_NaN());
        return QVariant::fromValue(points);
    }
    case Qt::ForegroundRole:
        if (column == Trend) {
            const TrendWord word = trendOf(group.trend);
            const bool moves = word == TrendWord::Rising || word == TrendWord::Falling;
            return theme::color(moves ? theme::Token::Accent : theme::Token::MutedText);
        }
        if (column == ReadAt || (column == Lag && group.lag.value_or(0) == 0))
            return theme::color(theme::Token::MutedText);
        return {};
    case Qt::ToolTipRole:
        if (column == ReadAt)
            return group.readAt ? absolute(*group.readAt, m_zone) : tr("not read yet");
        if (column == Lag && !group.lag)
            return group.readAt ? tr("none of its lags is known") : tr("not read yet");
        if (column == Lag && group.unknownLags > 0)
            return tr("the lag of %1 of %2 partitions is unknown and not in the sum")
                .arg(count(group.unknownLags), count(group.partitions));
        return cell(rowNumber, column, Qt::DisplayRole);
    default: return {};
    }
}

QString lagHeadline(const std::vector<GroupSummary> &groups)
{
    if (groups.empty())
        return tr("No consumer groups");
    std::size_t behind = 0;
    std::size_t unknown = 0;
    std::int64_t total = 0;
    for (const GroupSummary &group : groups) {
        if (!group.totalLag) {
            ++unknown;
        } else if (*group.totalLag > 0) {
            ++behind;
            total += *group.totalLag;
        }
    }
    if (unknown == groups.size())
        return tr("%1 groups; no lag is known yet").arg(count(groups.size()));
    const QString rest =
        unknown == 0 ? QString() : tr(", %1 with no known lag").arg(count(unknown));
    if (behind == 0)
        return tr("No group is behind, of %1").arg(count(groups.size())) + rest;
    return tr("%1 of %2 groups behind, by %3 in all")
               .arg(count(behind), count(groups.size()), number(total)) +
           rest;
}

} // namespace redrive::ui
