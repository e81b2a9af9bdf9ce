#include "tests/unit/workspace/watched.h"

#include <QTest>

using namespace redrive;
using namespace redrive::workspace;
using twin::Call;

class TestSessionTopics : public QObject
{
    Q_OBJECT

private slots:
    void topicsAreListedOnlyWhileWanted()
    {
        Watched watched;
        watched.cluster.put(billing);
        watched.cluster.put("group reader Stable\norders/1 member=r end=100");
        TopicInfo orders;
        orders.name = "orders";
        orders.partitions = {{.id = 0, .leader = 1, .error = {}},
                             {.id = 1, .leader = 1, .error = {}}};
        watched.cluster.putTopic(orders);
        watched.pass(6s);
        QCOMPARE(watched.cluster.count(Call::ListTopics), 0U);
        QVERIFY(!watched.last->topics);
        watched.watch->setTopicsWanted(true);
        watched.settle();
        const TopicRow &row = watched.last->topics->at(0);
        QCOMPARE(row.records, 250);
        QCOMPARE(row.readers, (std::vector<GroupId>{GroupId("billing"), GroupId("reader")}));
        QVERIFY(row.readersKnown);
        watched.pass(11s);
        QCOMPARE(watched.cluster.count(Call::ListTopics), 3U);
        QCOMPARE(watched.cluster.count(Call::DescribeGroups), 1U);
        watched.watch->setTopicsWanted(false);
        watched.pass(11s);
        QCOMPARE(watched.cluster.count(Call::ListTopics), 3U);
        QVERIFY(watched.last->topics);
    }

    void topicsAskedForBeforeTheFirstListingGetTheirReadersSoon()
    {
        Watched watched;
        watched.cluster.put("group reader Stable\norders/0 member=r end=100");
        TopicInfo orders;
        orders.name = "orders";
        orders.partitions = {{.id = 0, .leader = 1, .error = {}}};
        watched.cluster.putTopic(orders);
        watched.watch->setTopicsWanted(true);
        watched.settle();
        QCOMPARE(watched.last->topics->at(0).readers, std::vector<GroupId>{GroupId("reader")});
        QVERIFY(watched.last->topics->at(0).readersKnown);
    }

    void readersOfManyGroupsAreAskedForInParts()
    {
        Watched watched;
        for (int i = 0; i < 450; ++i)
            watched.cluster.put("group g" + std::to_string(i) + " Stable\norders/0 member=r end=9");
        TopicInfo orders;
        orders.name = "orders";
        orders.partitions = {{.id = 0, .leader = 1, .error = {}}};
        watched.cluster.putTopic(orders);
        watched.watch->setTopicsWanted(true);
        watched.cluster.setLatency(10ms);
        watched.pass(4s);
        QCOMPARE(watched.last->topics->at(0).readers.size(), 450U);
        QVERIFY(watched.last->topics->at(0).readersKnown);
        QCOMPARE(watched.cluster.count(Call::DescribeGroups), 3U);
        QCOMPARE(watched.cluster.mostInFlight(Call::DescribeGroups), 1U);
    }
};

QTEST_APPLESS_MAIN(TestSessionTopics)
#include "tst_sessiontopics.moc"
