#include "ui/pages/journaldetail.h"

#include "ui/models/journalmodel.h"
#include "ui/models/journalwords.h"
#include "ui/shell/label.h"
#include "ui/widgets/actionbutton.h"
#include "ui/widgets/datatable.h"
#include "ui/widgets/elidedlabel.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

QString aboutLine(const store::JournalEntry &entry, TimeZone zone)
{
    QStringList parts{foreign(entry.id), absolute(entry.time, zone)};
    if (!entry.user.empty())
        parts << JournalDetail::tr("by %1").arg(foreign(entry.user));
    if (entry.plan)
        parts << JournalDetail::tr("plan %1").arg(foreign(*entry.plan));
    return parts.join(u" · "_s);
}

} // namespace

JournalDetail::JournalDetail(Settings &settings, const std::vector<QAction *> &actions,
                             QWidget *parent)
    : QWidget(parent)
    , m_model(new JournalRowModel(this))
    , m_table(new DataTable(m_model, settings, u"journal-rows-table"_s,
                            tr("Partitions of the change"), this))
    , m_name(new ElidedLabel(this))
    , m_state(new Label({}, this))
    , m_about(new ElidedLabel(this))
    , m_reason(new Label({}, this))
    , m_outcome(new Label({}, this))
    , m_settled(new Label({}, this))
{
    setObjectName(u"journal-detail"_s);
    m_name->setObjectName(u"journal-name"_s);
    QFont large = font();
    large.setPointSizeF(large.pointSizeF() * 1.4);
    large.setWeight(QFont::DemiBold);
    m_name->setFont(large);
    m_state->setObjectName(u"journal-state"_s);
    m_state->setScale(1.1, QFont::DemiBold);
    m_about->setObjectName(u"journal-about"_s);
    m_about->setForegroundRole(QPalette::PlaceholderText);
    m_reason->setObjectName(u"journal-reason"_s);
    m_reason->setElided(true);
    m_outcome->setObjectName(u"journal-outcome"_s);
    m_outcome->setWordWrap(true);
    m_settled->setObjectName(u"journal-settled"_s);
    m_settled->setWordWrap(true);
    using Model = JournalRowModel;
    m_table->setWidths({18, 8, 15, 15, 15, 14, 26}, Model::Topic);
    m_table->setOptional(Model::Problem);
    m_table->sortFirst(Model::Topic, Qt::AscendingOrder);

    auto *top = new QHBoxLayout;
    top->setSpacing(theme::space16);
    top->addWidget(m_name, 1);
    top->addWidget(m_state);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(theme::space8);
    for (QAction *action : actions)
        buttons->addWidget(new ActionButton(action, this));
    top->addLayout(buttons);
    auto *header = new QVBoxLayout;
    header->setContentsMargins(theme::space16, theme::space12, theme::space16, theme::space12);
    header->setSpacing(theme::space4);
    header->addLayout(top);
    header->addWidget(m_about);
    header->addWidget(m_reason);
    header->addWidget(m_outcome);
    header->addWidget(m_settled);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(header);
    column->addWidget(m_table, 1);
}

void JournalDetail::show(const store::JournalEntry &entry, const GroupDetail *group, TimeZone zone,
                         WallTime now)
{
    const auto settled = settledBy(entry, group, now);
    m_name->setText(journalTitle(entry));
    m_state->setPlainText(journalStateText(entry, now));
    m_state->setToken(journalStateToken(entry, now));
    m_about->setText(aboutLine(entry, zone));
    m_reason->setPlainText(foreign(entry.reason));
    m_reason->setVisible(!entry.reason.empty());
    m_outcome->setPlainText(journalSums(entry.rows) + u". "_s + journalStateHelp(entry, now));
    m_settled->setVisible(settled.has_value());
    if (settled)
        m_settled->setPlainText(
            tr("By what the group has committed now (%1): %2.")
                .arg(clock(settled->readAt, zone, now), journalSums(settled->rows)));
    m_table->update(
        [&] { m_model->show(settled ? settled->rows : entry.rows, isOfSession(entry)); });
    m_table->offer(JournalRowModel::Problem, m_model->hasProblems());
}

void JournalDetail::forget()
{
    m_model->clear();
}

void JournalDetail::focusContents()
{
    m_table->setFocus();
}

} // namespace redrive::ui
