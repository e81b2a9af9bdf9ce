#include "tests/integration/groupworld.h"

#include "tests/support/broker/eventually.h"

namespace redrive::testworld {

using namespace testclients;
using testbroker::eventually;

GroupWorld::GroupWorld(testbroker::KafkaCluster &kafka)
    : m_kafka(kafka)
    , m_admin(kafka.bootstrap())
    , m_producer(kafka.bootstrap())
{
    createTopics();
    m_kafka.startTool(m_shareConsumer,
                      {"console-share-consumer", "--topic", "orders", "--group", "shared"});
    joinGroups();
    standStill();
    commitAlone();
    eventually("the share group", [this] {
        return m_kafka.mustTool({"groups", "--list"}).contains("Share");
    });
}

GroupWorld::~GroupWorld()
{
    m_shareConsumer.kill();
    m_shareConsumer.waitForFinished();
}

void GroupWorld::createTopics()
{
    const std::vector<std::pair<std::string, int>> topics{
        {"orders", 4}, {"events", 4}, {"quiet", 2},   {"trimmed", 1}, {"short", 1},
        {"marked", 1}, {"held", 1},   {"retired", 1}, {"doomed", 1}};
    for (const auto &[topic, partitions] : topics)
        m_admin.createTopic(topic, partitions);
    m_admin.createTopic(longTopic().toStdString(), 1);
    for (int i = 0; i < 4; ++i) {
        m_producer.sendAll({"orders", i}, 50);
        m_producer.sendAll({"events", i}, 50);
    }
    for (const char *topic : {"quiet", "trimmed", "short", "retired", "doomed"})
        m_producer.sendAll({topic, 0}, 50);
    m_producer.sendAll({longTopic().toStdString(), 0}, 5);
}

GroupMember &GroupWorld::join(const std::string &group, const std::string &topic,
                              const std::string &clientId, bool kip848, bool commits)
{
    MemberOptions options;
    options.group = group;
    options.topics = {topic};
    options.clientId = clientId;
    options.kip848 = kip848;
    options.commits = commits;
    // A member that stands still must not notice by itself that its topic is gone.
    options.properties["topic.metadata.refresh.interval.ms"] = "300000";
    return *m_members.emplace_back(std::make_unique<GroupMember>(m_kafka.bootstrap(), options));
}

void GroupWorld::joinGroups()
{
    // One after the other, so that the first does not race through everything alone.
    const auto pair = [this](const std::string &group, const std::string &topic, bool kip848) {
        auto &first = join(group, topic, group + "-1", kip848);
        auto &second = join(group, topic, group + "-2", kip848);
        eventually(QString::fromStdString("two members in " + group), [&] {
            return first.assignment().size() == 2 && second.assignment().size() == 2;
        });
        eventually(QString::fromStdString(group + " has caught up"),
                   [&] { return first.handled() + second.handled() >= 200; });
    };
    pair("classic", "orders", false);
    pair("modern", "events", true);

    const auto alone = [this](const std::string &group, const std::string &topic, bool commits) {
        auto &member = join(group, topic, group + "-1", false, commits);
        eventually(QString::fromStdString(group + " has read everything"),
                   [&] { return member.handled() >= 50; });
        return &member;
    };
    commitWithoutJoining(m_kafka.bootstrap(), "moved-on", {{{"retired", 0}, 20}});
    alone("moved-on", "quiet", true);
    alone("never-commits", "quiet", false);
    alone("idle", "quiet", true);
    alone("stale", "doomed", true);
    alone("left", "orders", true);
}

void GroupWorld::standStill()
{
    m_members.pop_back(); // "left" leaves.
    for (const auto &member : m_members) {
        member->setPaused(true);
        if (member->commits())
            member->commit();
    }
    for (int i = 0; i < 4; ++i) {
        m_producer.sendAll({"orders", i}, 10 + i);
        m_producer.sendAll({"events", i}, 20 + i);
    }
}

void GroupWorld::commitAlone()
{
    const std::string bootstrap = m_kafka.bootstrap();
    commitWithoutJoining(bootstrap, "simple", {{{"orders", 0}, 30}, {{"orders", 1}, 60}},
                         "checkpoint 7");
    commitWithoutJoining(bootstrap, "behind-the-start", {{{"trimmed", 0}, 10}});
    m_admin.deleteRecords({"trimmed", 0}, 40);
    m_admin.alterOffsets("ahead-of-the-end", {{{"short", 0}, 500}});
    commitWithoutJoining(bootstrap, "long-topic", {{{longTopic().toStdString(), 0}, 1}});
    for (const auto &name : oddNames())
        commitWithoutJoining(bootstrap, name.toStdString(), {{{"orders", 2}, 45}});

    Producer transactional(bootstrap, "marked");
    transactional.begin();
    transactional.sendAll({"marked", 0}, 5);
    transactional.commit();
    eventually("the marker", [this] { return m_admin.stableOffset({"marked", 0}) == 6; });
    commitWithoutJoining(bootstrap, "only-markers", {{{"marked", 0}, 5}});
    commitWithoutJoining(bootstrap, "before-markers", {{{"marked", 0}, 3}});
}

void GroupWorld::holdTransaction()
{
    m_transactions = std::make_unique<Producer>(m_kafka.bootstrap(), "held");
    m_transactions->begin();
    m_transactions->sendAll({"held", 0}, 5);
    commitWithoutJoining(m_kafka.bootstrap(), "waiting", {{{"held", 0}, 0}});
}

void GroupWorld::endTransaction()
{
    m_transactions->commit();
    eventually("the marker", [this] { return m_admin.stableOffset({"held", 0}) == 6; });
    commitWithoutJoining(m_kafka.bootstrap(), "waiting", {{{"held", 0}, 5}});
}

void GroupWorld::deleteUnderMember()
{
    m_admin.deleteTopic("doomed");
    eventually("the topic is gone", [this] {
        return !m_kafka.mustTool({"topics", "--list"}).contains("doomed");
    });
}

QString GroupWorld::longTopic()
{
    return QString("long.").leftJustified(249, 'x');
}

QStringList GroupWorld::oddNames()
{
    return {"with spaces in it",
            "Ünïcødé-Ω-名前",
            "quote\"d 'n' done",
            "<img src=x onerror=alert(1)>",
            "colon:0,comma",
            "line\nbreak\ttab",
            QString("right") + QChar(0x202e) + "to-left",
            "--all",
            QString("g").repeated(250)};
}

} // namespace redrive::testworld
