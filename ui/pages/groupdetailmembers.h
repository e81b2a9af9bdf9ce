#pragma once

#include "core/model/lag.h"
#include "ui/settings/settings.h"

#include <QWidget>

#include <memory>
#include <string>

QT_BEGIN_NAMESPACE
class QLabel;
QT_END_NAMESPACE

namespace redrive::ui {

class AssignmentModel;
class DataTable;
class MemberModel;

/// The Members tab: who is in the group, and beneath it what the chosen member was assigned.
class GroupDetailMembers : public QWidget
{
    Q_OBJECT
public:
    explicit GroupDetailMembers(Settings &settings, QWidget *parent = nullptr);

    /// Null: nothing is known.
    void show(std::shared_ptr<const GroupDetail> detail);
    void forget();

private:
    void showAssignment();

    std::shared_ptr<const GroupDetail> m_detail;
    std::string m_member; ///< chosen; empty: none
    MemberModel *m_members;
    AssignmentModel *m_assignment;
    DataTable *m_table;
    DataTable *m_assignmentTable;
    QLabel *m_caption;
    bool m_updating = false;
};

} // namespace redrive::ui
