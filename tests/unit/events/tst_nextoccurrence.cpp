#include "core/events/nextoccurrence.h"

#include <QTest>

#include <algorithm>
#include <string>

using namespace redrive;
using namespace redrive::events;
using namespace std::string_literals;

namespace {

const Instant now = parseInstant("2026-11-21T10:00:00Z").value();

TaskEvent completed(std::string_view taskData)
{
    const std::string value =
        R"({"event_id":"e-1","event_type":"completed","task_id":7,"user_id":"u-7",)"
        R"("timestamp":"2026-11-20T09:00:00Z","task_data":)" +
        std::string(taskData) + "}";
    auto event = readTaskEvent(value, now);
    if (!event)
        qFatal("%s", event.error().failure.message.c_str());
    return *std::move(event);
}

/// With single quotes for double ones, which reads better.
std::string json(std::string text)
{
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

NextOccurrence following(const TaskEvent &event)
{
    return nextOccurrence(event, now)->value();
}

} // namespace

class TestNextOccurrence : public QObject
{
    Q_OBJECT
private slots:
    void namesBecomeTheUuidsOfTheStandard()
    {
        // RFC 4122, appendix B names the DNS name space; the result is the well-known one.
        const std::array<std::uint8_t, 16> dns{0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1,
                                               0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8};
        QCOMPARE(uuidV5(dns, "python.org"), "886313e1-3b8a-5372-9b90-0c9aee199e5d"s);
        QCOMPARE(uuidV5(dns, "www.example.com"), "2ed6657d-e927-568b-95e1-2665a8aea6a2"s);
    }

    void theSameCompletionAlwaysHasTheSameFollower()
    {
        const auto event = completed(R"({"recurrence":"daily"})");
        QCOMPARE(following(event).eventId, following(event).eventId);
        QCOMPARE(following(event).eventId.value(), "b951b567-1526-526b-9717-74c7b1c321bb"s);
        QCOMPARE(following(event).taskId.value(), following(event).eventId.value());
    }

    void theFollowerIsACreatedEventOfTheSameUserWithANewDueDate()
    {
        const auto next = following(completed(
            R"({"title":"Water \u00e9","recurrence":"weekly","recurrence_interval":2,"due_at" : "2026-11-21T18:00:00Z" ,"x":[1.50]})"));
        QCOMPARE(next.key, "u-7"s);
        QCOMPARE(toRfc3339(next.dueAt), "2026-12-05T18:00:00.000Z"s);
        const auto read = readTaskEvent(next.value, now);
        QVERIFY(read);
        QCOMPARE(read->eventId, next.eventId);
        QCOMPARE(read->taskId, next.taskId);
        QVERIFY(read->type == TaskEventType::Created);
        QCOMPARE(read->userId->value(), "u-7"s);
        QVERIFY(read->timestamp == now);
        QVERIFY(read->dueAt == next.dueAt);
        QCOMPARE(
            read->taskData,
            R"({"title":"Water \u00e9","recurrence":"weekly","recurrence_interval":2,"due_at" : "2026-12-05T18:00:00.000Z" ,"x":[1.50]})"s);
    }

    void withoutADueDateItCountsFromTheCompletion()
    {
        QCOMPARE(toRfc3339(following(completed(R"({"recurrence":"daily"})")).dueAt),
                 "2026-11-21T09:00:00.000Z"s);
        QCOMPARE(toRfc3339(following(completed(R"({"recurrence":"daily","due_at":null})")).dueAt),
                 "2026-11-21T09:00:00.000Z"s);
    }

    void nothingFollowsWhatDoesNotRecurOrIsNotCompleted()
    {
        QVERIFY(!*nextOccurrence(completed("{}"), now));
        QVERIFY(!*nextOccurrence(completed(R"({"recurrence":"none"})"), now));
        QVERIFY(!*nextOccurrence(completed(R"({"recurrence":null})"), now));
        auto updated = completed(R"({"recurrence":"daily"})");
        updated.type = TaskEventType::Updated;
        QVERIFY(!*nextOccurrence(updated, now));
    }

    void aStepOutOfTimeIsThatRecordsOwnFault()
    {
        const auto next =
            nextOccurrence(completed(R"({"recurrence":"yearly","recurrence_interval":9000})"), now);
        QVERIFY(!next);
        QCOMPARE(next.error().path, "$.task_data.recurrence_interval"s);
        QVERIFY(next.error().message.starts_with(next.error().path));
    }

    void oneMemberChangesAndEveryOtherByteStays()
    {
        const std::pair<const char *, const char *> cases[]{
            {"{}", "{'due_at':1}"},
            {"{ }", "{'due_at':1 }"},
            {"{'a':{'due_at':0}}", "{'a':{'due_at':0},'due_at':1}"},
            {"{'a':'},\\'due_at\\':0' }", "{'a':'},\\'due_at\\':0','due_at':1 }"},
            {"{'due_at':null}", "{'due_at':1}"},
            {"{'a':[[],{'b':']'}],'due_at':'x','z':0}", "{'a':[[],{'b':']'}],'due_at':1,'z':0}"},
            {"{'due\\u005fat' : true , 'z':0}", "{'due\\u005fat' : 1 , 'z':0}"},
            {"{'due_at':{'deep':['}']}}", "{'due_at':1}"}};
        for (const auto &[before, after] : cases)
            QCOMPARE(withMember(json(before), "due_at", "1"), json(after));
    }
};

QTEST_APPLESS_MAIN(TestNextOccurrence)
#include "tst_nextoccurrence.moc"
