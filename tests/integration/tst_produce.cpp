#include "tests/integration/streamworld.h"
#include "tests/support/broker/redrivectl.h"
#include "tests/support/proxy/proxy.h"

#include <QFile>
#include <QJsonDocument>
#include <QTest>

#include <csignal>
#include <memory>

using namespace redrive;
using namespace redrive::testworld;

/// `redrivectl produce` beside a real Kafka, read by Kafka's own consumer.
class TestProduce : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void everyRecordIsAcknowledgedBeforeItIsCounted();
    void aFileIsOneValueWithItsKeyAndHeadersInOrder();
    void linesAreSplitIntoKeyAndValue();
    void keysChoosePartitionsAsInJava();
    void aTopicThatIsNotThereIsSaidAndNotCreated();
    void whatTheBrokerRefusesIsCountedAsFailed();
    void withNobodyThereItExitsThree();
    void aSignalEndsItWithWhatWasAcknowledged();
    void cleanupTestCase() { m_world.reset(); }

private:
    QJsonObject produce(const QStringList &arguments, int exit = 0);
    QString write(const char *name, const QByteArray &bytes);

    std::unique_ptr<StreamWorld> m_world;
    testbroker::Redrivectl m_ctl;
};

void TestProduce::initTestCase()
{
    m_world = std::make_unique<StreamWorld>();
    m_ctl = testbroker::Redrivectl({"--bootstrap", m_world->address(), "--timeout", "10s"});
}

QJsonObject TestProduce::produce(const QStringList &arguments, int exit)
{
    const auto answer = m_ctl.json(QStringList{"produce"} + arguments);
    if (answer.exitCode != exit)
        qWarning().noquote() << "exit" << answer.exitCode << answer.raw << answer.err;
    return answer.exitCode == exit ? answer.object : QJsonObject();
}

QString TestProduce::write(const char *name, const QByteArray &bytes)
{
    QFile file(m_world->file(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        return {};
    return file.fileName();
}

void TestProduce::everyRecordIsAcknowledgedBeforeItIsCounted()
{
    m_world->make("events", 3, false);
    for (const char *kind : {"order", "task", "reminder"}) {
        const auto result =
            produce({"events", "--event", kind, "--count", "500", "--users", "7", "--bad", "1/50"});
        QCOMPARE(result, (QJsonObject{{"sent", 500}, {"acknowledged", 500}, {"failed", 0}}));
    }
    qint64 total = 0;
    for (int partition = 0; partition < 3; ++partition)
        total += m_world->admin.endOffset({"events", partition});
    QCOMPARE(total, 1500);
}

void TestProduce::aFileIsOneValueWithItsKeyAndHeadersInOrder()
{
    m_world->make("file", 1, false);
    const QString file = write("value", " a=[1,2]\tb ");
    QCOMPARE(produce({"file", "--file", file, "--key", "[k,1]", "--header", "b=1", "--header",
                      "a=x=y", "--header", "b="})["acknowledged"]
                 .toInt(),
             1);
    QCOMPARE(m_world->read("file", 1),
             QStringList{"Partition:0\tb:1,a:x=y,b:\t[k,1]\t a=[1,2]\tb "});
}

void TestProduce::linesAreSplitIntoKeyAndValue()
{
    m_world->make("lines", 1, false);
    const QString file = write("lines", "k1:v:1\nplain\n:x\n");
    QCOMPARE(produce({"lines", "--lines", file, "--key-delimiter", ":"})["acknowledged"].toInt(),
             3);
    QCOMPARE(m_world->read("lines", 3),
             (QStringList{"Partition:0\tNO_HEADERS\tk1\tv:1",
                          "Partition:0\tNO_HEADERS\tnull\tplain", "Partition:0\tNO_HEADERS\t\tx"}));
}

void TestProduce::keysChoosePartitionsAsInJava()
{
    m_world->make("ours", 7, false);
    m_world->make("theirs", 7, false);
    QByteArray lines;
    for (int i = 0; i < 50; ++i)
        lines += "key-" + QByteArray::number(i * i) + ":" + QByteArray::number(i) + "\n";
    const QString file = write("keys", lines);
    QCOMPARE(produce({"ours", "--lines", file, "--key-delimiter", ":"})["acknowledged"].toInt(),
             50);
    m_world->kafka.mustTool({"console-producer", "--topic", "theirs", "--reader-property",
                             "parse.key=true", "--reader-property", "key.separator=:"},
                            lines);
    auto ours = m_world->read("ours", 50);
    auto theirs = m_world->read("theirs", 50);
    ours.sort();
    theirs.sort();
    QCOMPARE(ours.size(), 50);
    QCOMPARE(ours, theirs);
}

void TestProduce::aTopicThatIsNotThereIsSaidAndNotCreated()
{
    const auto result = produce({"nowhere", "--event", "order"}, 1);
    QCOMPARE(result["error"]["code"].toString(), QString("UNKNOWN_TOPIC_OR_PARTITION"));
    QVERIFY(result["error"]["attempted"].toString().contains("nowhere"));
    QVERIFY(!m_world->hasTopic("nowhere"));
}

void TestProduce::whatTheBrokerRefusesIsCountedAsFailed()
{
    m_world->admin.createTopic("small", 1, 1, {{"max.message.bytes", "1000"}});
    QCOMPARE(produce({"small", "--lines", write("good", "small\n")})["acknowledged"].toInt(), 1);
    const auto result = produce({"small", "--file", write("large", QByteArray(5000, 'x'))}, 1);
    QCOMPARE(result["sent"].toInt(), 1);
    QCOMPARE(result["acknowledged"].toInt(-1), 0);
    QCOMPARE(result["failed"].toInt(), 1);
    QVERIFY2(result["errors"][0]["code"].toString().contains("TOO_LARGE"),
             QJsonDocument(result).toJson());
    QCOMPARE(m_world->admin.endOffset({"small", 0}), 1);
}

void TestProduce::withNobodyThereItExitsThree()
{
    const auto answer = testbroker::Redrivectl({"--bootstrap", "127.0.0.1:1", "--timeout", "1s"})
                            .json({"produce", "t", "--event", "order"});
    QCOMPARE(answer.exitCode, 3);
    QVERIFY2(answer.err.contains("127.0.0.1:1"), answer.err);
}

void TestProduce::aSignalEndsItWithWhatWasAcknowledged()
{
    m_world->make("endless", 1, false);
    Consumer producer({"--bootstrap", m_world->address(), "produce", "endless", "--event", "order",
                       "--count", "1000000", "--rate", "200/s"});
    QTRY_VERIFY_WITH_TIMEOUT(m_world->admin.endOffset({"endless", 0}) > 20, 20'000);
    producer.signal(SIGINT);
    QCOMPARE(producer.exitCode(), std::optional<int>(130));
    const auto said = producer.events();
    QCOMPARE(said.size(), 1U);
    QCOMPARE(said.front()["sent"].toInt(), said.front()["acknowledged"].toInt());
    QCOMPARE(m_world->admin.endOffset({"endless", 0}), said.front()["acknowledged"].toInt());
}

QTEST_GUILESS_MAIN(TestProduce)
#include "tst_produce.moc"
