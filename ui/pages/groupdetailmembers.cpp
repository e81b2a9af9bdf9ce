#include "ui/pages/groupdetailmembers.h"

#include "ui/models/membermodel.h"
#include "ui/theme/tokens.h"
#include "ui/widgets/datatable.h"

#include <QItemSelectionModel>
#include <QLabel>
#include <QSplitter>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace redrive::ui {

GroupDetailMembers::GroupDetailMembers(Settings &settings, QWidget *parent)
    : QWidget(parent)
    , m_members(new MemberModel(this))
    , m_assignment(new AssignmentModel(this))
    , m_table(new DataTable(m_members, settings, u"member-table"_s, tr("Members"), this))
    , m_assignmentTable(new DataTable(m_assignment, settings, u"assignment-table"_s,
                                      tr("Assignment of the member"), this))
    , m_caption(new QLabel(this))
{
    for (const int column : {MemberModel::InstanceId, MemberModel::Remark, MemberModel::Target})
        m_table->setOptional(column);
    m_table->setWidths({13, 11, 8, 9, 22, 18, 18, 12, 30}, MemberModel::Assignment);
    m_table->sortFirst(MemberModel::ClientId, Qt::AscendingOrder);
    m_assignmentTable->setWidths({24, 10, 12, 14}, AssignmentModel::Topic);
    m_assignmentTable->sortFirst(AssignmentModel::Topic, Qt::AscendingOrder);
    m_caption->setTextFormat(Qt::PlainText);
    m_caption->setWordWrap(true);
    m_caption->setForegroundRole(QPalette::PlaceholderText);
    m_caption->setContentsMargins(theme::space8, theme::space8, theme::space8, theme::space4);

    auto *below = new QWidget(this);
    auto *rows = new QVBoxLayout(below);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    rows->addWidget(m_caption);
    rows->addWidget(m_assignmentTable, 1);
    auto *splitter = new QSplitter(Qt::Vertical, this);
    splitter->setObjectName(u"members-splitter"_s);
    splitter->addWidget(m_table);
    splitter->addWidget(below);
    splitter->setCollapsible(0, false);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(splitter);

    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] {
        if (m_updating)
            return;
        const int row = m_table->currentSourceRow();
        m_member = row < 0 ? std::string() : m_members->row(row).member->memberId;
        showAssignment();
    });
    showAssignment();
}

void GroupDetailMembers::show(std::shared_ptr<const GroupDetail> detail)
{
    if (detail == m_detail)
        return;
    m_updating = true;
    m_table->update([&] { m_members->show(detail); });
    m_detail = std::move(detail);
    m_table->offer(MemberModel::InstanceId, m_members->hasInstances());
    m_table->offer(MemberModel::Remark, m_members->hasRemarks());
    m_table->offer(MemberModel::Target, m_members->hasTargets());
    const auto &rows = m_members->rows();
    const auto chosen = std::ranges::find(
        rows, m_member, [](const MemberRow &row) { return row.member->memberId; });
    m_table->selectSourceRow(chosen == rows.end() ? -1 : static_cast<int>(chosen - rows.begin()));
    m_updating = false;
    showAssignment();
}

void GroupDetailMembers::forget()
{
    m_member.clear();
    show(nullptr);
}

void GroupDetailMembers::showAssignment()
{
    m_assignmentTable->update([this] { m_assignment->show(m_detail.get(), m_member); });
    if (!m_detail)
        m_caption->setText(tr("Members are not known yet."));
    else if (m_detail->description.error)
        m_caption->setText(
            tr("Members are not known: %1").arg(errorText(*m_detail->description.error)));
    else if (m_detail->description.members.empty())
        m_caption->setText(tr("The group has no members."));
    else if (m_member.empty())
        m_caption->setText(tr("Select a member to see what it was assigned."));
    else if (m_assignment->rowCount() == 0)
        m_caption->setText(tr("Nothing is assigned to %1.").arg(foreign(m_member)));
    else
        m_caption->setText(tr("Assignment of %1").arg(foreign(m_member)));
}

} // namespace redrive::ui
