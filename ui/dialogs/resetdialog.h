#pragma once

#include "core/offsets/plan.h"
#include "ui/bridge/clusterview.h"
#include "ui/bridge/sessionseek.h"
#include "ui/dialogs/resetwords.h"
#include "ui/settings/settings.h"

#include <QDialog>
#include <QElapsedTimer>
#include <QPointer>
#include <QTimer>

#include <memory>
#include <optional>
#include <vector>

class QAction;
class QCheckBox;
class QLineEdit;
class QPushButton;
class QStackedWidget;

namespace redrive::ui {

class DataTable;
class EmptyState;
class Label;
class PlanModel;
class ResetScope;
class ResetTarget;

/// The plan of a change to a group's offsets: what is entered is planned anew after a short pause,
/// the table fills as rows resolve, and what has been agreed to is applied, or waits until the
/// group is empty. Not modal. Closing it leaves a job that waits or writes to the window's jobs.
/// Owned by the window; deletes itself when closed.
class ResetDialog : public QDialog
{
    Q_OBJECT
public:
    static constexpr int pauseMillis = 300; ///< from the last change to planning

    ResetDialog(ClusterView *cluster, Settings &settings, const GroupId &group,
                QWidget *parent = nullptr);
    ~ResetDialog() override;

    const GroupId &group() const { return m_group; }
    ClusterView *cluster() const { return m_cluster; }
    int job() const { return m_job; }
    /// Fills in what is wished; nothing is changed while a job is busy.
    void fillIn(const OffsetWish &wish);
    /// Shows a job that went on without a dialog.
    void attach(int job);
    /// The plan as it would be applied; null: there is none.
    const offsets::Plan *plan() const { return m_shown ? &*m_shown : nullptr; }

protected:
    void done(int result) override;
    void keyPressEvent(QKeyEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    // Building (resetdialogbuild.cpp)
    void build();
    QWidget *buildTop();
    QWidget *buildStatus();
    QWidget *buildTable();
    QWidget *buildBottom();
    QLayout *buildFields();
    QLayout *buildButtons();
    void setTabOrders();

    // What is asked for
    std::optional<offsets::PlanRequest> entered() const;
    void enteredAnew();
    void planNow();
    void leaveOut(const std::vector<TopicPartition> &partitions);
    void refreshGroups();

    // What the job says
    void jobChanged(int id);
    void takePlan(const offsets::JobSnapshot &snapshot);
    void takeRefusal(const Error &error);
    void say(const QString &message, bool isBad);

    // What is done
    void applyNow();
    void waitFor(Millis expires);
    void stop();
    void seekSession();
    void undo();
    void fixOn(const offsets::PlanRequest &request);
    void savePlan();
    void copyCommand(bool asKafka);
    kafka::Confirmation confirmation() const;

    // What is shown (resetdialogshow.cpp)
    void showTable();
    void showAll();
    void showStatus();
    void showWay();
    void showMessage();
    void showButtons();
    bool isLocked() const;
    bool hasOwnSession() const;
    ResetState state() const;
    const offsets::JobSnapshot &snapshot() const;

    QPointer<ClusterView> m_cluster;
    QPointer<OffsetJobs> m_jobs;
    Settings &m_settings;
    GroupId m_group;
    OffsetRelay m_relay;
    int m_job = 0;
    std::optional<offsets::PlanRequest> m_fixed; ///< an undo: it stands as it is
    std::optional<offsets::Plan> m_plan;         ///< as it was made
    std::optional<offsets::Plan> m_shown;        ///< without what was left out
    std::vector<TopicPartition> m_leftOut;
    bool m_isOld = false;     ///< something was entered since it was made
    bool m_isPlanned = false; ///< it is whole: every row has been looked up
    bool m_wasRefusedMoving = false;
    bool m_messageStays = false; ///< over the next planning
    QString m_message;
    bool m_messageIsBad = false;
    std::optional<offsets::JobState> m_stateBefore;
    std::unique_ptr<SessionSeek> m_seek;
    std::optional<offsets::Applied> m_applied;
    QTimer m_pause;
    QTimer m_tick; ///< countdowns
    QElapsedTimer m_filledAt;

    QWidget *m_entry = nullptr;
    ResetScope *m_scope = nullptr;
    ResetTarget *m_target = nullptr;
    Label *m_fixedWords = nullptr;
    Label *m_status = nullptr;
    QPushButton *m_stop = nullptr;
    QStackedWidget *m_middle = nullptr;
    EmptyState *m_empty = nullptr;
    PlanModel *m_model = nullptr;
    DataTable *m_table = nullptr;
    QAction *m_leaveOutAction = nullptr;
    QAction *m_leaveOutErrorsAction = nullptr;
    Label *m_sums = nullptr;
    QPushButton *m_leaveOutErrors = nullptr;
    Label *m_way = nullptr;
    QPushButton *m_wait = nullptr;
    QPushButton *m_seekButton = nullptr;
    QCheckBox *m_evenIfMoving = nullptr;
    QCheckBox *m_create = nullptr;
    Label *m_messageLabel = nullptr;
    QLineEdit *m_reason = nullptr;
    QWidget *m_typeRow = nullptr;
    QLineEdit *m_typed = nullptr;
    QPushButton *m_copy = nullptr;
    QPushButton *m_save = nullptr;
    QPushButton *m_undo = nullptr;
    QPushButton *m_cancel = nullptr;
    QPushButton *m_apply = nullptr;
};

} // namespace redrive::ui
