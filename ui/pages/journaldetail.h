#pragma once

#include "core/model/lag.h"
#include "core/store/journal.h"
#include "ui/format/format.h"
#include "ui/settings/settings.h"

#include <QWidget>

#include <vector>

class QAction;

namespace redrive::ui {

class DataTable;
class ElidedLabel;
class JournalRowModel;
class Label;

/// The panel beneath the list of changes: what one of them did, partition by partition.
class JournalDetail : public QWidget
{
    Q_OBJECT
public:
    /// `actions` become buttons; they stay the page's.
    JournalDetail(Settings &settings, const std::vector<QAction *> &actions,
                  QWidget *parent = nullptr);

    /// `group`: as it is now, or null; it tells what came of a change that nobody knows about.
    void show(const store::JournalEntry &entry, const GroupDetail *group, TimeZone zone,
              WallTime now);
    void forget();
    void focusContents(); ///< the keyboard goes to the partitions

private:
    JournalRowModel *m_model;
    DataTable *m_table;
    ElidedLabel *m_name;
    Label *m_state;
    ElidedLabel *m_about;
    Label *m_reason;
    Label *m_outcome;
    Label *m_settled;
};

} // namespace redrive::ui
