#include "ui/models/topicmodel.h"

#include "ui/format/format.h"
#include "ui/models/cells.h"
#include "ui/theme/tokens.h"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

std::optional<std::int64_t> partitionCount(const TopicInfo &topic)
{
    if (topic.error && topic.partitions.empty())
        return std::nullopt;
    return static_cast<std::int64_t>(topic.partitions.size());
}

std::optional<std::int64_t> readerCount(const workspace::TopicRow &topic)
{
    if (!topic.readersKnown)
        return std::nullopt;
    return static_cast<std::int64_t>(topic.readers.size());
}

QVariant muted()
{
    return theme::color(theme::Token::MutedText);
}

} // namespace

QString problemOf(const TopicInfo &topic)
{
    if (topic.error)
        return errorText(*topic.error);
    const auto leaderless = std::ranges::count_if(
        topic.partitions, [](const auto &partition) { return !partition.leader; });
    if (leaderless > 0)
        return TopicModel::tr("%1 of %2 partitions have no leader")
            .arg(leaderless)
            .arg(topic.partitions.size());
    const auto failing = std::ranges::find_if(
        topic.partitions, [](const auto &partition) { return partition.error.has_value(); });
    return failing == topic.partitions.end() ? QString() : errorText(*failing->error);
}

TopicModel::TopicModel(QObject *parent)
    : RowTable(
          {{tr("Topic"), u"topic"_s, {}, false, false},
           {tr("Partitions"), u"partitions"_s, {}, true},
           {tr("Records"), u"records"_s,
            tr("Sum of log end − log start: offsets, an upper bound on records"), true},
           {tr("Readers"), u"readers"_s, tr("Groups with an assignment or a commit there"), true},
           {tr("Kind"), u"kind"_s, {}, false, false},
           {tr("Problem"), u"problem"_s, {}}},
          parent)
{
}

void TopicModel::show(TopicList topics)
{
    std::vector<TopicEntry> next;
    if (topics) {
        next.reserve(topics->size());
        for (const workspace::TopicRow &topic : *topics)
            next.push_back({&topic});
    }
    update(std::move(next)); // compares with rows that point into the list replaced below
    m_topics = std::move(topics);
}

void TopicModel::forget()
{
    clear();
    m_topics.reset();
}

int TopicModel::find(const std::string &topic) const
{
    const auto found = std::ranges::lower_bound(
        rows(), topic, {},
        [](const TopicEntry &row) -> const std::string & { return row.topic->info.name; });
    if (found == rows().end() || found->topic->info.name != topic)
        return -1;
    return static_cast<int>(found - rows().begin());
}

QVariant TopicModel::cell(int number, int column, int role) const
{
    const workspace::TopicRow &topic = topicAt(number);
    switch (role) {
    case Qt::DisplayRole:
        switch (column) {
        case Topic: return foreign(topic.info.name);
        case Partitions: return ui::number(partitionCount(topic.info));
        case Records: return ui::number(topic.records);
        case Readers: return ui::number(readerCount(topic));
        case Kind: return topic.info.internal ? tr("internal") : QString();
        case Problem: return problemOf(topic.info);
        default: return {};
        }
    case SortRole:
    case RawRole:
        switch (column) {
        case Topic: return QString::fromStdString(topic.info.name);
        case Partitions: return bareNumber(partitionCount(topic.info));
        case Records: return bareNumber(topic.records);
        case Readers: return bareNumber(readerCount(topic));
        case Kind: return topic.info.internal ? QVariant(u"internal"_s) : QVariant();
        case Problem: {
            const QString words = problemOf(topic.info);
            return words.isEmpty() ? QVariant() : QVariant(words);
        }
        default: return {};
        }
    case Qt::ToolTipRole:
        switch (column) {
        case Topic: return foreign(topic.info.name);
        case Records:
            return topic.records ? QString()
                                 : tr("The log bounds of some partitions are not known.");
        case Readers:
            return topic.readersKnown ? QString()
                                      : tr("The groups' offsets have not been read yet.");
        case Partitions:
        case Problem: return problemOf(topic.info);
        default: return {};
        }
    case Qt::ForegroundRole:
        if (column == Problem)
            return theme::color(theme::Token::Bad);
        return column == Kind || (column == Readers && topic.readers.empty()) ? muted()
                                                                              : QVariant();
    default: return {};
    }
}

bool TopicModel::less(const TopicEntry &a, const TopicEntry &b) const
{
    return a.topic->info.name < b.topic->info.name;
}

bool TopicModel::same(const TopicEntry &a, const TopicEntry &b) const
{
    return a.topic == b.topic || *a.topic == *b.topic;
}

ReaderModel::ReaderModel(QObject *parent)
    : RowTable(
          {{tr("Group"), u"group"_s, {}, false, false},
           {tr("State"), u"state"_s, {}},
           {tr("Members"), u"members"_s, tr("Known for groups that were looked at"), true},
           {tr("Lag"), u"total_lag"_s, tr("Total lag of the group, over all its topics"), true}},
          parent)
{
}

void ReaderModel::show(const workspace::TopicRow *topic, GroupList groups)
{
    std::vector<ReaderRow> next;
    if (topic) {
        next.reserve(topic->readers.size());
        for (const GroupId &reader : topic->readers) {
            ReaderRow row{reader, nullptr};
            if (groups) {
                const auto found = std::ranges::lower_bound(
                    *groups, reader, {}, [](const GroupSummary &summary) -> const GroupId & {
                        return summary.listing.id;
                    });
                if (found != groups->end() && found->listing.id == reader)
                    row.summary = &*found;
            }
            next.push_back(std::move(row));
        }
    }
    update(std::move(next)); // compares with rows that point into the list replaced below
    m_groups = std::move(groups);
}

void ReaderModel::forget()
{
    clear();
    m_groups.reset();
}

QVariant ReaderModel::cell(int number, int column, int role) const
{
    const ReaderRow &row = this->row(number);
    const auto state = row.summary ? row.summary->listing.state : std::nullopt;
    const auto lag = row.summary ? row.summary->totalLag : std::nullopt;
    const auto members =
        row.summary && row.summary->members
            ? std::optional<std::int64_t>(static_cast<std::int64_t>(*row.summary->members))
            : std::nullopt;
    switch (role) {
    case Qt::DisplayRole:
        switch (column) {
        case Group: return foreign(row.group.value());
        case State: return stateText(state);
        case Members: return ui::number(members);
        default: return ui::number(lag);
        }
    case SortRole:
    case RawRole:
        switch (column) {
        case Group: return groupName(row.group);
        case State: {
            if (!state)
                return {};
            const auto word = name(*state);
            return QString::fromLatin1(word.data(), static_cast<qsizetype>(word.size()));
        }
        case Members: return bareNumber(members);
        default: return bareNumber(lag);
        }
    case Qt::ToolTipRole:
        if (column == Group)
            return foreign(row.group.value());
        if (column == Lag && !lag)
            return row.summary && row.summary->error ? errorText(*row.summary->error)
                                                     : tr("Its lag is not known.");
        if (column == State && !state)
            return row.summary && row.summary->listing.error
                       ? errorText(*row.summary->listing.error)
                       : tr("The state cannot be told.");
        return {};
    default: return {};
    }
}

bool ReaderModel::less(const ReaderRow &a, const ReaderRow &b) const
{
    return a.group < b.group;
}

bool ReaderModel::same(const ReaderRow &a, const ReaderRow &b) const
{
    if (!a.summary || !b.summary)
        return a.summary == b.summary;
    return a.summary->listing.state == b.summary->listing.state &&
           a.summary->totalLag == b.summary->totalLag && a.summary->members == b.summary->members;
}

TopicPartitionModel::TopicPartitionModel(QObject *parent)
    : RowTable({{tr("Partition"), u"partition"_s, {}, true, false},
                {tr("Leader"), u"leader"_s, tr("Id of the broker that leads it"), true},
                {tr("Problem"), u"problem"_s, {}}},
               parent)
{
}

void TopicPartitionModel::show(const TopicInfo *topic)
{
    update(topic ? topic->partitions : std::vector<TopicInfo::Partition>());
}

QVariant TopicPartitionModel::cell(int number, int column, int role) const
{
    const TopicInfo::Partition &partition = row(number);
    const auto problem = [&] {
        if (partition.error)
            return errorText(*partition.error);
        return partition.leader ? QString() : tr("no leader");
    };
    const auto leader =
        partition.leader ? std::optional<std::int64_t>(*partition.leader) : std::nullopt;
    switch (role) {
    case Qt::DisplayRole:
        if (column == Problem)
            return problem();
        return column == Partition ? QString::number(partition.id) : ui::number(leader);
    case SortRole:
    case RawRole:
        if (column == Partition)
            return static_cast<qlonglong>(partition.id);
        if (column == Leader)
            return bareNumber(leader);
        return problem().isEmpty() ? QVariant() : QVariant(problem());
    case Qt::ToolTipRole: return column == Leader && !leader ? problem() : QString();
    case Qt::ForegroundRole:
        return column == Problem ? QVariant(theme::color(theme::Token::Bad)) : QVariant();
    default: return {};
    }
}

bool TopicPartitionModel::less(const TopicInfo::Partition &a, const TopicInfo::Partition &b) const
{
    return a.id < b.id;
}

bool TopicPartitionModel::same(const TopicInfo::Partition &a, const TopicInfo::Partition &b) const
{
    return a == b;
}

} // namespace redrive::ui
