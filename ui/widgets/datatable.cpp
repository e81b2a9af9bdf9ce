#include "ui/widgets/datatable.h"

#include "ui/theme/tokens.h"
#include "ui/widgets/celldelegate.h"
#include "ui/widgets/copying.h"

#include <QAction>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QMessageBox>
#include <QSaveFile>
#include <QScrollBar>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

constexpr int keysHoldMillis = 5000;

} // namespace

DataTable::DataTable(TableModel *model, Settings &settings, const QString &objectName,
                     const QString &title, QWidget *parent)
    : QTableView(parent)
    , m_source(model)
    , m_proxy(new TableProxy(this))
    , m_settings(settings)
{
    setObjectName(objectName);
    setAccessibleName(title);
    m_proxy->setSourceModel(model);
    setModel(m_proxy);
    setItemDelegate(new CellDelegate(this));
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setEditTriggers(NoEditTriggers);
    setShowGrid(false);
    setWordWrap(false);
    setTabKeyNavigation(false);
    setFrameShape(QFrame::NoFrame);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollMode(ScrollPerPixel);
    setCornerButtonEnabled(false);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setMinimumSectionSize(0);
    verticalHeader()->setDefaultSectionSize(theme::rowHeight());
    QHeaderView *header = horizontalHeader();
    header->setHighlightSections(false);
    header->setSectionsMovable(true);
    header->setSectionResizeMode(QHeaderView::Interactive);
    header->setAccessibleName(tr("Columns of %1").arg(title));
    setSortingEnabled(true);
    // Of an empty table whose columns come or go, the proxy forgets by which of them it sorts.
    const auto sortAsSaid = [this] {
        m_proxy->sort(horizontalHeader()->sortIndicatorSection(),
                      horizontalHeader()->sortIndicatorOrder());
    };
    connect(model, &QAbstractItemModel::columnsInserted, m_proxy, sortAsSaid);
    connect(model, &QAbstractItemModel::columnsRemoved, m_proxy, sortAsSaid);
    auto *corner = new QWidget(this);
    corner->setBackgroundRole(QPalette::Base);
    corner->setAutoFillBackground(true);
    setCornerWidget(corner);

    m_copyActions = {
        makeAction(tr("Copy"), QKeySequence::Copy, objectName + u"-copy"_s),
        makeAction(tr("Copy as JSON"), {Qt::CTRL | Qt::SHIFT | Qt::Key_C},
                   objectName + u"-copy-json"_s),
        makeAction(tr("Export as CSV…"), {}, objectName + u"-export"_s),
    };
    connect(m_copyActions[0], &QAction::triggered, this, [this] { copy(toTsv); });
    connect(m_copyActions[1], &QAction::triggered, this, [this] { copy(toJson); });
    connect(m_copyActions[2], &QAction::triggered, this, &DataTable::exportCsv);

    m_saveTimer.setSingleShot(true);
    m_saveTimer.setInterval(300);
    connect(&m_saveTimer, &QTimer::timeout, this, &DataTable::save);
    const auto remember = [this] {
        if (m_keepsLayout && isVisible() && !m_filling)
            m_saveTimer.start();
    };
    connect(header, &QHeaderView::sectionMoved, this, remember);
    connect(header, &QHeaderView::sortIndicatorChanged, this, remember);
    connect(header, &QHeaderView::sectionResized, this, [this, remember](int column) {
        remember();
        if (m_filling || !isVisible())
            return;
        if (column == m_fill)
            m_fillWidth = std::max(columnWidth(m_fill), horizontalHeader()->minimumSectionSize());
        else
            fill();
    });
    connect(this, &QTableView::doubleClicked, this,
            [this](const QModelIndex &index) { emit opened(m_proxy->mapToSource(index).row()); });
}

QAction *DataTable::makeAction(const QString &text, const QKeySequence &keys,
                               const QString &objectName)
{
    auto *action = new QAction(text, this);
    action->setObjectName(objectName);
    action->setShortcut(keys);
    action->setShortcutContext(Qt::WidgetShortcut);
    addAction(action);
    return action;
}

void DataTable::setWidths(const QList<int> &characters, int fillColumn)
{
    const int unit = fontMetrics().horizontalAdvance(u'0');
    for (int column = 0; column < characters.size(); ++column) {
        const int title = fontMetrics().horizontalAdvance(m_source->column(column).title);
        setColumnWidth(column, std::max(characters[column] * unit, title + 2) + 2 * theme::space8);
    }
    m_fill = fillColumn;
    m_fillWidth = columnWidth(fillColumn);
    if (m_keepsLayout)
        m_remembered = horizontalHeader()->restoreState(m_settings.state(objectName()));
    for (const int column : std::as_const(m_optional))
        setColumnHidden(column, true);
}

void DataTable::setOptional(int column)
{
    m_optional.append(column);
    setColumnHidden(column, true);
}

void DataTable::offer(int column, bool hasSomething)
{
    if (hasSomething && isColumnHidden(column)) {
        setColumnHidden(column, false);
        fill();
    }
}

void DataTable::sortFirst(int column, Qt::SortOrder order)
{
    if (!m_remembered)
        sortByColumn(column, order);
    else
        sortByColumn(horizontalHeader()->sortIndicatorSection(),
                     horizontalHeader()->sortIndicatorOrder());
}

bool DataTable::isHeld() const
{
    return viewport()->underMouse() || horizontalHeader()->underMouse() ||
           (hasFocus() && m_lastKey.isValid() && !m_lastKey.hasExpired(keysHoldMillis));
}

void DataTable::update(const std::function<void()> &change)
{
    const bool held = isHeld();
    const QPoint pointer = viewport()->mapFromGlobal(QCursor::pos());
    const bool atTop = verticalScrollBar()->value() == 0;
    const QPersistentModelIndex anchor =
        viewport()->underMouse() ? indexAt(pointer) : indexAt(QPoint(1, 1));
    const int before = anchor.isValid() ? rowViewportPosition(anchor.row()) : 0;
    change();
    // Nobody looks at what has come only now.
    const bool isNew = !anchor.isValid();
    const bool sorts = (!held || isNew) && m_proxy->isOutOfPlace();
    if (sorts)
        m_proxy->settle();
    if (anchor.isValid() && !sorts && (held || !atTop)) {
        const int moved = rowViewportPosition(anchor.row()) - before;
        if (moved != 0)
            verticalScrollBar()->setValue(verticalScrollBar()->value() + moved);
    }
}

int DataTable::currentSourceRow() const
{
    const QModelIndex current = m_proxy->mapToSource(currentIndex());
    return current.isValid() ? current.row() : -1;
}

void DataTable::selectSourceRow(int row)
{
    const QModelIndex index =
        row < 0 ? QModelIndex() : m_proxy->mapFromSource(m_source->index(row, 0));
    if (!index.isValid()) {
        selectionModel()->clear();
        return;
    }
    if (currentIndex().row() == index.row() && selectionModel()->isRowSelected(index.row()))
        return;
    const int column = std::max(0, currentIndex().column());
    setCurrentIndex(index.siblingAtColumn(isColumnHidden(column) ? 0 : column));
}

QMenu *DataTable::makeMenu(QWidget *parent)
{
    auto *menu = new QMenu(parent);
    menu->addActions(m_ownActions);
    if (!m_ownActions.isEmpty())
        menu->addSeparator();
    menu->addActions(m_copyActions);
    return menu;
}

void DataTable::keyPressEvent(QKeyEvent *event)
{
    m_lastKey.start();
    if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) &&
        currentIndex().isValid()) {
        emit opened(currentSourceRow());
        return;
    }
    if (event->matches(QKeySequence::Copy))
        return copy(toTsv);
    if (event->key() == Qt::Key_Space || event->text() == u"/"_s) {
        event->ignore(); // pauses the refresh, puts the cursor into the filter: the window's keys
        return;
    }
    QTableView::keyPressEvent(event);
}

void DataTable::contextMenuEvent(QContextMenuEvent *event)
{
    QPoint at = event->globalPos();
    if (event->reason() == QContextMenuEvent::Keyboard && currentIndex().isValid())
        at = viewport()->mapToGlobal(visualRect(currentIndex()).bottomLeft());
    QMenu *menu = makeMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->popup(at);
}

void DataTable::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    fill();
}

void DataTable::fill()
{
    if (m_fill < 0 || m_filling)
        return;
    int others = 0;
    for (int column = 0; column < m_source->columnCount(); ++column)
        others += column == m_fill || isColumnHidden(column) ? 0 : columnWidth(column);
    m_filling = true;
    setColumnWidth(m_fill, std::max(m_fillWidth, viewport()->width() - others));
    m_filling = false;
}

void DataTable::save()
{
    m_settings.setState(objectName(), horizontalHeader()->saveState());
}

Selection DataTable::selection(bool everything) const
{
    Selection chosen;
    chosen.model = m_proxy;
    for (int row = 0; row < m_proxy->rowCount(); ++row) {
        if (everything || selectionModel()->isRowSelected(row))
            chosen.rows.append(row);
    }
    for (int visual = 0; visual < horizontalHeader()->count(); ++visual) {
        const int column = horizontalHeader()->logicalIndex(visual);
        if (!isColumnHidden(column))
            chosen.columns.append(column);
    }
    return chosen;
}

void DataTable::copy(QString (*as)(const Selection &))
{
    const Selection chosen = selection(false);
    if (!chosen.rows.isEmpty())
        QGuiApplication::clipboard()->setText(as(chosen));
}

void DataTable::exportCsv()
{
    auto *dialog = new QFileDialog(this, tr("Export as CSV"), {}, tr("CSV files (*.csv)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(u"csv"_s);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &path) {
        QSaveFile file(path);
        if (file.open(QIODevice::WriteOnly) && file.write(toCsv(selection(true)).toUtf8()) >= 0 &&
            file.commit())
            return;
        auto *box = new QMessageBox(QMessageBox::Warning, tr("Not exported"),
                                    tr("Writing %1: %2").arg(path, file.errorString()),
                                    QMessageBox::Ok, this);
        box->setTextFormat(Qt::PlainText);
        box->setAttribute(Qt::WA_DeleteOnClose);
        box->open();
    });
    dialog->open();
}

} // namespace redrive::ui
