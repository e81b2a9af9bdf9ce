#include "tests/integration/ordersstage.h"

#include <QTest>

#include <csignal>

using namespace redrive;
using namespace redrive::testworld;

/// Three nodes of which one after the other goes: leaders and the group's coordinator move while
/// commits are on their way.
class TestMoves : public QObject
{
    Q_OBJECT

private slots:
    void leadersAndCoordinatorsThatMoveLoseNothing_data()
    {
        QTest::addColumn<QString>("protocol");
        QTest::addColumn<QString>("commit");
        QTest::newRow("cooperative-sticky, sync") << "cooperative-sticky"
                                                  << "sync";
        QTest::newRow("consumer, async") << "consumer"
                                         << "async";
    }

    void leadersAndCoordinatorsThatMoveLoseNothing()
    {
        QFETCH(const QString, protocol);
        QFETCH(const QString, commit);
        OrdersStage stage(m_kafka, "moves-" + commit.toStdString(), 6000);
        Consumer consumer(stage.arguments({"--fault", "delay:10ms", "--commit", commit}, protocol));
        for (int node = 1; node <= 3; ++node) {
            QVERIFY(stage.waitForEffects(stage.effects() + 100, 60'000));
            m_kafka.kill(node);
            QVERIFY(stage.waitForEffects(stage.effects() + 100, 60'000));
            m_kafka.start(node);
        }
        QVERIFY(stage.waitForCommits(stage.written().events, 120'000));
        consumer.signal(SIGTERM);
        QCOMPARE(consumer.exitCode().value_or(-1), 0);
        QCOMPARE(stage.problem(), QString());
    }

private:
    testbroker::KafkaCluster m_kafka{[] {
        auto options = quickGroups();
        options.nodes = 3;
        return options;
    }()};
};

QTEST_GUILESS_MAIN(TestMoves)
#include "tst_moves.moc"
