#include "tests/integration/killrun.h"

#include <QTest>

using namespace redrive;
using namespace redrive::testworld;

/// Two of the combinations of tst_killmatrix.cpp, with less of everything.
class TestKills : public QObject
{
    Q_OBJECT

private slots:
    void killedAtAnyInstantNothingIsLostAndNothingIsDoneTwice_data()
    {
        QTest::addColumn<QString>("commit");
        QTest::addColumn<QString>("protocol");
        QTest::newRow("sync, cooperative") << "sync"
                                           << "cooperative-sticky";
        QTest::newRow("batches, KIP-848") << "batch:100"
                                          << "consumer";
    }

    void killedAtAnyInstantNothingIsLostAndNothingIsDoneTwice()
    {
        QFETCH(const QString, commit);
        QFETCH(const QString, protocol);
        KillRun killed(m_kafka, {.commit = commit,
                                 .protocol = protocol,
                                 .orders = 3000,
                                 .kills = 3,
                                 .seed = killSeed()});
        killed.run();
        qInfo().noquote() << killed.describe();
        QVERIFY2(killed.violations.isEmpty(), qPrintable(killed.violations.join('\n')));
    }

private:
    testbroker::KafkaCluster m_kafka{quickGroups()};
};

QTEST_GUILESS_MAIN(TestKills)
#include "tst_kills.moc"
