#pragma once

#include "core/kafka/connectiontest.h"

#include <QObject>

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace redrive::ui {

/// Runs one connection test at a time on a thread of its own and tells its steps on the UI thread.
/// Destroying it asks the test to stop and does not wait for it.
class ConnectionTester : public QObject
{
    Q_OBJECT
public:
    using Steps = std::vector<kafka::ConnectionStep>;
    using Test = std::function<std::optional<ClusterInfo>(
        const kafka::ConnectionSettings &, Millis, std::stop_token,
        const std::function<void(const Steps &)> &)>;

    explicit ConnectionTester(QObject *parent = nullptr);
    /// With another test than the real one.
    explicit ConnectionTester(Test test, QObject *parent = nullptr);
    ~ConnectionTester() override;

    bool isRunning() const { return m_run != nullptr; }
    const Steps &steps() const { return m_steps; }
    const std::optional<ClusterInfo> &cluster() const { return m_cluster; }

    void start(kafka::ConnectionSettings settings);
    void cancel();

signals:
    void stepsChanged();
    void finished();

private:
    struct Run;
    void detach();

    Test m_test;
    std::shared_ptr<Run> m_run; ///< null: none is under way
    Steps m_steps;
    std::optional<ClusterInfo> m_cluster;
};

} // namespace redrive::ui
