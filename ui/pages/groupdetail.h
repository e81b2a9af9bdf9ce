#pragma once

#include "core/workspace/snapshot.h"
#include "ui/bridge/offsetrunner.h"
#include "ui/models/groupmodel.h"
#include "ui/settings/settings.h"

#include <QWidget>

#include <memory>
#include <optional>
#include <vector>

QT_BEGIN_NAMESPACE
class QAction;
class QHBoxLayout;
class QMenu;
class QPlainTextEdit;
class QTabWidget;
class QToolButton;
QT_END_NAMESPACE

namespace redrive::ui {

class DataTable;
class ElidedLabel;
class GroupDetailLag;
class GroupDetailMembers;
class Label;
class PartitionModel;

/// What is shown of the chosen group at one moment. `detail` and `history` are of this group and no
/// other, or null while it is being read.
struct GroupView
{
    GroupId group;
    GroupList groups;                      ///< keeps `summary` alive
    const GroupSummary *summary = nullptr; ///< null: not in the list
    std::shared_ptr<const GroupDetail> detail;
    std::shared_ptr<const workspace::GroupHistory> history;
};

/// The panel beside the list of groups: one group, looked at closely.
class GroupDetailPanel : public QWidget
{
    Q_OBJECT
public:
    explicit GroupDetailPanel(Settings &settings, QWidget *parent = nullptr);

    void show(const GroupView &view);
    void setMenu(QMenu *menu); ///< of the "…" button
    void addButton(QAction *action);
    void focusContents(); ///< the keyboard goes to the tab that is shown
    void applyTheme();
    void setCanMove(bool can); ///< offsets can be changed in this window
    /// What can be done with the partitions that are selected.
    const std::vector<QAction *> &moves() const { return m_moves; }

signals:
    void offsetsRequested(const redrive::ui::OffsetWish &wish);

private:
    // (groupdetailmoves.cpp)
    void makeMoves();
    void adaptMoves();
    void moveSelected(const std::optional<offsets::Target> &target);
    std::vector<const PartitionLag *> selectedPartitions() const;

    void showHeader();
    void showPartitions();
    void showRaw();
    QWidget *makeHeader();
    QWidget *makePartitions();
    QWidget *makeRaw();

    Settings &m_settings;
    std::vector<QAction *> m_moves;
    bool m_canMove = false;
    GroupView m_view;
    QString m_rawText;
    ElidedLabel *m_name = nullptr;
    QToolButton *m_actions = nullptr;
    Label *m_headline = nullptr;
    Label *m_lag = nullptr;
    Label *m_lagCaption = nullptr;
    Label *m_times = nullptr;
    Label *m_remarks = nullptr;
    QHBoxLayout *m_buttons = nullptr;
    QTabWidget *m_tabs = nullptr;
    PartitionModel *m_partitions = nullptr;
    DataTable *m_partitionTable = nullptr;
    Label *m_partitionNote = nullptr;
    GroupDetailMembers *m_members = nullptr;
    GroupDetailLag *m_lagTab = nullptr;
    QPlainTextEdit *m_raw = nullptr;
};

} // namespace redrive::ui
