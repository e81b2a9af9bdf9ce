#include "ui/pages/listdetail.h"

#include "ui/shell/label.h"
#include "ui/theme/tokens.h"
#include "ui/widgets/clusterwords.h"
#include "ui/widgets/datatable.h"
#include "ui/widgets/emptystate.h"

#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace redrive::ui {

ListDetail::ListDetail(Settings &settings, const QString &name, QWidget *filter, DataTable *table,
                       QWidget *detail, int listShare, int detailShare, QWidget *parent)
    : QWidget(parent)
    , m_table(table)
    , m_detail(detail)
    , m_noDetail(new EmptyState(this))
    , m_empty(new EmptyState(this))
    , m_noMatch(new EmptyState(this))
    , m_banner(new Label({}, this))
    , m_splitter(new QSplitter(this))
    , m_stack(new QStackedWidget(this))
    , m_listStack(new QStackedWidget(this))
    , m_detailStack(new QStackedWidget(this))
{
    m_listStack->addWidget(m_table);
    m_listStack->addWidget(m_noMatch);
    m_detailStack->addWidget(m_noDetail);
    m_detailStack->addWidget(m_detail);
    auto *list = new QWidget(this);
    auto *listColumn = new QVBoxLayout(list);
    listColumn->setContentsMargins(0, 0, 0, 0);
    listColumn->setSpacing(0);
    listColumn->addWidget(filter);
    listColumn->addWidget(m_listStack, 1);
    m_splitter->setObjectName(name + u"-splitter"_s);
    m_splitter->addWidget(list);
    m_splitter->addWidget(m_detailStack);
    m_splitter->setSizes({1000 * listShare, 1000 * detailShare});
    m_splitter->setStretchFactor(0, listShare);
    m_splitter->setStretchFactor(1, detailShare);
    m_splitter->setCollapsible(0, false);
    m_splitter->restoreState(settings.state(m_splitter->objectName()));
    m_stack->addWidget(m_splitter);
    m_stack->addWidget(m_empty);
    m_banner->setObjectName(name + u"-banner"_s);
    m_banner->setToken(theme::Token::Warning);
    m_banner->setWordWrap(true);
    m_banner->setContentsMargins(theme::space12, theme::space8, theme::space12, theme::space8);
    m_banner->hide();
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_banner);
    column->addWidget(m_stack, 1);

    connect(m_splitter, &QSplitter::splitterMoved, this, [this, &settings] {
        settings.setState(m_splitter->objectName(), m_splitter->saveState());
    });
    connect(m_empty, &EmptyState::pressed, this, &ListDetail::refreshRequested);
    connect(m_noMatch, &EmptyState::pressed, this, &ListDetail::everythingRequested);
    auto *back = new QShortcut(Qt::Key_Escape, m_detail);
    back->setContext(Qt::WidgetWithChildrenShortcut);
    connect(back, &QShortcut::activated, m_table, [this] { m_table->setFocus(); });
}

void ListDetail::sayNoDetail(const QString &title, const QString &text)
{
    m_noDetail->say(title, text);
}

void ListDetail::sayNoMatch(const QString &title, const QString &text, const QString &button)
{
    m_noMatch->say(title, text, button);
}

void ListDetail::showDetail(bool chosen)
{
    m_detailStack->setCurrentWidget(chosen ? m_detail : m_noDetail);
}

void ListDetail::showMatches(bool any)
{
    m_listStack->setCurrentWidget(any ? static_cast<QWidget *>(m_table) : m_noMatch);
}

void ListDetail::showState(const ClusterView *cluster, bool listed, bool hasRows,
                           const ListWords &words, TimeZone zone)
{
    if (!cluster) {
        m_empty->say(tr("No cluster is open"), words.noCluster);
    } else if (!listed) {
        const auto &[title, text] =
            waitingWords(cluster->name(), *cluster->snapshot(), words.whatIsListed);
        const bool failed = cluster->snapshot()->connectionError.has_value();
        m_empty->say(title, text, failed ? tr("Try again now") : QString());
    } else if (!hasRows) {
        m_empty->say(words.none, words.whenSome);
    }
    m_stack->setCurrentWidget(hasRows ? static_cast<QWidget *>(m_splitter) : m_empty);
    const QString line = cluster ? staleLine(*cluster->snapshot(), zone, wallNow()) : QString();
    m_banner->setText(line);
    m_banner->setVisible(!line.isEmpty() && hasRows);
}

} // namespace redrive::ui
