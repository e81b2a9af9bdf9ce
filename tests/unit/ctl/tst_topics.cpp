#include "app/ctl/topics.h"
#include "tests/support/values/grouptext.h"

#include <QTest>

using namespace redrive;
using namespace redrive::ctl;

namespace {

TopicInfo orders()
{
    TopicInfo topic;
    topic.name = "orders";
    topic.partitions.resize(2);
    topic.partitions[1].id = 1;
    return topic;
}

OffsetAnswer at(std::int64_t offset)
{
    return {Offset(offset), std::nullopt};
}

std::optional<ReaderLine> readerOfOrders(std::string_view group)
{
    const twin::GroupCase one = twin::groupCase(group);
    return readerOf("orders", one.listing, one.description, one.commits, one.bounds.end);
}

} // namespace

class TestTopics : public QObject
{
    Q_OBJECT

private slots:
    void recordsAreTheSumOverPartitions()
    {
        const OffsetTable start{{{"orders", 0}, at(10)}, {{"orders", 1}, at(0)}};
        const OffsetTable end{{{"orders", 0}, at(30)}, {{"orders", 1}, at(5)}};
        QCOMPARE(recordsOf(orders(), start, end), std::optional<std::int64_t>(25));
    }

    void groupsThatCouldNotBeLookedAtAreCounted()
    {
        GroupListing share;
        share.error = Error{};
        QCOMPARE(lookedPast({GroupListing{}}), std::string());
        QVERIFY(lookedPast({GroupListing{}, share}).starts_with("1 group could not be looked at"));
        QVERIFY(lookedPast({share, share}).starts_with("2 groups could not be looked at"));
    }

    void oneUnknownBoundLeavesTheSumUnknown()
    {
        const OffsetTable start{{{"orders", 0}, at(10)}, {{"orders", 1}, at(0)}};
        const OffsetTable end{{{"orders", 0}, at(30)}};
        QVERIFY(!recordsOf(orders(), start, end));
    }

    void aReaderIsOneWithAnAssignmentOrACommit()
    {
        const auto both = readerOfOrders("group g Stable classic\n"
                                         "orders/0 member=a committed=100 end=120\n"
                                         "orders/1 member=a committed=- end=7\n"
                                         "orders/2 committed=5 end=5\n"
                                         "other/0 member=a committed=0 end=1000\n");
        QVERIFY(both.has_value());
        QCOMPARE(both->partitions, 3U);
        QCOMPARE(both->totalLag, std::optional<std::int64_t>(20));
        QVERIFY(!both->error);
        QVERIFY(!readerOfOrders("group g Stable classic\nother/0 member=a committed=1 end=1\n"));
    }

    void withoutACommitTheLagOfAReaderIsUnknown()
    {
        const auto line = readerOfOrders("group g Stable classic\n"
                                         "orders/0 member=a committed=- end=120\n");
        QVERIFY(line.has_value());
        QVERIFY(!line->totalLag);
    }

    void aFailedEndIsTheReadersError()
    {
        const auto line = readerOfOrders("group g Empty classic\n"
                                         "orders/0 committed=3 end=!NOT_LEADER_OR_FOLLOWER\n");
        QVERIFY(line && line->error);
        QCOMPARE(line->error->code, std::string("NOT_LEADER_OR_FOLLOWER"));
        QVERIFY(!line->totalLag);
    }

    void aGroupThatIsGoneMeanwhileIsNoFailure()
    {
        GroupDescription description;
        description.error = twin::brokerError("GROUP_ID_NOT_FOUND");
        QVERIFY(readingErrors(description, {}).empty());
        GroupOffsets commits;
        commits.error = twin::brokerError("COORDINATOR_NOT_AVAILABLE");
        QCOMPARE(readingErrors(description, commits).size(), 1U);
    }
};

QTEST_APPLESS_MAIN(TestTopics)
#include "tst_topics.moc"
