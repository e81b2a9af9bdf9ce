#include "tests/unit/consumer/sessionworld.h"

namespace redrive::consumer {

namespace {

kafka::consumed::Complaint down()
{
    return {.error = Error{.kind = Error::Kind::Transport,
                           .code = "_ALL_BROKERS_DOWN",
                           .message = "1/1 brokers are down",
                           .attempted = "consuming as group g",
                           .retriable = true},
            .allBrokersDown = true,
            .topic = {}};
}

kafka::consumed::Complaint missing(const std::string &topic)
{
    return {.error = Error{.kind = Error::Kind::Broker,
                           .code = "UNKNOWN_TOPIC_OR_PARTITION",
                           .message = "Subscribed topic not available: " + topic,
                           .attempted = "consuming as group g",
                           .retriable = true},
            .topic = topic};
}

} // namespace

class SessionComplaintsTest : public QObject
{
    Q_OBJECT

private slots:
    void aConnectionThatStaysDownIsToldOnce()
    {
        World world;
        world.start();
        for (int i = 0; i < 50; ++i)
            world.group.complain(down());
        world.group.appendMany(p0, 1);
        world.group.give({p0});
        QVERIFY(world.untilCommitted(p0, 1));
        QCOMPARE(world.all<told::Problem>().size(), 1U);
    }

    void untilTheEndOfATopicThatIsNotThereFails()
    {
        World world;
        world.options.untilEnd = true;
        world.start();
        world.group.complain(missing("orders"));
        QVERIFY(world.session->wait(Millis(10'000)));
        const auto stopped = world.all<told::Stopped>();
        QCOMPARE(stopped.size(), 1U);
        QCOMPARE(stopped.front().exit, 1);
        QCOMPARE(stopped.front().reason, std::string("error"));
        QVERIFY(world.all<told::Problem>().front().fatal);
    }

    void untilTheEndOfTwoTopicsWithOneMissingReadsTheOtherAndFails()
    {
        World world;
        world.options.untilEnd = true;
        world.options.topics = {"orders", "nowhere"};
        world.group.appendMany(p0, 3);
        world.start();
        world.group.complain(missing("nowhere"));
        world.group.give({p0});
        QVERIFY(world.session->wait(Millis(10'000)));
        QCOMPARE(world.group.committed(p0), std::optional<std::int64_t>(3));
        const auto stopped = world.all<told::Stopped>();
        QCOMPARE(stopped.size(), 1U);
        QCOMPARE(stopped.front().exit, 1);
        QCOMPARE(stopped.front().reason, std::string("until_end"));
    }

    void theTopicThatIsMissingIsNamedAlsoWhereTheBrokerDidNot()
    {
        World world;
        world.start();
        auto complaint = missing("orders");
        complaint.error.message = "Broker: Unknown topic or partition";
        world.group.complain(complaint);
        const auto *problem = world.await<told::Problem>();
        QVERIFY(problem != nullptr);
        QCOMPARE(problem->error.message, std::string("orders: Broker: Unknown topic or partition"));
    }

    void nothingIsToldAfterTheEnd()
    {
        EventMailbox mailbox(2, EventMailbox::WhenFull::DropOldest);
        mailbox.put({.time = {}, .what = told::Stopped{}});
        mailbox.put({.time = {}, .what = told::Problem{}});
        QCOMPARE(mailbox.take().size(), 1U);
        QCOMPARE(mailbox.dropped(), 0U);
    }

    void aTopicThatComesIntoBeingIsForgiven()
    {
        World world;
        world.options.untilEnd = true;
        world.options.topics = {"orders", "late"};
        world.group.appendMany(p0, 1);
        world.start();
        world.group.complain(missing("late"));
        world.group.give({p0, TopicPartition{"late", 0}});
        QVERIFY(world.session->wait(Millis(10'000)));
        QCOMPARE(world.all<told::Stopped>().front().exit, 0);
    }
};

} // namespace redrive::consumer

using redrive::consumer::SessionComplaintsTest;
QTEST_GUILESS_MAIN(SessionComplaintsTest)
#include "tst_sessioncomplaints.moc"
