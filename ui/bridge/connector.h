#pragma once

#include "core/workspace/profile.h"
#include "ui/bridge/clusterview.h"
#include "ui/bridge/secretstore.h"

#include <QObject>

#include <functional>
#include <memory>
#include <string>

namespace redrive::ui {

/// Turns a profile into an open cluster: fetches its secrets from the keychain, then opens the
/// session. UI thread; nothing here blocks. Owned by the window.
class Connector : public QObject
{
    Q_OBJECT
public:
    using SessionFactory = std::function<Result<std::unique_ptr<workspace::ClusterSession>>(
        const workspace::Profile &, const workspace::KeychainReader &, workspace::SessionOptions)>;
    using Opened = std::function<void(Result<std::unique_ptr<ClusterView>>)>;
    using Resolved = std::function<void(Result<kafka::ConnectionSettings>)>;

    /// What runs consumers on a cluster; called on the UI thread, and may not block.
    using RunnerFactory = std::function<std::shared_ptr<ConsumerRunner>(
        const workspace::Profile &, const workspace::KeychainReader &)>;

    /// What plans and makes changes to groups' offsets; likewise.
    using OffsetRunnerFactory = std::function<std::shared_ptr<OffsetRunner>(
        const workspace::Profile &, const workspace::KeychainReader &)>;

    Connector(SecretStore &store, SessionFactory factory, QObject *parent = nullptr);

    /// Without one, no sessions can be started.
    void setRunnerFactory(RunnerFactory factory) { m_runners = std::move(factory); }
    /// Without one, no offsets can be moved.
    void setOffsetRunnerFactory(OffsetRunnerFactory factory) { m_offsets = std::move(factory); }
    /// Of all clusters. Without one, the window shows no journal.
    void setJournal(std::shared_ptr<JournalReader> journal) { m_journal = std::move(journal); }

    /// Calls `opened` once: at once when no secret has to be fetched, else later.
    void open(const workspace::Profile &profile, Millis interval, Opened opened);
    /// The same up to the connection's settings, for testing them. `typed` are secrets not kept
    /// anywhere yet.
    void resolve(const workspace::Profile &profile, const Secrets &typed, Resolved resolved);

    /// Keeps a secret for as long as the window runs, and nowhere else.
    void remember(const std::string &key, const std::string &secret) { m_session[key] = secret; }
    SecretStore &store() const { return m_store; }

private:
    using Gathered = std::function<void(Result<Secrets>)>;
    void gather(const workspace::Profile &profile, const Secrets &typed, Gathered gathered);

    SecretStore &m_store;
    SessionFactory m_factory;
    RunnerFactory m_runners;
    OffsetRunnerFactory m_offsets;
    std::shared_ptr<JournalReader> m_journal;
    Secrets m_session; ///< by keychain key: typed for this session only
};

/// The keychain's key for a property of a profile: "redrive/NAME/sasl.password".
std::string keychainKey(const std::string &profile, const std::string &property);
/// The keys of the `keychain:` references of a profile.
std::vector<std::string> keychainReferences(const workspace::Profile &profile);

} // namespace redrive::ui
