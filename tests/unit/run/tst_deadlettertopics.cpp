#include "core/run/deadlettertopics.h"

#include <QTest>

#include <map>

using namespace redrive;
using namespace redrive::run;

namespace {

Error no(Error::Kind kind, std::string code)
{
    return Error{.kind = kind,
                 .code = std::move(code),
                 .message = "no",
                 .attempted = {},
                 .retriable = false};
}

/// A cluster of topics, or nobody.
struct Cluster
{
    std::map<std::string, std::int32_t> topics;
    bool silent = false;

    TopicRequests requests()
    {
        return {
            .partitionCount = [this](const std::string &topic) -> Result<std::int32_t> {
                if (silent)
                    return no(Error::Kind::Transport, "_TRANSPORT");
                const auto found = topics.find(topic);
                if (found == topics.end())
                    return no(Error::Kind::Broker, "UNKNOWN_TOPIC_OR_PARTITION");
                return found->second;
            },
            .create = [this](const std::string &topic, std::int32_t partitions) -> Result<void> {
                topics[topic] = partitions;
                return {};
            }};
    }
};

consumer::SessionOptions reading(std::vector<std::string> topics)
{
    consumer::SessionOptions options;
    options.group = GroupId("g");
    options.topics = std::move(topics);
    return options;
}

} // namespace

class TestDeadLetterTopics : public QObject
{
    Q_OBJECT

private slots:
    void eachSourceHasItsOwnOrAllShareOne()
    {
        auto options = reading({"a", "b"});
        QVERIFY(deadLetterTopics(options) ==
                (DeadLetterTopics{{"a.dlq", {"a"}}, {"b.dlq", {"b"}}}));
        options.dlqTopic = "letters";
        QVERIFY(deadLetterTopics(options) == (DeadLetterTopics{{"letters", {"a", "b"}}}));
        options.onPoison = consumer::OnPoison::Skip;
        QVERIFY(deadLetterTopics(options).empty());
    }

    void aMissingOneIsSaidWithTheSourcesThatWouldWait()
    {
        Cluster cluster{.topics = {{"a", 3}, {"a.dlq", 3}, {"b", 1}}};
        const auto check =
            checkDeadLetterTopics({{"a.dlq", {"a"}}, {"b.dlq", {"b"}}}, cluster.requests());
        QVERIFY(check.answered);
        QCOMPARE(check.errors.size(), 1U);
        QCOMPARE(check.errors.front().code, std::string("UNKNOWN_TOPIC_OR_PARTITION"));
        QVERIFY(check.errors.front().message.find("b.dlq") != std::string::npos);
    }

    void whileNobodyAnswersNothingIsKnown()
    {
        Cluster cluster{.topics = {}, .silent = true};
        const auto check = checkDeadLetterTopics({{"a.dlq", {"a"}}}, cluster.requests());
        QVERIFY(!check.answered);
        QVERIFY(check.errors.empty());
        const auto created = createDeadLetterTopics({{"a.dlq", {"a"}}}, cluster.requests());
        QVERIFY(!created && created.error().kind == Error::Kind::Transport);
    }

    void aNewOneIsAsWideAsItsWidestSource()
    {
        Cluster cluster{.topics = {{"a", 3}, {"b", 6}, {"b.dlq", 1}}};
        QVERIFY(createDeadLetterTopics(
            {{"letters", {"a", "b"}}, {"b.dlq", {"b"}}, {"gone.dlq", {"gone"}}},
            cluster.requests()));
        QCOMPARE(cluster.topics.at("letters"), 6);
        QCOMPARE(cluster.topics.at("b.dlq"), 1);
        QVERIFY(!cluster.topics.contains("gone.dlq"));
    }
};

QTEST_GUILESS_MAIN(TestDeadLetterTopics)
#include "tst_deadlettertopics.moc"
