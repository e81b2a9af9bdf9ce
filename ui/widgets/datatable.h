#pragma once

#include "ui/models/tablemodel.h"
#include "ui/models/tableproxy.h"
#include "ui/settings/settings.h"

#include <QElapsedTimer>
#include <QTableView>
#include <QTimer>

#include <functional>

QT_BEGIN_NAMESPACE
class QMenu;
QT_END_NAMESPACE

namespace redrive::ui {

struct Selection;

/// A table as all of the window's are: whole rows, plain text, sortable, copied as TSV or JSON,
/// exported as CSV, its columns kept over restarts. Rows do not move while the pointer is over it
/// or keys are pressed in it.
class DataTable : public QTableView
{
    Q_OBJECT
public:
    /// `objectName` is stable and kebab-case, and keys what is remembered; `title` is what one sees
    /// above it.
    DataTable(TableModel *model, Settings &settings, const QString &objectName,
              const QString &title, QWidget *parent = nullptr);

    TableProxy &proxy() { return *m_proxy; }
    TableModel &source() { return *m_source; }

    /// For tables whose columns come and go. Called before setWidths().
    void forgetLayout() { m_keepsLayout = false; }
    /// Widths in digits, for a first start; no column is narrower than its title. The column `fill`
    /// takes what is left over, at least its own.
    void setWidths(const QList<int> &characters, int fill);
    /// Columns that are hidden until a row has something to say in them; once shown they stay.
    void setOptional(int column);
    void offer(int column, bool hasSomething);
    void sortFirst(int column, Qt::SortOrder order); ///< unless another order is remembered

    /// Runs a change of the source model so that what is looked at stays where it is: the row under
    /// the pointer, else the topmost one. Sorts and filters again where nobody is looking closely.
    void update(const std::function<void()> &change);

    int currentSourceRow() const;  ///< -1: none
    void selectSourceRow(int row); ///< -1 clears the selection; a row that is filtered out, too

    /// Shown above the copy actions in the menu.
    void addMenuAction(QAction *action) { m_ownActions.append(action); }
    QMenu *makeMenu(QWidget *parent);

signals:
    void opened(int sourceRow); ///< Enter or a double click

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    bool isHeld() const;
    void fill();
    void save();
    void copy(QString (*as)(const Selection &));
    void exportCsv();
    Selection selection(bool everything) const;
    QAction *makeAction(const QString &text, const QKeySequence &keys, const QString &objectName);

    TableModel *m_source;
    TableProxy *m_proxy;
    Settings &m_settings;
    QList<QAction *> m_ownActions;
    QList<QAction *> m_copyActions;
    QList<int> m_optional;
    int m_fill = -1;
    int m_fillWidth = 0;
    bool m_filling = false;
    bool m_keepsLayout = true;
    bool m_remembered = false;
    QElapsedTimer m_lastKey;
    QTimer m_saveTimer;
};

} // namespace redrive::ui
