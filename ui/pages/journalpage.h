#pragma once

#include "ui/bridge/journalfeed.h"
#include "ui/pages/page.h"
#include "ui/settings/settings.h"

#include <memory>
#include <string>

class QComboBox;
class QLineEdit;
class QSplitter;
class QStackedWidget;

namespace redrive::ui {

class DataTable;
class EmptyState;
class JournalAudit;
class JournalDetail;
class JournalModel;
class Label;

/// What Redrive changed on a cluster, here and when: the list, newest first, and what the change
/// that is looked at did, partition by partition. From here it is taken back.
class JournalPage : public Page
{
    Q_OBJECT
public:
    JournalPage(Settings &settings, QWidget *parent = nullptr);
    ~JournalPage() override;

    QString title() const override;
    void setCluster(ClusterView *cluster) override;
    void setShown(bool shown) override;
    void focusFilter() override;
    std::vector<PaletteEntry> paletteEntries() const override;
    QString place() const override; ///< the id of the change that is looked at
    void goTo(const QString &place) override;

    /// Something was changed by this window: looks at once.
    void changeMade();

private:
    QWidget *makeFilterLine();
    void makeActions();
    void openFeed();
    void refresh();
    void refreshList();
    void refreshGroups();
    void refreshDetail();
    void refreshActions();
    void refreshEmptiness();
    void settle();
    void showCount();
    void filterAgain();
    void clearFilter();
    bool accepts(int row) const;
    void choose(const std::string &id);
    const store::JournalEntry *entry() const; ///< null: none is chosen
    const JournalReading *reading() const;    ///< null: none yet

    Settings &m_settings;
    QPointer<ClusterView> m_cluster;
    std::unique_ptr<JournalFeed> m_feed; ///< null while the cluster's id is not known
    bool m_shown = false;
    bool m_changing = false; ///< rows change by themselves: no wish of anybody's
    std::string m_chosen;    ///< empty: none

    QAction *m_undo = nullptr;
    QAction *m_openGroup = nullptr;
    QLineEdit *m_filter; ///< made first: the keyboard reaches it before the table
    QComboBox *m_group;
    Label *m_count;
    JournalModel *m_model;
    DataTable *m_table;
    JournalDetail *m_detail = nullptr;
    JournalAudit *m_audit;
    EmptyState *m_empty;    ///< in place of the whole page
    EmptyState *m_noMatch;  ///< in place of the table
    EmptyState *m_noDetail; ///< in place of the detail
    Label *m_problem;       ///< above a list that cannot be read again
    QSplitter *m_splitter;
    QStackedWidget *m_stack;
    QStackedWidget *m_listStack;
    QStackedWidget *m_detailStack;
};

} // namespace redrive::ui
