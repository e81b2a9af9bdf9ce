#include "ui/shell/problemspanel.h"

#include "ui/theme/icons.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QShortcut>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace redrive::ui {

ProblemsPanel::ProblemsPanel(QWidget *parent)
    : QWidget(parent)
    , m_table(new QTableView(this))
    , m_detail(new Label({}, this))
    , m_empty(new Label(tr("Nothing has failed."), this))
    , m_copy(new QPushButton(tr("Copy"), this))
    , m_clear(new QPushButton(tr("Forget what is over"), this))
{
    setObjectName(u"problems-panel"_s);
    setAccessibleName(tr("Problems"));

    m_sorted.setSourceModel(&m_model);
    m_sorted.setSortRole(SortRole);
    m_table->setObjectName(u"problems-table"_s);
    m_table->setAccessibleName(tr("Problems"));
    m_table->setModel(&m_sorted);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(ProblemsModel::State, Qt::DescendingOrder);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setTabKeyNavigation(false);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(theme::rowHeight());
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->horizontalHeader()->setSectionResizeMode(ProblemsModel::Said, QHeaderView::Stretch);
    const int letter = fontMetrics().averageCharWidth();
    const std::pair<int, int> widths[] = {
        {ProblemsModel::State, 12}, {ProblemsModel::Attempted, 30}, {ProblemsModel::Advice, 36},
        {ProblemsModel::Since, 15}, {ProblemsModel::Last, 15},      {ProblemsModel::Times, 8}};
    for (const auto &[column, letters] : widths)
        m_table->setColumnWidth(column, letters * letter + theme::space8);

    m_detail->setObjectName(u"problem-detail"_s);
    m_detail->setAccessibleName(tr("The selected problem in full"));
    m_detail->setWordWrap(true);
    m_detail->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_detail->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_detail->setContentsMargins(theme::space16, theme::space4, theme::space16, theme::space8);
    m_empty->setToken(theme::Token::MutedText);
    m_empty->setAlignment(Qt::AlignCenter);

    auto *title = new Label(tr("Problems"), this);
    title->setScale(1.0, QFont::DemiBold);
    auto *close = new QToolButton(this);
    close->setObjectName(u"close-problems"_s);
    close->setIcon(theme::icon(u"close"_s));
    close->setAutoRaise(true);
    close->setFocusPolicy(Qt::StrongFocus);
    close->setAccessibleName(tr("Close the list of problems"));
    close->setToolTip(tr("Close (Esc)"));
    m_copy->setObjectName(u"copy-problems"_s);
    m_copy->setToolTip(tr("Copy the selected problems, or all (Ctrl+C)"));
    m_clear->setObjectName(u"clear-problems"_s);
    m_clear->setToolTip(tr("Take those that are over from the list"));

    auto *head = new QHBoxLayout;
    head->setContentsMargins(theme::space16, theme::space4, theme::space8, theme::space4);
    head->setSpacing(theme::space8);
    head->addWidget(title);
    head->addStretch(1);
    head->addWidget(m_copy);
    head->addWidget(m_clear);
    head->addWidget(close);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(head);
    column->addWidget(m_empty, 1);
    column->addWidget(m_table, 1);
    column->addWidget(m_detail);

    connect(close, &QToolButton::clicked, this, &ProblemsPanel::closeRequested);
    connect(m_copy, &QPushButton::clicked, this, &ProblemsPanel::copy);
    connect(m_clear, &QPushButton::clicked, this, [this] {
        if (m_cluster)
            m_cluster->clearProblems();
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &ProblemsPanel::showDetail);
    auto *escape = new QShortcut(QKeySequence(Qt::Key_Escape), this);
    escape->setContext(Qt::WidgetWithChildrenShortcut);
    connect(escape, &QShortcut::activated, this, &ProblemsPanel::closeRequested);
    auto *copyKey = new QShortcut(QKeySequence(QKeySequence::Copy), m_table);
    copyKey->setContext(Qt::WidgetShortcut);
    connect(copyKey, &QShortcut::activated, this, &ProblemsPanel::copy);
    refresh(TimeZone::Utc, {});
}

void ProblemsPanel::setCluster(ClusterView *cluster, TimeZone zone, WallTime now)
{
    m_cluster = cluster;
    m_model.clear();
    refresh(zone, now);
}

void ProblemsPanel::refresh(TimeZone zone, WallTime now)
{
    m_zone = zone;
    const auto problems =
        m_cluster ? m_cluster->snapshot()->problems : std::vector<workspace::Problem>{};
    const bool any = !problems.empty();
    m_model.show(problems, zone, now);
    m_table->setVisible(any);
    m_empty->setVisible(!any);
    m_copy->setEnabled(any);
    m_copy->setAccessibleDescription(any ? QString() : tr("There is nothing to copy."));
    const bool anyOver =
        std::ranges::any_of(problems, [](const auto &problem) { return !problem.current; });
    m_clear->setEnabled(anyOver);
    m_clear->setAccessibleDescription(anyOver ? QString() : tr("No problem is over."));
    m_clear->setToolTip(anyOver ? tr("Take those that are over from the list")
                                : tr("No problem is over."));
    showDetail();
}

void ProblemsPanel::takeFocus()
{
    if (m_model.rowCount() == 0)
        return;
    if (!m_table->currentIndex().isValid())
        m_table->setCurrentIndex(m_sorted.index(0, 0));
    m_table->setFocus(Qt::ShortcutFocusReason);
}

void ProblemsPanel::showDetail()
{
    const QModelIndex current = m_table->currentIndex();
    const bool one = current.isValid() && m_model.rowCount() > 0;
    m_detail->setVisible(one);
    if (one)
        m_detail->setPlainText(
            problemText(m_model.row(m_sorted.mapToSource(current).row()), m_zone));
}

void ProblemsPanel::copy()
{
    QStringList texts;
    const auto chosen = m_table->selectionModel()->selectedRows();
    for (int r = 0; r < m_sorted.rowCount(); ++r) {
        const QModelIndex index = m_sorted.index(r, 0);
        if (chosen.isEmpty() || chosen.contains(index))
            texts << problemText(m_model.row(m_sorted.mapToSource(index).row()), m_zone);
    }
    QGuiApplication::clipboard()->setText(texts.join(u"\n\n"_s));
}

} // namespace redrive::ui
