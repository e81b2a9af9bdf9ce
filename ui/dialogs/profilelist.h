#pragma once

#include "core/workspace/profilestore.h"
#include "ui/shell/label.h"

#include <QWidget>

#include <optional>

class QListWidget;
class QPushButton;

namespace redrive::ui {

/// The saved profiles: open, edit, remove (which can be undone), and what is wrong with their file,
/// by line and key.
class ProfileList : public QWidget
{
    Q_OBJECT
public:
    explicit ProfileList(workspace::ProfileStore &store, QWidget *parent = nullptr);

    /// Reads the file again; keeps the selection by name.
    void reload();
    bool isEmpty() const { return m_loaded.profiles.empty() && m_loaded.problems.empty(); }
    const std::vector<workspace::Profile> &profiles() const { return m_loaded.profiles; }
    void select(const QString &name);
    /// The last removal stands from now on; its secrets go, too.
    void settle();

signals:
    void opened(const workspace::Profile &profile);
    void edited(const workspace::Profile &profile);
    void newRequested();
    /// For good: undo has passed.
    void removed(const workspace::Profile &profile);

private:
    std::optional<workspace::Profile> chosen() const;
    void showButtons();
    void remove();
    void undo();

    workspace::ProfileStore &m_store;
    workspace::LoadedProfiles m_loaded;
    std::optional<workspace::Profile> m_removed;
    QListWidget *m_list;
    QPushButton *m_open;
    QPushButton *m_edit;
    QPushButton *m_remove;
    QPushButton *m_undo;
    Label *m_problems;
};

} // namespace redrive::ui
