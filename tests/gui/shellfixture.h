#pragma once

#include "core/workspace/profilestore.h"
#include "tests/gui/groupsfixture.h"
#include "ui/bridge/connector.h"
#include "ui/settings/settings.h"
#include "ui/shell/mainwindow.h"
#include "ui/theme/tokens.h"

#include <QTemporaryDir>
#include <QtTest>

#include <map>
#include <memory>

namespace redrive::test {

/// A keychain in memory; may be told to refuse.
class MemorySecrets final : public ui::SecretStore
{
public:
    std::map<QString, QString> kept;
    bool refuses = false;

    void read(const QString &key, QObject *context, ReadDone done) override
    {
        post(context, [this, key, done = std::move(done)] {
            if (refuses || !kept.contains(key))
                done(refusal());
            else
                done(kept.at(key).toStdString());
        });
    }
    void write(const QString &key, const QString &secret, QObject *context, WriteDone done) override
    {
        post(context, [this, key, secret, done = std::move(done)] {
            if (refuses) {
                done(refusal());
                return;
            }
            kept[key] = secret;
            done({});
        });
    }
    void remove(const QString &key) override { kept.erase(key); }

private:
    static Error refusal()
    {
        return {.kind = Error::Kind::Unsupported,
                .code = "KEYCHAIN_UNAVAILABLE",
                .message = "no keychain is running",
                .attempted = "using the keychain",
                .retriable = std::nullopt};
    }
    static void post(QObject *context, std::function<void()> call)
    {
        QMetaObject::invokeMethod(context, std::move(call), Qt::QueuedConnection);
    }
};

using SnapshotPtr = std::shared_ptr<workspace::ClusterSnapshot>;

inline SnapshotPtr liveSnapshot(std::vector<GroupSummary> groups)
{
    auto snapshot = std::make_shared<workspace::ClusterSnapshot>();
    static std::uint64_t sequence = 0;
    snapshot->sequence = ++sequence;
    snapshot->connection = workspace::Connection::Live;
    snapshot->since = WallTime(Millis(1'795'258'900'000));
    snapshot->refreshedAt = WallTime(Millis(1'795'258'950'000));
    snapshot->refreshDuration = Millis(240);
    std::ranges::sort(groups, {}, [](const GroupSummary &g) { return g.listing.id; });
    snapshot->groups = std::make_shared<const std::vector<GroupSummary>>(std::move(groups));
    ClusterInfo cluster;
    cluster.clusterId = "Mk3OEYBSD34fcwNTJENDM2Qk";
    cluster.controllerId = 1;
    for (int id = 1; id <= 3; ++id)
        cluster.brokers.push_back(
            {.id = id,
             .host = "broker-" + std::to_string(id) + ".kafka.svc",
             .port = 9092,
             .rack = "eu-1" + std::string(1, static_cast<char>('a' + id - 1))});
    snapshot->cluster = cluster;
    return snapshot;
}

/// A window over nothing: its settings and profiles lie in a directory of this test.
class ShellFixture
{
public:
    ShellFixture()
        : ShellFixture(nullptr)
    {
    }
    explicit ShellFixture(const ui::Connector::SessionFactory &factory)
    {
        qputenv("XDG_CONFIG_HOME", m_directory.path().toLocal8Bit());
        qputenv("XDG_STATE_HOME", m_directory.path().toLocal8Bit());
        settings = std::make_unique<ui::Settings>();
        ui::theme::apply(settings->scheme());
        profiles = std::make_unique<workspace::ProfileStore>(
            (m_directory.path() + QStringLiteral("/profiles.toml")).toStdString());
        connector = std::make_unique<ui::Connector>(
            secrets, factory ? factory : [](const auto &, const auto &, auto) {
                return Result<std::unique_ptr<workspace::ClusterSession>>(
                    brokerError("opening", "this test opens nothing", "NONE"));
            });
    }

    QString path(const QString &name) const { return m_directory.filePath(name); }
    void write(const QString &name, const QByteArray &text) const
    {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }

    ui::MainWindow &window()
    {
        if (!m_window)
            m_window = std::make_unique<ui::MainWindow>(*settings, *connector, *profiles);
        return *m_window;
    }
    void closeWindow() { m_window.reset(); }
    void showWindow(const QSize &size = {1240, 780})
    {
        window().resize(size);
        window().show();
        QVERIFY(QTest::qWaitForWindowExposed(&window()));
        window().activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window()));
    }

    /// Opens a cluster without a session; the view stays the window's.
    ui::ClusterView *addCluster(const QString &name, const SnapshotPtr &snapshot,
                                kafka::AccessPolicy policy = {}, const QStringList &weak = {})
    {
        auto view = std::make_unique<ui::ClusterView>(name, policy, weak);
        ui::ClusterView *const seen = view.get();
        if (snapshot)
            seen->show(snapshot);
        window().addCluster(std::move(view), {});
        return seen;
    }

    template <typename T>
    T *find(const char *objectName)
    {
        T *const found = window().findChild<T *>(QLatin1StringView(objectName));
        if (!found)
            qWarning() << "no" << objectName;
        return found;
    }

private:
    QTemporaryDir m_directory;

public:
    MemorySecrets secrets;
    std::unique_ptr<ui::Settings> settings;
    std::unique_ptr<workspace::ProfileStore> profiles;
    std::unique_ptr<ui::Connector> connector;

private:
    std::unique_ptr<ui::MainWindow> m_window;
};

} // namespace redrive::test
