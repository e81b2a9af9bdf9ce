#pragma once

#include "core/workspace/profilestore.h"
#include "ui/bridge/connectiontester.h"
#include "ui/bridge/connector.h"
#include "ui/dialogs/profiledraft.h"
#include "ui/pages/page.h"
#include "ui/shell/label.h"

class QBoxLayout;
class QCheckBox;
class QPushButton;

namespace redrive::ui {

class ConnectionTestView;
class ProfileForm;
class ProfileList;

/// Connecting: the saved profiles, the form, a test with words for each step, and imports. The
/// first page of a first start.
class ConnectPage : public Page
{
    Q_OBJECT
public:
    /// `test` empty: the real one.
    ConnectPage(Connector &connector, workspace::ProfileStore &store, QWidget *parent = nullptr,
                ConnectionTester::Test test = {});

    QString title() const override;
    void setCluster(ClusterView *) override {}
    void setShown(bool shown) override;

    /// The form with a profile that could not be opened, and why.
    void showFailure(const workspace::Profile &profile, bool saved, const Error &error);
    void chooseImport();
    void importFile(const QString &path);

protected:
    void resizeEvent(QResizeEvent *event) override;

signals:
    void connectRequested(const redrive::workspace::Profile &profile, bool saved);

private:
    QWidget *buildHead();
    QWidget *buildFooter();
    void edit(const workspace::Profile &profile, bool saved);
    void startNew();
    void test();
    /// Takes what is in the form, if it can be used.
    std::optional<FinishedDraft> finished();
    void save(const std::function<void()> &then);
    void writeSecrets(const FinishedDraft &draft, std::vector<std::string> keys,
                      const std::function<void()> &then);
    void store(const workspace::Profile &profile, const std::function<void()> &then);
    void connectNow();
    void say(theme::Token token, const QString &text);
    void showList();
    void forget(const workspace::Profile &profile);

    Connector &m_connector;
    workspace::ProfileStore &m_store;
    ConnectionTester m_tester;
    std::string m_editing; ///< name of the saved profile in the form; empty: a new one
    QBoxLayout *m_layout = nullptr;
    QFrame *m_line = nullptr;
    ProfileList *m_list;
    Label *m_heading;
    Label *m_message;
    ProfileForm *m_form;
    ConnectionTestView *m_testView;
    QCheckBox *m_keep;
    QPushButton *m_test;
    QPushButton *m_connect;
};

} // namespace redrive::ui
