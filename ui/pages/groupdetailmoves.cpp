// What can be done with the partitions of the group looked at: each is a plan, filled in.
#include "ui/models/partitionmodel.h"
#include "ui/pages/groupdetail.h"
#include "ui/widgets/actionbutton.h"
#include "ui/widgets/datatable.h"

#include <QAction>
#include <QItemSelectionModel>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

enum Move
{
    SkipOne,
    SeekTo,
    ResetThese
};

} // namespace

void GroupDetailPanel::makeMoves()
{
    const auto add = [this](const QString &text, const char *object) {
        auto *action = new QAction(text, this);
        action->setObjectName(QLatin1StringView(object));
        m_partitionTable->addMenuAction(action);
        m_moves.push_back(action);
        return action;
    };
    connect(add(tr("Skip one record…"), "partition-skip"), &QAction::triggered, this,
            [this] { moveSelected(offsets::to::Shift{1}); });
    connect(add(tr("Seek to offset…"), "partition-seek"), &QAction::triggered, this, [this] {
        const auto chosen = selectedPartitions();
        if (!chosen.empty())
            moveSelected(offsets::to::Exact{chosen.front()->committed.value_or(Offset(0))});
    });
    connect(add(tr("Reset these partitions…"), "partition-reset"), &QAction::triggered, this,
            [this] { moveSelected(std::nullopt); });
    connect(m_partitionTable->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &GroupDetailPanel::adaptMoves);
    adaptMoves();
}

void GroupDetailPanel::setCanMove(bool can)
{
    m_canMove = can;
    adaptMoves();
}

std::vector<const PartitionLag *> GroupDetailPanel::selectedPartitions() const
{
    std::vector<const PartitionLag *> chosen;
    for (const QModelIndex &index : m_partitionTable->selectionModel()->selectedRows()) {
        const int row = m_partitionTable->proxy().mapToSource(index).row();
        if (row >= 0)
            chosen.push_back(m_partitions->row(row).lag);
    }
    return chosen;
}

void GroupDetailPanel::adaptMoves()
{
    const auto chosen = selectedPartitions();
    const auto whyNot = [&](Move move) {
        if (!m_canMove)
            return tr("This window cannot change offsets.");
        if (chosen.empty())
            return tr("No partition is selected.");
        if (move != ResetThese && chosen.size() > 1)
            return tr("Select one partition alone.");
        if (move == SkipOne && !chosen.front()->committed)
            return tr("Nothing is committed there: there is no next record to be skipped.");
        return QString();
    };
    const QStringList help{tr("Move the group past the record it reads next"),
                           tr("Move the group to an offset of this partition"),
                           tr("Plan where the group is to go on in these partitions")};
    for (const Move move : {SkipOne, SeekTo, ResetThese}) {
        const QString why = whyNot(move);
        setHelp(m_moves[move], help[move], why.isEmpty(), why);
    }
}

void GroupDetailPanel::moveSelected(const std::optional<offsets::Target> &target)
{
    std::vector<offsets::TopicScope> topics;
    for (const PartitionLag *lag : selectedPartitions())
        topics.push_back({lag->partition.topic, {lag->partition.partition}});
    if (!topics.empty())
        emit offsetsRequested({m_view.group, offsets::toScope(std::move(topics)), target});
}

} // namespace redrive::ui
