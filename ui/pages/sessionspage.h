#pragma once

#include "ui/bridge/consumersessions.h"
#include "ui/pages/page.h"
#include "ui/settings/settings.h"

#include <QTimer>

#include <optional>

class QSplitter;
class QStackedWidget;

namespace redrive::ui {

class DataTable;
class EmptyState;
class Label;
class SessionModel;
class SessionsDetail;

/// The consumers that run here: a list of them, running and ended, and the one that is looked at.
class SessionsPage : public Page
{
    Q_OBJECT
public:
    SessionsPage(Settings &settings, QWidget *parent = nullptr);

    QString title() const override;
    void setCluster(ClusterView *cluster) override;
    void setShown(bool shown) override;
    void focusFilter() override;
    std::vector<PaletteEntry> paletteEntries() const override;
    QString place() const override;
    void goTo(const QString &place) override;

    /// Opens the form with that group and the topics that it is known to read.
    void join(const QString &group);
    void openForm();
    void openProduce();

protected:
    void changeEvent(QEvent *event) override;

private:
    QAction *make(const char *name, const QString &text, const QString &help,
                  const QKeySequence &keys);
    void makeActions();
    QWidget *makeBar();
    void refresh();
    void refreshList();
    void refreshDetail();
    void refreshActions();
    void choose(int session);
    void chooseCurrent();
    void confirmKill();
    void startedSession(int session);
    ConsumerSessions *sessions() const;
    const SessionEntry *entry() const;

    Settings &m_settings;
    QPointer<ClusterView> m_cluster;
    bool m_shown = false;
    bool m_changing = false; ///< rows change by themselves: no wish of anybody's
    int m_chosen = 0;        ///< 0: none

    QAction *m_start = nullptr;
    QAction *m_produce = nullptr;
    QAction *m_pauseAll = nullptr;
    QAction *m_resumeAll = nullptr;
    QAction *m_stop = nullptr;
    QAction *m_kill = nullptr;
    QAction *m_remove = nullptr;
    SessionModel *m_model;
    DataTable *m_table;
    SessionsDetail *m_detail = nullptr;
    Label *m_count = nullptr;
    EmptyState *m_empty;
    EmptyState *m_noDetail;
    QSplitter *m_splitter;
    QStackedWidget *m_stack;
    QStackedWidget *m_detailStack;
};

} // namespace redrive::ui
