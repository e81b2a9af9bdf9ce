#pragma once

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

    void show(const store::JournalEntry &entry, TimeZone zone, WallTime now);
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
};

} // namespace redrive::ui
