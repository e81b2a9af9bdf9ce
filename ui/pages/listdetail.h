#pragma once

#include "ui/bridge/clusterview.h"
#include "ui/settings/settings.h"

#include <QWidget>

QT_BEGIN_NAMESPACE
class QSplitter;
class QStackedWidget;
QT_END_NAMESPACE

namespace redrive::ui {

class DataTable;
class EmptyState;
class Label;

/// What a page says where there is nothing to list.
struct ListWords
{
    QString whatIsListed; ///< "groups", as in "Reading groups…"
    QString noCluster;    ///< what opening a cluster would show
    QString none;         ///< the cluster has none of them
    QString whenSome;     ///< what makes one appear
};

/// The frame of a page: a list, beside it what is chosen of the list, words where there is nothing
/// to show, and above all a line while what is shown is not fresh. Where the list ends and the
/// detail begins is remembered.
class ListDetail : public QWidget
{
    Q_OBJECT
public:
    /// `name` begins the object names: "groups" of "groups-splitter". `filter` stands above the
    /// table. The shares are those of a first start.
    ListDetail(Settings &settings, const QString &name, QWidget *filter, DataTable *table,
               QWidget *detail, int listShare, int detailShare, QWidget *parent);

    void sayNoDetail(const QString &title, const QString &text);
    void sayNoMatch(const QString &title, const QString &text, const QString &button);
    void showDetail(bool chosen);
    /// False: the filter leaves no row of those there are.
    void showMatches(bool any);
    /// `listed`: the cluster's list was had at least once. `cluster` may be null.
    void showState(const ClusterView *cluster, bool listed, bool hasRows, const ListWords &words,
                   TimeZone zone);

signals:
    void refreshRequested();
    void everythingRequested(); ///< the filter is to let everything through

private:
    DataTable *m_table;
    QWidget *m_detail;
    EmptyState *m_noDetail;
    EmptyState *m_empty;   ///< in place of the whole page
    EmptyState *m_noMatch; ///< in place of the table
    Label *m_banner;
    QSplitter *m_splitter;
    QStackedWidget *m_stack;
    QStackedWidget *m_listStack;
    QStackedWidget *m_detailStack;
};

} // namespace redrive::ui
