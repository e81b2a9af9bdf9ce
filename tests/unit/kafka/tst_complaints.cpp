#include "core/kafka/complaints.h"

#include <QTest>

using namespace redrive;
using namespace redrive::kafka;

namespace {

/// librdkafka's numbers.
enum : int
{
    allBrokersDown = -187,
    transport = -195,
    authentication = -169,
    ssl = -181,
    maxPollExceeded = -147,
    autoOffsetReset = -140,
    unknownTopicHere = -188,
    badMessage = -199,
    unknownTopic = 3,
    topicAuthorization = 29,
    groupAuthorization = 30,
    fencedInstance = 82,
    unreleasedInstance = 111,
    coordinatorNotAvailable = 15,
};

GroupConsumerSettings settings()
{
    GroupConsumerSettings made;
    made.group = GroupId("billing");
    made.topics = {"orders", "orders.eu"};
    made.instanceId = "till-1";
    return made;
}

std::optional<consumed::Complaint> complaint(int code, const std::string &said,
                                             bool isFatal = false)
{
    return toComplaint(code, said, isFatal, settings(), {"expired (CN=b)", "hung up"});
}

} // namespace

class TestComplaints : public QObject
{
    Q_OBJECT

private slots:
    void kindsAndWhatMayBeTriedAgain_data();
    void kindsAndWhatMayBeTriedAgain();
    void theTopicIsNamed();
    void lookingForABrokerIsNoComplaint();
    void allBrokersDownCarriesTheLastConnection();
    void aRefusedCertificateIsNamed();
    void aFencedMemberIsAtItsEnd();
    void aResetThatIsNotAllowedSaysWhy_data();
    void aResetThatIsNotAllowedSaysWhy();
};

void TestComplaints::kindsAndWhatMayBeTriedAgain_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<Error::Kind>("kind");
    QTest::addColumn<int>("retriable"); // -1: nobody says
    using Kind = Error::Kind;
    QTest::newRow("transport") << +transport << Kind::Transport << 1;
    QTest::newRow("authentication") << +authentication << Kind::Authentication << 0;
    QTest::newRow("topic") << +unknownTopic << Kind::Broker << 1;
    QTest::newRow("topic acl") << +topicAuthorization << Kind::Authorization << 0;
    QTest::newRow("group acl") << +groupAuthorization << Kind::Authorization << 0;
    QTest::newRow("coordinator") << +coordinatorNotAvailable << Kind::Broker << 1;
    QTest::newRow("slow") << +maxPollExceeded << Kind::Internal << -1;
}

void TestComplaints::kindsAndWhatMayBeTriedAgain()
{
    QFETCH(int, code);
    QFETCH(Error::Kind, kind);
    QFETCH(int, retriable);
    const auto told = complaint(code, "in their words");
    QVERIFY(told);
    QCOMPARE(told->error.kind, kind);
    QCOMPARE(told->error.message, std::string("in their words"));
    QCOMPARE(told->error.attempted, std::string("consuming as group billing"));
    QCOMPARE(told->error.retriable ? static_cast<int>(*told->error.retriable) : -1, retriable);
    QVERIFY(!told->fatal);
    QVERIFY(!told->allBrokersDown);
    QVERIFY(!told->topic);
}

void TestComplaints::theTopicIsNamed()
{
    const auto told =
        complaint(unknownTopic, "Subscribed topic not available: orders.eu: Broker: Unknown topic");
    QCOMPARE(told->topic, std::optional<std::string>("orders.eu"));
    QCOMPARE(told->error.code, std::string("UNKNOWN_TOPIC_OR_PARTITION"));
    const auto ours = complaint(unknownTopicHere, "Subscribed topic not available: orders: Local");
    QCOMPARE(ours->topic, std::optional<std::string>("orders"));
    QCOMPARE(ours->error.code, std::string("UNKNOWN_TOPIC_OR_PARTITION"));
    QVERIFY(!complaint(coordinatorNotAvailable, "x: orders: y")->topic);
}

void TestComplaints::lookingForABrokerIsNoComplaint()
{
    QVERIFY(!complaint(allBrokersDown, "0/1 brokers are down"));
}

void TestComplaints::allBrokersDownCarriesTheLastConnection()
{
    const auto told = complaint(allBrokersDown, "1/1 brokers are down");
    QVERIFY(told->allBrokersDown);
    QVERIFY(!told->fatal);
    QCOMPARE(told->error.message, std::string("1/1 brokers are down; hung up"));
    QCOMPARE(told->error.retriable, std::optional(true));
}

void TestComplaints::aRefusedCertificateIsNamed()
{
    const auto told = complaint(ssl, "handshake failed");
    QCOMPARE(told->error.kind, Error::Kind::Tls);
    QVERIFY(told->error.message.find("expired (CN=b)") != std::string::npos);
}

void TestComplaints::aFencedMemberIsAtItsEnd()
{
    for (const int code : {+fencedInstance, +unreleasedInstance}) {
        const auto told = complaint(code, "fenced");
        QVERIFY(told->fatal);
        QCOMPARE(told->error.retriable, std::optional(false));
        QVERIFY(told->error.message.find("group.instance.id till-1") != std::string::npos);
    }
    const auto other = complaint(coordinatorNotAvailable, "given up", true);
    QVERIFY(other->fatal);
    QCOMPARE(other->error.retriable, std::optional(false));
    QVERIFY(other->error.message.find("till-1") == std::string::npos);
}

void TestComplaints::aResetThatIsNotAllowedSaysWhy_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("said");
    QTest::addColumn<QString>("expected");
    QTest::newRow("nothing committed")
        << +autoOffsetReset << "no previously committed offset available: Local: No offset stored"
        << "NO_OFFSET";
    QTest::newRow("below the log")
        << +autoOffsetReset
        << "fetch failed due to requested offset not available on the broker: "
           "Broker: Offset out of range (broker 1)"
        << "OFFSET_OUT_OF_RANGE";
    QTest::newRow("truncated")
        << +autoOffsetReset
        << "Partition log truncation detected at 5: Local: Partition log truncation detected"
        << "OFFSET_OUT_OF_RANGE";
    QTest::newRow("some other day") << +autoOffsetReset << "for reasons of its own"
                                    << "_AUTO_OFFSET_RESET";
    QTest::newRow("a checksum") << +badMessage << "MessageSet corrupt"
                                << "_BAD_MSG";
}

void TestComplaints::aResetThatIsNotAllowedSaysWhy()
{
    QFETCH(int, code);
    QFETCH(QString, said);
    QFETCH(QString, expected);
    const auto error = toBroken(code, said.toStdString(), {"orders", 3});
    QCOMPARE(QString::fromStdString(error.code), expected);
    QCOMPARE(error.attempted, std::string("reading orders/3"));
}

QTEST_APPLESS_MAIN(TestComplaints)
#include "tst_complaints.moc"
