#include "ui/models/partitionmodel.h"

#include "ui/format/format.h"
#include "ui/models/cells.h"
#include "ui/theme/tokens.h"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

QString text(const PartitionRow &row, int column)
{
    const PartitionLag &lag = *row.lag;
    switch (column) {
    case PartitionModel::Topic: return foreign(lag.partition.topic);
    case PartitionModel::Partition: return QString::number(lag.partition.partition);
    case PartitionModel::Committed: return number(lag.committed);
    case PartitionModel::LogStart: return number(lag.logStart);
    case PartitionModel::LogEnd: return number(lag.logEnd);
    case PartitionModel::StableEnd: return number(lag.stableEnd);
    case PartitionModel::Lag: return number(lag.lag);
    case PartitionModel::ConditionWord: return conditionText(lag.condition);
    case PartitionModel::Lost: return lag.lost ? number(lag.lost) : QString();
    case PartitionModel::Owner: return row.owner ? foreign(row.owner->clientId) : unknownText();
    case PartitionModel::Metadata: return foreign(lag.metadata);
    case PartitionModel::Problem: return lag.error ? errorText(*lag.error) : QString();
    default: return {};
    }
}

QVariant bare(const PartitionRow &row, int column)
{
    const PartitionLag &lag = *row.lag;
    switch (column) {
    case PartitionModel::Topic: return QString::fromStdString(lag.partition.topic);
    case PartitionModel::Partition: return static_cast<qlonglong>(lag.partition.partition);
    case PartitionModel::Committed: return bareNumber(lag.committed);
    case PartitionModel::LogStart: return bareNumber(lag.logStart);
    case PartitionModel::LogEnd: return bareNumber(lag.logEnd);
    case PartitionModel::StableEnd: return bareNumber(lag.stableEnd);
    case PartitionModel::Lag: return bareNumber(lag.lag);
    case PartitionModel::ConditionWord: {
        if (!lag.condition)
            return {};
        const auto word = name(*lag.condition);
        return QString::fromLatin1(word.data(), static_cast<qsizetype>(word.size()));
    }
    case PartitionModel::Lost: return bareNumber(lag.lost);
    case PartitionModel::Owner:
        return row.owner ? QVariant(QString::fromStdString(row.owner->clientId)) : QVariant();
    case PartitionModel::Metadata: return QString::fromStdString(lag.metadata);
    case PartitionModel::Problem: return lag.error ? QVariant(errorText(*lag.error)) : QVariant();
    default: return {};
    }
}

/// Why a number is not there.
QString missing(const PartitionLag &lag, const QString &otherwise)
{
    if (lag.error)
        return errorText(*lag.error);
    return lag.conditionNote.empty() ? otherwise : foreign(lag.conditionNote);
}

QString tip(const PartitionRow &row, int column)
{
    const PartitionLag &lag = *row.lag;
    using Model = PartitionModel;
    switch (column) {
    case Model::Topic: return foreign(lag.partition.topic);
    case Model::Committed:
        if (lag.committed)
            return lag.leaderEpoch ? Model::tr("Leader epoch %1").arg(*lag.leaderEpoch) : QString();
        return missing(lag, Model::tr("Nothing is committed for this partition."));
    case Model::LogStart:
        return lag.logStart ? QString() : missing(lag, Model::tr("The log start was not read."));
    case Model::LogEnd:
        return lag.logEnd ? QString() : missing(lag, Model::tr("The log end was not read."));
    case Model::StableEnd:
        return lag.stableEnd ? QString() : missing(lag, Model::tr("The stable end was not read."));
    case Model::Lag:
        if (lag.lag)
            return {};
        if (lag.condition == Condition::BeyondEnd)
            return conditionHelp(lag.condition);
        return missing(lag, lag.committed ? Model::tr("The log end is not known.")
                                          : Model::tr("Without a commit there is no lag."));
    case Model::ConditionWord: {
        QString words = conditionHelp(lag.condition);
        if (!lag.conditionNote.empty())
            words += u'\n' + foreign(lag.conditionNote);
        if (lag.error)
            words += u'\n' + errorText(*lag.error);
        return words;
    }
    case Model::Owner:
        if (!row.owner)
            return Model::tr("No member is assigned this partition.");
        return Model::tr("Member %1\nat %2")
            .arg(foreign(row.owner->memberId), foreign(row.owner->host));
    case Model::Metadata: return foreign(lag.metadata);
    case Model::Problem: return lag.error ? errorText(*lag.error) : QString();
    default: return {};
    }
}

QVariant colour(const PartitionRow &row, int column)
{
    const PartitionLag &lag = *row.lag;
    using theme::Token;
    switch (column) {
    case PartitionModel::LogStart:
    case PartitionModel::StableEnd:
    case PartitionModel::Metadata: return theme::color(Token::MutedText);
    case PartitionModel::Lag:
        return lag.lag.value_or(0) == 0 ? QVariant(theme::color(Token::MutedText)) : QVariant();
    case PartitionModel::Owner:
        return row.owner ? QVariant() : QVariant(theme::color(Token::MutedText));
    case PartitionModel::Lost:
    case PartitionModel::Problem: return theme::color(Token::Bad);
    case PartitionModel::ConditionWord: break;
    default: return {};
    }
    if (!lag.condition)
        return theme::color(lag.error ? Token::Bad : Token::MutedText);
    switch (*lag.condition) {
    case Condition::TopicDeleted:
    case Condition::BeyondEnd:
    case Condition::RecordsLost: return theme::color(Token::Bad);
    case Condition::Unsubscribed:
    case Condition::NoCommit:
    case Condition::OpenTransaction: return theme::color(Token::Warning);
    case Condition::MarkersOnly:
    case Condition::Idle: return theme::color(Token::MutedText);
    case Condition::Ok: return theme::color(Token::Good);
    }
    return {};
}

bool sameOwner(const GroupMember *a, const GroupMember *b)
{
    if (!a || !b)
        return a == b;
    return a->memberId == b->memberId && a->clientId == b->clientId && a->host == b->host;
}

template <typename Predicate>
bool any(const std::vector<PartitionRow> &rows, Predicate predicate)
{
    return std::ranges::any_of(
        rows, predicate, [](const PartitionRow &row) -> const PartitionLag & { return *row.lag; });
}

} // namespace

PartitionModel::PartitionModel(QObject *parent)
    : RowTable(
          {{tr("Topic"), u"topic"_s, {}, false, false},
           {tr("Partition"), u"partition"_s, {}, true, false},
           {tr("Committed"), u"committed"_s,
            tr("The offset the group will read next after a restart"), true},
           {tr("Log start"), u"log_start"_s, tr("The oldest offset still in the log"), true},
           {tr("Log end"), u"log_end"_s, tr("The offset the next record will get (high watermark)"),
            true},
           {tr("Stable end"), u"stable_end"_s,
            tr("Where read_committed consumers stop while a transaction is open"), true},
           {tr("Lag"), u"lag"_s, tr("Log end − committed"), true},
           {tr("Condition"), u"condition"_s, {}},
           {tr("Lost"), u"lost"_s, tr("Offsets deleted before the group read them"), true},
           {tr("Owner"), u"owner"_s, tr("Client id of the member that is assigned the partition")},
           {tr("Metadata"), u"metadata"_s, tr("What was stored with the commit")},
           {tr("Error"), u"error"_s, {}}},
          parent)
{
}

void PartitionModel::show(std::shared_ptr<const GroupDetail> detail)
{
    std::vector<PartitionRow> next;
    if (detail) {
        const auto &members = detail->description.members;
        next.reserve(detail->partitions.size());
        for (const PartitionLag &lag : detail->partitions)
            next.push_back({&lag, lag.member && *lag.member < members.size() ? &members[*lag.member]
                                                                             : nullptr});
    }
    std::ranges::stable_sort(next, [this](const auto &a, const auto &b) { return less(a, b); });
    update(std::move(next)); // compares with rows that point into the detail replaced below
    m_detail = std::move(detail);
}

bool PartitionModel::hasStableEnds() const
{
    return any(rows(), [](const PartitionLag &lag) {
        return lag.stableEnd && lag.logEnd && *lag.stableEnd != *lag.logEnd;
    });
}

bool PartitionModel::hasLosses() const
{
    return any(rows(), [](const PartitionLag &lag) { return lag.lost.has_value(); });
}

bool PartitionModel::hasMetadata() const
{
    return any(rows(), [](const PartitionLag &lag) { return !lag.metadata.empty(); });
}

bool PartitionModel::hasProblems() const
{
    return any(rows(), [](const PartitionLag &lag) { return lag.error.has_value(); });
}

QVariant PartitionModel::cell(int number, int column, int role) const
{
    const PartitionRow &row = this->row(number);
    switch (role) {
    case Qt::DisplayRole: return text(row, column);
    case Qt::ToolTipRole: return tip(row, column);
    case Qt::ForegroundRole: return colour(row, column);
    case SortRole:
        if (column == ConditionWord)
            return row.lag->condition ? QVariant(static_cast<qlonglong>(*row.lag->condition))
                                      : QVariant();
        return bare(row, column);
    case RawRole: return bare(row, column);
    default: return {};
    }
}

bool PartitionModel::less(const PartitionRow &a, const PartitionRow &b) const
{
    return a.lag->partition < b.lag->partition;
}

bool PartitionModel::same(const PartitionRow &a, const PartitionRow &b) const
{
    PartitionLag x = *a.lag;
    x.member = b.lag->member; // an index, which shifts when another member leaves
    return x == *b.lag && sameOwner(a.owner, b.owner);
}

} // namespace redrive::ui
