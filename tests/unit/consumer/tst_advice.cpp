#include "core/consumer/advice.h"

#include <QtTest>

#include <algorithm>

using namespace redrive;
using namespace redrive::consumer;

namespace {

using Severity = Advice::Severity;

SessionOptions ordinary()
{
    SessionOptions options;
    options.group = GroupId("billing");
    options.topics = {"orders"};
    return options;
}

AdviceFacts calm()
{
    AdviceFacts facts;
    facts.topics = std::set<std::string>{"orders", "orders.dlq"};
    facts.partitions = 6;
    facts.isCooperative = true;
    return facts;
}

GroupDescription groupOf(std::size_t members)
{
    GroupDescription group;
    group.id = GroupId("billing");
    group.state = GroupState::Stable;
    group.type = GroupType::Classic;
    for (std::size_t i = 0; i < members; ++i) {
        GroupMember member;
        member.memberId = "m-" + std::to_string(i);
        group.members.push_back(member);
    }
    return group;
}

const Advice *find(const std::vector<Advice> &all, std::string_view field,
                   std::string_view part = {})
{
    const auto found = std::ranges::find_if(all, [&](const Advice &advice) {
        return advice.field == field && advice.sentence.find(part) != std::string::npos;
    });
    return found == all.end() ? nullptr : &*found;
}

} // namespace

class AdviceTest : public QObject
{
    Q_OBJECT
private slots:
    void theDefaultsOnACalmClusterNeedNoAdvice() { QVERIFY(advise(ordinary(), calm()).empty()); }

    void whatIsUnknownLeadsToNoAdvice() { QVERIFY(advise(ordinary(), AdviceFacts{}).empty()); }

    void aReadOnlyProfileIsARefusalWithTheReason()
    {
        AdviceFacts facts = calm();
        facts.policy.mode = kafka::AccessMode::ReadOnly;
        const auto all = advise(ordinary(), facts);
        const Advice *const advice = find(all, advised::access, "read-only");
        QVERIFY(advice);
        QCOMPARE(advice->severity, Severity::Refusal);
    }

    void aProductionClusterIsNamed()
    {
        AdviceFacts facts = calm();
        facts.policy = {kafka::AccessMode::Confirm, true};
        QVERIFY(find(advise(ordinary(), facts), advised::access, "production"));
    }

    void aGroupWithForeignMembersSaysThatPartitionsAreTaken()
    {
        AdviceFacts facts = calm();
        facts.group = groupOf(3);
        facts.ownMembers = 1;
        const auto all = advise(ordinary(), facts);
        const Advice *const advice = find(all, advised::group, "2 members");
        QVERIFY(advice);
        QCOMPARE(advice->severity, Severity::Warning);
        facts.ownMembers = 3;
        QVERIFY(!find(advise(ordinary(), facts), advised::group));
    }

    void aGroupIdSharedByTwoServicesIsToldByItsOtherTopics()
    {
        AdviceFacts facts = calm();
        facts.group = groupOf(1);
        facts.groupTopics = {"orders", "payments"};
        QVERIFY(find(advise(ordinary(), facts), advised::group, "also reads payments"));
        facts.groupTopics = {"orders"};
        QVERIFY(!find(advise(ordinary(), facts), advised::group, "also reads"));
    }

    void anEmptyGroupWithCommitsGoesOnFromThere()
    {
        AdviceFacts facts = calm();
        facts.group = groupOf(0);
        facts.groupTopics = {"orders"};
        const auto all = advise(ordinary(), facts);
        const Advice *const advice = find(all, advised::group, "goes on from there");
        QVERIFY(advice);
        QCOMPARE(advice->severity, Severity::Note);
    }

    void namesFromTheClusterStayVisible()
    {
        AdviceFacts facts = calm();
        facts.group = groupOf(1);
        facts.group->id = GroupId("a\nb");
        const auto all = advise(ordinary(), facts);
        QVERIFY(find(all, advised::group, "a\\nb"));
    }

    void anUnknownTopicIsWaitedForAndNeverCreated()
    {
        SessionOptions options = ordinary();
        options.topics = {"ordres"};
        options.dlqTopic = "orders.dlq";
        QVERIFY(find(advise(options, calm()), advised::topics, "ordres is not in this cluster"));
        options.topics = {"^ord.*"};
        QVERIFY(!find(advise(options, calm()), advised::topics));
    }

    void autoCommitWithSlowRecordsIsAWarningAndElseANote()
    {
        SessionOptions options = ordinary();
        options.commit.kind = CommitStrategy::Kind::Auto;
        AdviceFacts facts = calm();
        const auto quick = advise(options, facts);
        QCOMPARE(find(quick, advised::commit)->severity, Severity::Note);
        facts.recordTime = Millis(2000);
        facts.batchLimit = 1;
        const auto slow = advise(options, facts);
        QCOMPARE(find(slow, advised::commit)->severity, Severity::Warning);
    }

    void aLargeBatchOrIntervalSaysWhatComesAgain()
    {
        SessionOptions options = ordinary();
        options.commit = {.kind = CommitStrategy::Kind::Batch, .count = 50'000};
        QVERIFY(find(advise(options, calm()), advised::commit, "50,000 records"));
        options.commit = {.kind = CommitStrategy::Kind::Every, .interval = Millis(120'000)};
        QVERIFY(find(advise(options, calm()), advised::commit, "2 min"));
    }

    void handlerTimeIsHeldAgainstDrainAndPollInterval()
    {
        AdviceFacts facts = calm();
        facts.recordTime = Millis(1000);
        facts.batchLimit = 500;
        auto all = advise(ordinary(), facts);
        QVERIFY(find(all, advised::drain, "max.poll.interval.ms (5 min)"));
        QVERIFY(!find(all, advised::drain, "give up"));
        facts.recordTime = Millis(11'000);
        all = advise(ordinary(), facts);
        QCOMPARE(find(all, advised::drain, "give up")->severity, Severity::Warning);
        SessionOptions patient = ordinary();
        patient.drain = Millis(400'000);
        facts.recordTime.reset();
        QVERIFY(find(advise(patient, facts), advised::drain, "puts the member out"));
    }

    void moreWorkersThanPartitionsHaveNothingToDoUnlessOrderedByKey()
    {
        SessionOptions options = ordinary();
        options.workers = 8;
        QVERIFY(find(advise(options, calm()), advised::workers, "8 workers for 6 partitions"));
        options.ordering = Ordering::Key;
        QVERIFY(!find(advise(options, calm()), advised::workers));
    }

    void aMissingDeadLetterTopicStopsThePartitionOfAPoisonRecord()
    {
        AdviceFacts facts = calm();
        facts.topics = std::set<std::string>{"orders"};
        QVERIFY(find(advise(ordinary(), facts), advised::deadLetters, "orders.dlq does not exist"));
        SessionOptions none = ordinary();
        none.dlqSuffix.reset();
        QVERIFY(find(advise(none, facts), advised::deadLetters, "no dead-letter topic"));
        none.onPoison = OnPoison::Skip;
        const auto all = advise(none, facts);
        QVERIFY(!find(all, advised::deadLetters));
        QVERIFY(find(all, advised::onPoison, "gone"));
    }

    void faultsSayWhetherTheyEndTheWindow()
    {
        AdviceFacts facts = calm();
        facts.anyFault = true;
        QVERIFY(find(advise(ordinary(), facts), advised::faults, "records fail"));
        facts.crashes = true;
        QVERIFY(find(advise(ordinary(), facts), advised::faults, "ends this whole window"));
    }

    void aStaticInstanceIdInUseFencesSomebody()
    {
        SessionOptions options = ordinary();
        options.instanceId = "billing-a";
        AdviceFacts facts = calm();
        QVERIFY(!find(advise(options, facts), advised::instanceId));
        facts.ownInstanceIds = {"billing-a"};
        QVERIFY(find(advise(options, facts), advised::instanceId, "fences"));
        facts.ownInstanceIds.clear();
        facts.group = groupOf(1);
        facts.group->members[0].instanceId = "billing-a";
        QVERIFY(find(advise(options, facts), advised::instanceId, "fences"));
    }

    void aHandlerThatWritesNeedsAFileAndDeduplication()
    {
        AdviceFacts facts = calm();
        facts.needsDatabase = true;
        facts.hasEffects = true;
        facts.deduplicates = false;
        const auto all = advise(ordinary(), facts);
        QCOMPARE(find(all, advised::database)->severity, Severity::Refusal);
        QCOMPARE(find(all, advised::dedupe)->severity, Severity::Warning);
    }

    void joiningWithTheOtherProtocolIsSaid()
    {
        AdviceFacts facts = calm();
        facts.group = groupOf(2);
        SessionOptions options = ordinary();
        options.isKip848 = true;
        QVERIFY(find(advise(options, facts), advised::protocol, "classic group"));
        options.isKip848 = false;
        facts.isCooperative = false;
        QVERIFY(find(advise(options, facts), advised::protocol, "gives back all"));
    }
};

QTEST_APPLESS_MAIN(AdviceTest)
#include "tst_advice.moc"
