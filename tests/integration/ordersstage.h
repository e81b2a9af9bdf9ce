#pragma once

#include "tests/integration/consumers.h"
#include "tests/integration/effects.h"
#include "tests/integration/killrun.h"
#include "tests/support/broker/kafkacluster.h"
#include "tests/support/clients/admin.h"
#include "tests/support/clients/groupmember.h"

#include <QStringList>
#include <QTemporaryDir>

#include <atomic>
#include <optional>
#include <string>
#include <thread>

namespace redrive::testworld {

/// Whether $REDRIVE_LONG asks for everything.
bool hasTime();

/// A topic of orders, its dead-letter topic, a group and a database of their own for one test.
class OrdersStage
{
public:
    /// Writes `events` orders, see WrittenOrders.
    OrdersStage(const testbroker::KafkaCluster &kafka, const std::string &topic, int events);

    const std::string &topic() const { return m_written.topic; }
    std::string group() const { return "group-" + m_written.topic; }
    QString database() const { return m_database; }
    void moveDatabase(const QString &path) { m_database = path; }
    testclients::Admin &admin() { return m_admin; }
    const WrittenOrders &written() const { return m_written; }

    /// `-X` options, then `consume …`, then what is given.
    QStringList arguments(const QStringList &more = {}, const QString &protocol = "range") const;

    std::int64_t effects() const; ///< 0 where there is no database yet
    std::int64_t committedSum();
    bool waitForEffects(std::int64_t count, int patienceMs = 30'000) const;
    bool waitForCommits(std::int64_t sum, int patienceMs = 30'000);
    /// The same where commits may go back, too.
    bool waitForCommitsOf(std::int64_t sum, int patienceMs = 30'000);
    /// Empty, or what of the promise does not hold: each event exactly once, all committed, no dead
    /// letter.
    QString problem(std::int64_t expected);
    QString problem() { return problem(m_written.events); }
    /// Empty, or the partition that is committed further than there are effects.
    QString committedTooFar(Effects::Look look = Effects::Look::Live);

private:
    std::optional<std::int64_t> committedNow();

    std::string m_bootstrap;
    WrittenOrders m_written;
    testclients::Admin m_admin;
    QTemporaryDir m_dir;
    QString m_database;
};

/// Looks at a group's commits again and again, on a thread of its own.
class CommitWatch
{
public:
    CommitWatch(const testbroker::KafkaCluster &kafka, std::string group);

    bool everWentBack() const { return m_wentBack; }
    int looks() const { return m_looks; }

private:
    std::atomic<bool> m_wentBack{false};
    std::atomic<int> m_looks{0};
    std::jthread m_thread;
};

} // namespace redrive::testworld
