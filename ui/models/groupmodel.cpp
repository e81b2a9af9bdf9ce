#include "ui/models/groupmodel.h"

#include "ui/models/cells.h"
#include "ui/theme/tokens.h"

#include <QStringList>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

const std::optional<Error> &whyNot(const GroupSummary &group)
{
    return group.listing.error ? group.listing.error : group.error;
}

QString typeText(const GroupSummary &group)
{
    if (!group.listing.type)
        return unknownText();
    const auto word = name(*group.listing.type);
    return QString::fromLatin1(word.data(), static_cast<qsizetype>(word.size()));
}

/// The assignor where the group was described, else the kind of protocol.
QString protocolText(const GroupSummary &group)
{
    if (group.protocol && !group.protocol->empty())
        return foreign(*group.protocol);
    if (!group.listing.protocolType)
        return unknownText();
    return group.listing.protocolType->empty() ? GroupModel::tr("none")
                                               : foreign(*group.listing.protocolType);
}

std::optional<std::int64_t> topicCount(const GroupSummary &group)
{
    if (!group.offsetsReadAt || (group.error && group.topics.empty()))
        return std::nullopt;
    return static_cast<std::int64_t>(group.topics.size());
}

std::optional<std::int64_t> memberCount(const GroupSummary &group)
{
    if (!group.members)
        return std::nullopt;
    return static_cast<std::int64_t>(*group.members);
}

bool isMoving(const GroupRow &row)
{
    const TrendWord word = row.trend ? trendOf(*row.trend) : TrendWord::Unknown;
    return word == TrendWord::Rising || word == TrendWord::Falling;
}

QString trendText(const GroupRow &row)
{
    switch (row.trend ? trendOf(*row.trend) : TrendWord::Unknown) {
    case TrendWord::Rising: return GroupModel::tr("rising");
    case TrendWord::Falling: return GroupModel::tr("falling");
    case TrendWord::Steady: return GroupModel::tr("steady");
    case TrendWord::Unknown: return unknownText();
    }
    return unknownText();
}

std::optional<std::int64_t> trendStep(const GroupRow &row)
{
    if (!row.trend)
        return std::nullopt;
    const auto known = [](const auto &value) { return value.has_value(); };
    const auto first = std::ranges::find_if(*row.trend, known);
    const auto last = std::find_if(row.trend->rbegin(), row.trend->rend(), known);
    if (first == row.trend->end())
        return std::nullopt;
    return **last - **first;
}

QVariant trendPoints(const GroupRow &row)
{
    QList<double> points;
    if (!row.trend)
        return {};
    points.reserve(static_cast<qsizetype>(row.trend->size()));
    for (const auto &value : *row.trend)
        points.append(value ? static_cast<double>(*value)
                            : std::numeric_limits<double>::quiet_NaN());
    return QVariant::fromValue(points);
}

} // namespace

QString groupName(const GroupId &group)
{
    return QString::fromStdString(group.value());
}

TrendWord trendOf(const TrendValues &values)
{
    std::vector<double> known;
    for (const auto &value : values) {
        if (value)
            known.push_back(static_cast<double>(*value));
    }
    if (known.size() < 2)
        return TrendWord::Unknown;
    const std::size_t third = std::max<std::size_t>(1, known.size() / 3);
    double oldest = 0;
    double newest = 0;
    for (std::size_t i = 0; i < third; ++i) {
        oldest += known[i];
        newest += known[known.size() - 1 - i];
    }
    const double step = (newest - oldest) / static_cast<double>(third);
    const double tolerance =
        std::max(1.0, 0.05 * std::max(oldest, newest) / static_cast<double>(third));
    if (std::abs(step) < tolerance)
        return TrendWord::Steady;
    return step > 0 ? TrendWord::Rising : TrendWord::Falling;
}

GroupModel::GroupModel(QObject *parent)
    : RowTable({{tr("★"), u"watched"_s, tr("Watched: shown on the Overview. Click or press W."),
                 false, false},
                {tr("Group"), u"group"_s, {}, false, false},
                {tr("State"), u"state"_s, {}},
                {tr("Lag"), u"total_lag"_s,
                 tr("Sum of log end − committed over all partitions where both are known"), true},
                {tr("Trend"), u"trend"_s, tr("Total lag lately"), false, false},
                {tr("Members"), u"members"_s, tr("Known for groups that were looked at"), true},
                {tr("Topics"), u"topics"_s, tr("Topics with a commit or an assignment"), true},
                {tr("Type"), u"type"_s, tr("classic or consumer (KIP-848)"), false, false},
                {tr("Protocol"), u"protocol"_s,
                 tr("The assignor where the group was described, else the protocol type"), false,
                 false}},
               parent)
{
}

void GroupModel::show(GroupList groups, TrendTable trends)
{
    std::vector<GroupRow> next;
    if (groups) {
        next.reserve(groups->size());
        for (const GroupSummary &summary : *groups) {
            GroupRow row{&summary, nullptr, false};
            if (trends) {
                const auto found = trends->find(summary.listing.id);
                row.trend = found == trends->end() ? nullptr : &found->second;
            }
            row.watched = !m_watched.isEmpty() && m_watched.contains(groupName(summary.listing.id));
            next.push_back(row);
        }
    }
    update(std::move(next)); // compares with rows that point into the lists replaced below
    m_groups = std::move(groups);
    m_trends = std::move(trends);
}

void GroupModel::setWatched(const QSet<QString> &names)
{
    m_watched = names;
    show(m_groups, m_trends);
}

void GroupModel::forget()
{
    clear();
    m_groups.reset();
    m_trends.reset();
}

int GroupModel::find(const GroupId &group) const
{
    const auto found =
        std::ranges::lower_bound(rows(), group, {}, [](const GroupRow &row) -> const GroupId & {
            return row.summary->listing.id;
        });
    if (found == rows().end() || found->summary->listing.id != group)
        return -1;
    return static_cast<int>(found - rows().begin());
}

Qt::ItemFlags GroupModel::flags(const QModelIndex &index) const
{
    Qt::ItemFlags flags = TableModel::flags(index);
    if (index.column() == Watched)
        flags |= Qt::ItemIsUserCheckable;
    return flags;
}

bool GroupModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (!index.isValid() || index.column() != Watched || role != Qt::CheckStateRole)
        return false;
    emit watchRequested(groupName(groupAt(index.row())), value.toInt() == Qt::Checked);
    return true;
}

bool GroupModel::less(const GroupRow &a, const GroupRow &b) const
{
    return a.summary->listing.id < b.summary->listing.id;
}

bool GroupModel::same(const GroupRow &a, const GroupRow &b) const
{
    if (a.watched != b.watched || (a.trend == nullptr) != (b.trend == nullptr) ||
        (a.trend && a.trend != b.trend && *a.trend != *b.trend))
        return false;
    if (a.summary == b.summary)
        return true;
    const GroupSummary &x = *a.summary;
    const GroupSummary &y = *b.summary;
    return x.totalLag == y.totalLag && x.unknownLags == y.unknownLags &&
           x.partitions == y.partitions && x.members == y.members &&
           x.offsetsReadAt.has_value() == y.offsetsReadAt.has_value() && x.protocol == y.protocol &&
           x.listing == y.listing && x.topics == y.topics && x.error == y.error;
}

QVariant GroupModel::cell(int number, int column, int role) const
{
    const GroupRow &row = this->row(number);
    switch (role) {
    case Qt::DisplayRole: return text(row, column);
    case Qt::ToolTipRole: return tip(row, column);
    case RawRole: return bare(row, column);
    case SortRole:
        if (column == State)
            return row.summary->listing.state
                       ? QVariant(static_cast<qlonglong>(*row.summary->listing.state))
                       : QVariant();
        if (column == Watched)
            return static_cast<qlonglong>(row.watched ? 0 : 1);
        if (column == Trend)
            return bareNumber(trendStep(row));
        return bare(row, column);
    case Qt::AccessibleTextRole:
        if (column == Watched)
            return row.watched ? tr("watched") : tr("not watched");
        return {};
    case Qt::ForegroundRole:
        if (column == Watched)
            return theme::color(row.watched ? theme::Token::Accent : theme::Token::MutedText);
        if (column == State && !row.summary->listing.state)
            return theme::color(theme::Token::MutedText);
        if (column == Type || column == Protocol)
            return theme::color(theme::Token::MutedText);
        if (column == Trend)
            return theme::color(isMoving(row) ? theme::Token::Accent : theme::Token::MutedText);
        if (column == Lag && row.summary->totalLag.value_or(0) == 0)
            return theme::color(theme::Token::MutedText);
        return {};
    case Qt::CheckStateRole:
        if (column == Watched)
            return static_cast<int>(row.watched ? Qt::Checked : Qt::Unchecked);
        return {};
    case TrendRole: return column == Trend ? trendPoints(row) : QVariant();
    default: return {};
    }
}

QVariant GroupModel::text(const GroupRow &row, int column) const
{
    const GroupSummary &group = *row.summary;
    switch (column) {
    case Watched: return row.watched ? u"★"_s : u"☆"_s;
    case Group: return foreign(group.listing.id.value());
    case State:
        return group.listing.error && !group.listing.state ? tr("? cannot be described")
                                                           : stateText(group.listing.state);
    case Type: return typeText(group);
    case Protocol: return protocolText(group);
    case Members: return number(memberCount(group));
    case Topics: return number(topicCount(group));
    case Lag: return number(group.totalLag);
    case Trend: return trendText(row);
    default: return {};
    }
}

QVariant GroupModel::bare(const GroupRow &row, int column) const
{
    const GroupSummary &group = *row.summary;
    const auto known = [](const QString &text) {
        return text == unknownText() ? QVariant() : QVariant(text);
    };
    switch (column) {
    case Watched: return row.watched;
    case Group: return groupName(group.listing.id);
    case State: {
        if (!group.listing.state)
            return {};
        const auto word = name(*group.listing.state);
        return QString::fromLatin1(word.data(), static_cast<qsizetype>(word.size()));
    }
    case Type: return known(typeText(group));
    case Protocol: return known(protocolText(group));
    case Members: return bareNumber(memberCount(group));
    case Topics: return bareNumber(topicCount(group));
    case Lag: return bareNumber(group.totalLag);
    case Trend: return known(trendText(row));
    default: return {};
    }
}

QString GroupModel::tip(const GroupRow &row, int column) const
{
    const GroupSummary &group = *row.summary;
    const auto because = [&](const QString &otherwise) {
        return whyNot(group) ? errorText(*whyNot(group)) : otherwise;
    };
    switch (column) {
    case Watched:
        return row.watched ? tr("Watched. Click or press W to stop.")
                           : tr("Not watched. Click or press W to watch.");
    case Group: return foreign(group.listing.id.value());
    case State:
        if (group.listing.state)
            return {};
        return because(
            tr("The client library cannot tell this state: the KIP-848 states Assigning and "
               "Reconciling are reported as unknown."));
    case Type:
        return group.listing.type ? QString() : because(tr("The broker did not tell the type."));
    case Members:
        return group.members ? QString() : because(tr("Select the group to have it described."));
    case Topics: {
        if (!topicCount(group))
            return because(tr("Its committed offsets have not been read yet."));
        QStringList lines;
        for (const std::string &topic : group.topics) {
            if (lines.size() == 12) {
                lines << tr("… and %1 more").arg(group.topics.size() - 12);
                break;
            }
            lines << foreign(topic);
        }
        return lines.join(u'\n');
    }
    case Lag: {
        if (!group.offsetsReadAt)
            return because(tr("Its committed offsets have not been read yet."));
        QStringList lines;
        if (group.error)
            lines << errorText(*group.error);
        else if (!group.totalLag)
            lines << (group.partitions == 0 ? tr("Nothing is committed.")
                                            : tr("No partition's lag is known."));
        if (group.totalLag && group.unknownLags > 0)
            lines << tr("Without %1 of %2 partitions, whose lag is unknown.")
                         .arg(group.unknownLags)
                         .arg(group.partitions);
        lines << tr("Commits read at %1.").arg(absolute(*group.offsetsReadAt, m_zone));
        return lines.join(u'\n');
    }
    default: return {};
    }
}

} // namespace redrive::ui
