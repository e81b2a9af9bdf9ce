#pragma once

#include "ui/bridge/journalfeed.h"
#include "ui/format/format.h"

#include <QPointer>
#include <QWidget>

#include <vector>

class QAction;

namespace redrive::ui {

class Label;

/// The strip beneath the journal: whether the audit log's chain holds, and its export.
class JournalAudit : public QWidget
{
    Q_OBJECT
public:
    explicit JournalAudit(QWidget *parent = nullptr);

    /// Null: there is no journal to look into.
    void setFeed(JournalFeed *feed);
    void show(TimeZone zone, WallTime now);
    std::vector<QAction *> actions() const { return {m_verify, m_export}; }

private:
    void chooseFile();

    QPointer<JournalFeed> m_feed;
    QAction *m_verify;
    QAction *m_export;
    Label *m_words;
};

} // namespace redrive::ui
