#include "ui/pages/groupdetail.h"

#include "ui/models/partitionmodel.h"
#include "ui/pages/groupdetaillag.h"
#include "ui/pages/groupdetailmembers.h"
#include "ui/pages/groupdetailtext.h"
#include "ui/shell/label.h"
#include "ui/theme/tokens.h"
#include "ui/widgets/actionbutton.h"
#include "ui/widgets/datatable.h"
#include "ui/widgets/elidedlabel.h"

#include <QClipboard>
#include <QGridLayout>
#include <QGuiApplication>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QTabWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <utility>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

constexpr int remarkLimit = 4;

Label *plainLabel(QWidget *parent, const QString &objectName, theme::Token token)
{
    auto *label = new Label({}, parent);
    label->setToken(token);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setObjectName(objectName);
    return label;
}

} // namespace

GroupDetailPanel::GroupDetailPanel(Settings &settings, QWidget *parent)
    : QWidget(parent)
    , m_settings(settings)
{
    setObjectName(u"group-detail"_s);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeHeader());
    m_tabs = new QTabWidget(this);
    m_tabs->setObjectName(u"group-tabs"_s);
    m_tabs->setAccessibleName(tr("Group"));
    m_tabs->setDocumentMode(true);
    column->addWidget(m_tabs, 1);
    m_tabs->addTab(makePartitions(), tr("Partitions"));
    m_members = new GroupDetailMembers(settings, this);
    m_tabs->addTab(m_members, tr("Members"));
    m_lagTab = new GroupDetailLag(settings, this);
    m_tabs->addTab(m_lagTab, tr("Lag"));
    m_tabs->addTab(makeRaw(), tr("Raw"));
    connect(m_tabs, &QTabWidget::currentChanged, this, &GroupDetailPanel::showRaw);
    connect(&settings, &Settings::timeZoneChanged, this, &GroupDetailPanel::showHeader);
}

QWidget *GroupDetailPanel::makeHeader()
{
    auto *header = new QWidget(this);
    m_name = new ElidedLabel(header);
    m_name->setObjectName(u"group-name"_s);
    QFont large = font();
    large.setPointSizeF(large.pointSizeF() * 1.4);
    large.setWeight(QFont::DemiBold);
    m_name->setFont(large);
    m_headline = plainLabel(header, u"group-headline"_s, theme::Token::Text);
    m_headline->setWordWrap(true);
    m_lag = plainLabel(header, u"group-total-lag"_s, theme::Token::Text);
    m_lag->setFont(large);
    m_lag->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_lagCaption = plainLabel(header, u"group-lag-caption"_s, theme::Token::MutedText);
    m_lagCaption->setAlignment(Qt::AlignRight | Qt::AlignTop);
    m_times = plainLabel(header, u"group-times"_s, theme::Token::MutedText);
    m_times->setWordWrap(true);
    m_remarks = plainLabel(header, u"group-remarks"_s, theme::Token::Warning);
    m_remarks->setWordWrap(true);
    m_actions = new QToolButton(header);
    m_actions->setObjectName(u"group-actions"_s);
    m_actions->setText(u"⋯"_s);
    m_actions->setAccessibleName(tr("What can be done with the group"));
    m_actions->setToolTip(ui::toolTip(m_actions->accessibleName()));
    m_actions->setPopupMode(QToolButton::InstantPopup);
    m_actions->setFocusPolicy(Qt::StrongFocus);
    m_actions->setAutoRaise(true);

    auto *grid = new QGridLayout(header);
    grid->setContentsMargins(theme::space16, theme::space12, theme::space12, theme::space12);
    grid->setHorizontalSpacing(theme::space12);
    grid->setVerticalSpacing(theme::space4);
    grid->setColumnStretch(0, 1);
    grid->addWidget(m_name, 0, 0);
    grid->addWidget(m_lag, 0, 1);
    grid->addWidget(m_actions, 0, 2);
    grid->addWidget(m_headline, 1, 0);
    grid->addWidget(m_lagCaption, 1, 1, 1, 2);
    grid->addWidget(m_times, 2, 0, 1, 3);
    grid->addWidget(m_remarks, 3, 0, 1, 3);
    m_buttons = new QHBoxLayout;
    m_buttons->setSpacing(theme::space8);
    m_buttons->addStretch();
    grid->addLayout(m_buttons, 4, 0, 1, 3);
    return header;
}

QWidget *GroupDetailPanel::makePartitions()
{
    auto *page = new QWidget(this);
    m_partitions = new PartitionModel(this);
    m_partitionTable =
        new DataTable(m_partitions, m_settings, u"partition-table"_s, tr("Partitions"), page);
    using Model = PartitionModel;
    for (const int column : {Model::StableEnd, Model::Lost, Model::Metadata, Model::Problem})
        m_partitionTable->setOptional(column);
    m_partitionTable->setWidths({12, 8, 9, 8, 9, 9, 9, 16, 8, 11, 14, 34}, Model::Topic);
    m_partitionTable->sortFirst(Model::Lag, Qt::DescendingOrder);
    makeMoves();
    m_partitionNote = plainLabel(page, u"partition-note"_s, theme::Token::MutedText);
    m_partitionNote->setWordWrap(true);
    m_partitionNote->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_partitionNote->setContentsMargins(theme::space16, theme::space12, theme::space16,
                                        theme::space12);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_partitionNote);
    column->addWidget(m_partitionTable, 1);
    return page;
}

QWidget *GroupDetailPanel::makeRaw()
{
    auto *page = new QWidget(this);
    auto *copy = new QPushButton(tr("Copy JSON"), page);
    copy->setObjectName(u"group-raw-copy"_s);
    m_raw = new QPlainTextEdit(page);
    m_raw->setObjectName(u"group-raw"_s);
    m_raw->setAccessibleName(tr("The group as JSON"));
    m_raw->setReadOnly(true);
    m_raw->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_raw->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_raw->setTabChangesFocus(true);
    m_raw->setUndoRedoEnabled(false);
    m_raw->setFrameShape(QFrame::NoFrame);
    m_raw->setFont(theme::monospace());
    connect(copy, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(m_raw->toPlainText()); });
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, theme::space8, 0, 0);
    column->setSpacing(theme::space8);
    auto *row = new QHBoxLayout;
    row->setContentsMargins(theme::space8, 0, theme::space8, 0);
    row->addStretch();
    row->addWidget(copy);
    column->addLayout(row);
    column->addWidget(m_raw, 1);
    return page;
}

void GroupDetailPanel::setMenu(QMenu *menu)
{
    m_actions->setMenu(menu);
}

void GroupDetailPanel::addButton(QAction *action)
{
    m_buttons->insertWidget(m_buttons->count() - 1, new ActionButton(action, this));
}

void GroupDetailPanel::show(const GroupView &view)
{
    if (view.group != m_view.group) {
        m_members->forget();
        m_lagTab->forget();
        m_rawText.clear();
        m_raw->clear();
    }
    m_view = view;
    showHeader();
    showPartitions();
    m_members->show(m_view.detail);
    m_lagTab->show(m_view.history);
    showRaw();
}

void GroupDetailPanel::showHeader()
{
    const GroupDetail *detail = m_view.detail.get();
    m_times->setText(readingTimes(detail, m_settings.timeZone()));
    m_times->setToolTip(detail && detail->commitsReadAt != WallTime{}
                            ? ui::toolTip(absolute(detail->commitsReadAt, m_settings.timeZone()))
                            : QString());
    const GroupSummary *summary = m_view.summary;
    m_name->setText(foreign(m_view.group.value()));
    m_headline->setText(headline(summary, detail));
    m_lag->setText(number(detail ? detail->totalLag : summary ? summary->totalLag : std::nullopt));
    m_lag->setAccessibleName(tr("Total lag %1").arg(m_lag->text()));
    m_lagCaption->setText(lagCaption(summary, detail));
    QStringList lines = remarks(summary, detail);
    m_remarks->setToolTip(lines.size() > remarkLimit ? ui::toolTip(lines.join(u'\n')) : QString());
    if (lines.size() > remarkLimit) {
        const auto rest = lines.size() - remarkLimit;
        lines = lines.mid(0, remarkLimit);
        lines << tr("… and %1 more").arg(rest);
    }
    for (QString &line : lines)
        line.prepend(u"⚠ "_s);
    m_remarks->setText(lines.join(u'\n'));
    m_remarks->setVisible(!lines.isEmpty());
}

void GroupDetailPanel::showPartitions()
{
    m_partitionTable->update([this] { m_partitions->show(m_view.detail); });
    using Model = PartitionModel;
    m_partitionTable->offer(Model::StableEnd, m_partitions->hasStableEnds());
    m_partitionTable->offer(Model::Lost, m_partitions->hasLosses());
    m_partitionTable->offer(Model::Metadata, m_partitions->hasMetadata());
    m_partitionTable->offer(Model::Problem, m_partitions->hasProblems());
    adaptMoves();
    const bool failed = m_view.detail && !m_view.detail->errors.empty();
    m_partitionNote->setText(!m_view.detail ? tr("Reading its partitions…")
                             : failed       ? tr("Its partitions could not be read.")
                                            : tr("Nothing is committed, and nothing is assigned."));
    m_partitionNote->setVisible(m_partitions->rowCount() == 0);
    m_partitionTable->setVisible(m_partitions->rowCount() > 0);
}

void GroupDetailPanel::showRaw()
{
    const bool isShown = m_tabs->currentWidget() == m_raw->parentWidget();
    const bool isBeingCopied = m_raw->textCursor().hasSelection();
    if (!isShown || (isBeingCopied && m_view.detail))
        return;
    const QString text = m_view.detail ? rawJson(*m_view.detail) : tr("Reading…");
    if (text == m_rawText)
        return;
    m_rawText = text;
    const int x = m_raw->horizontalScrollBar()->value();
    const int y = m_raw->verticalScrollBar()->value();
    m_raw->setPlainText(text);
    m_raw->horizontalScrollBar()->setValue(x);
    m_raw->verticalScrollBar()->setValue(y);
}

void GroupDetailPanel::focusContents()
{
    const auto inside = m_tabs->currentWidget()->findChildren<QWidget *>();
    for (QWidget *widget : inside) {
        if (widget->isVisible() && widget->isEnabled() &&
            (widget->focusPolicy() & Qt::TabFocus) != 0) {
            widget->setFocus(Qt::TabFocusReason);
            return;
        }
    }
}

void GroupDetailPanel::applyTheme()
{
    m_lagTab->applyTheme();
}

} // namespace redrive::ui
