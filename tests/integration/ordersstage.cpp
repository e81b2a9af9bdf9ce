#include "tests/integration/ordersstage.h"

#include <QDeadlineTimer>
#include <QFile>
#include <QThread>

namespace redrive::testworld {

namespace {

constexpr Millis lookEvery{50};

template <typename Condition>
bool waitFor(Condition condition, int patienceMs)
{
    const QDeadlineTimer deadline(patienceMs);
    while (!condition()) {
        if (deadline.hasExpired())
            return false;
        QThread::msleep(50);
    }
    return true;
}

} // namespace

bool hasTime()
{
    return qEnvironmentVariableIsSet("REDRIVE_LONG");
}

OrdersStage::OrdersStage(const testbroker::KafkaCluster &kafka, const std::string &topic,
                         int events)
    : m_bootstrap(kafka.bootstrap())
    , m_written(WrittenOrders::write(m_bootstrap, topic, events))
    , m_admin(m_bootstrap)
    , m_database(m_dir.filePath("orders.db"))
{
}

QStringList OrdersStage::arguments(const QStringList &more, const QString &protocol) const
{
    return QStringList{"--bootstrap", QString::fromStdString(m_bootstrap)} +
           protocolOptions(protocol) +
           QStringList{"consume",
                       "--group",
                       QString::fromStdString(group()),
                       "--topics",
                       QString::fromStdString(topic()),
                       "--handler",
                       "orders",
                       "--db",
                       m_database,
                       "--backoff",
                       "20ms:500ms"} +
           more;
}

std::int64_t OrdersStage::effects() const
{
    if (!QFile::exists(m_database))
        return 0;
    try {
        return Effects(m_database).inbox();
    } catch (const std::runtime_error &) {
        return 0; // its tables are not there yet
    }
}

std::int64_t OrdersStage::committedSum()
{
    std::int64_t sum = 0;
    for (const auto &[partition, offset] : m_admin.committed(group()))
        sum += offset;
    return sum;
}

bool OrdersStage::waitForEffects(std::int64_t count, int patienceMs) const
{
    return waitFor([&] { return effects() >= count; }, patienceMs);
}

/// None where the coordinator is not there (yet).
std::optional<std::int64_t> OrdersStage::committedNow()
{
    try {
        return committedSum();
    } catch (const testclients::ClientError &) {
        m_admin = testclients::Admin(m_bootstrap); // one that does not wait for who has gone
        return std::nullopt;
    }
}

bool OrdersStage::waitForCommits(std::int64_t sum, int patienceMs)
{
    return waitFor([&] { return committedNow().value_or(-1) >= sum; }, patienceMs);
}

bool OrdersStage::waitForCommitsOf(std::int64_t sum, int patienceMs)
{
    return waitFor([&] { return committedNow() == sum; }, patienceMs);
}

QString OrdersStage::problem(std::int64_t expected)
{
    const Effects effects(m_database);
    const auto inbox = effects.inbox();
    const auto versions = effects.number("SELECT sum(version) FROM orders");
    const auto commits = committedSum();
    std::int64_t letters = 0;
    for (int i = 0; i < WrittenOrders::partitions; ++i)
        letters += m_admin.endOffset({topic() + ".dlq", i});
    if (inbox == expected && versions == expected && commits == expected && letters == 0)
        return {};
    return QString("of %1 events: %2 in the inbox, %3 effects, %4 committed, %5 dead letters")
        .arg(expected)
        .arg(inbox)
        .arg(versions)
        .arg(commits)
        .arg(letters);
}

QString OrdersStage::committedTooFar(Effects::Look look)
{
    const auto commits = m_admin.committed(group());
    if (commits.empty())
        return {};
    const Effects effects(m_database, look);
    for (const auto &[partition, offset] : commits) {
        const auto stored = effects.inboxBelow(partition, offset);
        if (stored != offset)
            return QString("partition %1: %2 committed, %3 effects below")
                .arg(partition.partition)
                .arg(offset)
                .arg(stored);
    }
    return {};
}

CommitWatch::CommitWatch(const testbroker::KafkaCluster &kafka, std::string group)
    : m_thread([this, bootstrap = kafka.bootstrap(),
                group = std::move(group)](const std::stop_token &stop) {
        testclients::Admin admin(bootstrap);
        testclients::OffsetMap last;
        do {
            try {
                for (const auto &[partition, offset] : admin.committed(group)) {
                    auto &before = last[partition];
                    if (offset < before)
                        m_wentBack = true;
                    before = offset;
                }
                ++m_looks;
            } catch (const testclients::ClientError &) {
                continue; // a coordinator that is not there: the next look
            }
        } while (testclients::pause(stop, lookEvery));
    })
{
}

} // namespace redrive::testworld
