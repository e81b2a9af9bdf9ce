#include "tests/integration/ordersstage.h"
#include "tests/support/clients/producer.h"

#include <QTest>

#include <csignal>

using namespace redrive;
using namespace redrive::testworld;

/// A consumer that the broker does not let do something. Nothing is taken for done that was not.
class TestRefused : public QObject
{
    Q_OBJECT

private slots:
    void aTopicThatMayNotBeReadEndsNamingIt();
    void aGroupThatMayNotBeJoinedEndsNamingIt();
    void aDeadLetterTopicThatMayNotBeWrittenHoldsBackItsPartition();

private:
    void acl(const QString &change, const QStringList &what) const;
    QStringList asAlice(QStringList arguments) const;

    testbroker::KafkaCluster m_kafka{[] {
        testbroker::ClusterOptions options;
        options.secure = true;
        return options;
    }()};
};

void TestRefused::acl(const QString &change, const QStringList &what) const
{
    m_kafka.mustTool(
        QStringList{"acls", "--" + change, "--force", "--deny-principal", "User:alice"} + what);
}

QStringList TestRefused::asAlice(QStringList arguments) const
{
    arguments[arguments.indexOf("--bootstrap") + 1] = m_kafka.value("sasl_ssl");
    QStringList as;
    for (const QString setting : {"security.protocol=sasl_ssl", "sasl.mechanism=PLAIN",
                                  "sasl.username=alice", "sasl.password=env:REDRIVE_TEST_ALICE"})
        as += {"-X", setting};
    return as + QStringList{"-X", "ssl.ca.location=" + m_kafka.value("certs") + "/ca.crt"} +
           arguments;
}

void TestRefused::aTopicThatMayNotBeReadEndsNamingIt()
{
    OrdersStage stage(m_kafka, "closed", 60);
    acl("add", {"--operation", "Read", "--topic", "closed"});
    Consumer consumer(asAlice(stage.arguments({"--until-end"})),
                      {"REDRIVE_TEST_ALICE=alice-secret"});
    QVERIFY2(consumer.until("error",
                            [](const QJsonObject &event) {
                                return event["code"] == "TOPIC_AUTHORIZATION_FAILED" &&
                                       event["message"].toString().contains("closed");
                            }),
             consumer.errors());
    consumer.signal(SIGTERM);
    QVERIFY(consumer.exitCode().has_value());
    QCOMPARE(stage.effects(), 0);
    QCOMPARE(stage.committedSum(), 0);
}

void TestRefused::aGroupThatMayNotBeJoinedEndsNamingIt()
{
    OrdersStage stage(m_kafka, "party", 60);
    acl("add", {"--operation", "Read", "--group", "group-party"});
    Consumer consumer(asAlice(stage.arguments()), {"REDRIVE_TEST_ALICE=alice-secret"});
    QVERIFY2(consumer.until("error", withCode("GROUP_AUTHORIZATION_FAILED")), consumer.errors());
    consumer.signal(SIGTERM);
    QVERIFY(consumer.exitCode().has_value());
    QCOMPARE(stage.effects(), 0);
}

void TestRefused::aDeadLetterTopicThatMayNotBeWrittenHoldsBackItsPartition()
{
    OrdersStage stage(m_kafka, "unwritable", 60);
    const TopicPartition first{stage.topic(), 0};
    const auto end = stage.admin().endOffset(first);
    testclients::Producer producer(m_kafka.bootstrap());
    producer.send(stage.topic(), 0, "bad");
    producer.flush();
    acl("add", {"--operation", "Write", "--topic", "unwritable.dlq"});
    Consumer consumer(asAlice(stage.arguments({"--commit", "sync"})),
                      {"REDRIVE_TEST_ALICE=alice-secret"});
    QVERIFY2(consumer.until("error",
                            [](const QJsonObject &event) {
                                return event["message"].toString().contains("unwritable.dlq");
                            }),
             consumer.errors());
    QVERIFY(stage.waitForCommits(60));
    QCOMPARE(stage.admin().committed(stage.group())[first], end);
    QCOMPARE(consumer.count("dead_lettered"), 0);

    acl("remove", {"--operation", "Write", "--topic", "unwritable.dlq"});
    QVERIFY(stage.waitForCommits(61));
    QVERIFY2(consumer.until("dead_lettered"), consumer.errors());
    QCOMPARE(consumer.count("dead_lettered"), 1);
}

QTEST_GUILESS_MAIN(TestRefused)
#include "tst_refused.moc"
