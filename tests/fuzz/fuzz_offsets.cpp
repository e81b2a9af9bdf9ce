#include "core/offsets/planfile.h"
#include "core/offsets/tables.h"
#include "core/offsets/words.h"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace redrive;
using namespace redrive::offsets;

void hold(bool condition)
{
    if (!condition)
        std::abort();
}

void readTable(std::string_view text)
{
    const auto commits = fromCsv(text);
    if (!commits)
        return;
    GroupOffsets offsets;
    for (const auto &[partition, image] : *commits)
        offsets.offsets.push_back({.partition = partition,
                                   .offset = image.offset,
                                   .leaderEpoch = {},
                                   .metadata = {},
                                   .error = {}});
    const auto again = fromCsv(toCsv(offsets));
    hold(again && *again == *commits);
}

void readSnapshot(std::string_view text)
{
    const auto snapshot = snapshotFromJson(text);
    if (!snapshot)
        return;
    const auto again = snapshotFromJson(toJson(*snapshot));
    hold(again && *again == *snapshot);
}

void usePlan(const Plan &plan)
{
    const auto again = planFromJson(toJson(plan));
    hold(again && *again == plan);
    sumsInWords(plan);
    whatStandsInTheWay(plan);
    asKafkaCommand(plan, "host:9092");
    asRedriveCommand(plan, "");
    glancesOf(plan, 100);
    if (!plan.rows.empty())
        hold(without(plan, {plan.rows.front().partition}).rows.size() + 1 == plan.rows.size());
    differences(plan, {});
}

void readPlan(const std::string &text)
{
    const auto plan = planFromJson(text);
    if (plan)
        usePlan(*plan);
    if (plan || plan.error().code != "PLAN_CHANGED")
        return;
    // No fuzzer finds a hash: the right one is put in its place.
    const std::string &message = plan.error().message;
    const std::string right = message.substr(message.find("sha256:"));
    const auto place = text.find("sha256:");
    if (place == std::string::npos)
        return;
    std::string repaired = text;
    if (const auto again = planFromJson(repaired.replace(place, right.size(), right)))
        usePlan(*again);
}

Plan samplePlan()
{
    Plan plan;
    plan.clusterId = "c";
    plan.group = GroupId("g");
    plan.state = GroupState::Empty;
    plan.action = "reset";
    plan.target =
        to::Table{{{{"t", 0}, {.offset = Offset(20), .leaderEpoch = 1, .metadata = "m"}}}};
    plan.scope = {.topics = {{"t", {0, 1}}}, .allTopics = false};
    plan.topicIds = {{"t", "id"}};
    plan.members.resize(1);
    plan.moving = {{"t", 0}};
    PlanRow row;
    row.partition = {"t", 0};
    row.current = {.offset = Offset(120), .leaderEpoch = 4, .metadata = "m"};
    row.target = {.offset = Offset(20), .leaderEpoch = {}, .metadata = {}};
    row.logStart = Offset(0);
    row.logEnd = Offset(150);
    row.again = 100;
    row.skipped = 0;
    row.lost = 0;
    row.firstTime = WallTime(Millis(1));
    row.next = kafka::RecordGlance{
        .offset = Offset(20), .time = {}, .key = "k", .value = "\xff", .valueSize = 1};
    row.notes = {"note"};
    plan.rows = {row, {}};
    plan.rows[1].partition = {"t", 1};
    plan.rows[1].error = Error{};
    plan.hash = hashOf(plan);
    return plan;
}

/// A good file with some of it replaced: two bytes say where, one how much.
std::string spoiled(std::string text, std::string_view data)
{
    if (data.size() < 3)
        return text;
    const auto byte = [data](std::size_t i) {
        return std::size_t(static_cast<unsigned char>(data[i]));
    };
    return text.replace((byte(0) * 256 + byte(1)) % text.size(), byte(2), data.substr(3));
}

} // namespace

// Files that somebody else wrote: they are read without harm, and what was read can be written and
// read again as it was.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text{reinterpret_cast<const char *>(data), size};
    readTable(text);
    readSnapshot(text);
    static const std::string plan = toJson(samplePlan());
    static const std::string snapshot = toJson(OffsetsSnapshot{
        .clusterId = "c",
        .group = GroupId("g"),
        .time = WallTime(Millis(1)),
        .commits = {{{"t", 0}, {.offset = Offset(2), .leaderEpoch = 1, .metadata = "\xff"}}}});
    readPlan(std::string(text));
    readPlan(spoiled(plan, text));
    readSnapshot(spoiled(snapshot, text));
    return 0;
}
