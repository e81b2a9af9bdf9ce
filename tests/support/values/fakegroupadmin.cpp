#include "tests/support/values/fakegrouprequests.h"

#include <algorithm>
#include <utility>

namespace redrive::twin {

namespace {

const WallTime begin{Millis(1'795'300'000'000)};

std::optional<Error> refusalOf(const Fate &fate, const TopicPartition &partition)
{
    const auto part = fate.parts.find(partition);
    return part == fate.parts.end() ? std::nullopt : std::optional(part->second);
}

} // namespace

MonoTime GroupTwin::now() const
{
    return waits ? monoNow() : clock;
}

WallTime GroupTwin::wall() const
{
    return begin + std::chrono::duration_cast<Millis>(now().time_since_epoch());
}

std::size_t GroupTwin::count(const std::string &request) const
{
    return static_cast<std::size_t>(std::count(asked.begin(), asked.end(), request));
}

void GroupTwin::commit(const std::string &name, const TopicPartition &partition,
                       std::int64_t offset)
{
    group(name).commits[partition] = {.offset = Offset(offset), .leaderEpoch = {}, .metadata = {}};
}

void GroupTwin::join(const std::string &name)
{
    group(name).state = GroupState::Stable;
    group(name).members = {{.memberId = "m-1",
                            .instanceId = {},
                            .clientId = "billing-1",
                            .host = "/10.0.0.5",
                            .assignment = {},
                            .target = {}}};
}

void GroupTwin::leave(const std::string &name)
{
    group(name).state = GroupState::Empty;
    group(name).members.clear();
}

std::shared_ptr<GroupTwin> billingTwin()
{
    auto twin = std::make_shared<GroupTwin>();
    auto &orders = twin->topics["orders"];
    orders.id = "orders-1";
    for (const int partition : {0, 1, 2}) {
        orders.partitions[partition] = {.start = 0, .end = 150};
        twin->commit("billing", {"orders", partition}, 120);
    }
    return twin;
}

FakeGroupAdmin::FakeGroupAdmin(std::shared_ptr<GroupTwin> twin)
    : m_twin(std::move(twin))
{
    const std::scoped_lock lock(m_twin->mutex);
    ++m_twin->opened;
}

FakeGroupAdmin::~FakeGroupAdmin() = default;

Fate FakeGroupAdmin::fateOf(const std::string &name)
{
    const std::scoped_lock lock(m_twin->mutex);
    m_twin->asked.push_back(name);
    const auto hook = m_twin->hook; // which may put another in its place
    return hook ? hook(*m_twin, {name, m_twin->count(name)}) : Fate{};
}

void FakeGroupAdmin::note(const TopicPartition &partition)
{
    const std::scoped_lock lock(m_twin->mutex);
    m_twin->sent.push_back(partition);
}

void FakeGroupAdmin::post(MonoTime due, std::function<std::function<void()>()> run)
{
    m_pending.push_back({due, std::move(run)});
}

MonoTime FakeGroupAdmin::nextDue() const
{
    MonoTime due = MonoTime::max();
    for (const Pending &pending : m_pending)
        due = std::min(due, pending.due);
    for (const GroupTwin::Later &later : m_twin->later)
        due = std::min(due, later.at);
    return due;
}

bool FakeGroupAdmin::poll(Millis wait)
{
    std::vector<std::function<void()>> replies;
    {
        std::unique_lock lock(m_twin->mutex);
        const MonoTime due = nextDue();
        const MonoTime until = std::min(due, m_twin->now() + wait);
        if (m_twin->waits)
            m_twin->changed.wait_until(lock, until, [&] { return std::exchange(m_woken, false); });
        else
            m_twin->clock = std::max(m_twin->clock, until);
        const MonoTime now = m_twin->now();
        std::vector<GroupTwin::Later> arrived;
        std::erase_if(m_twin->later, [&](GroupTwin::Later &later) {
            if (later.at > now)
                return false;
            arrived.push_back(std::move(later));
            return true;
        });
        for (const GroupTwin::Later &later : arrived)
            later.effect();
        std::vector<Pending> ready;
        std::erase_if(m_pending, [&](Pending &pending) {
            if (pending.due > now)
                return false;
            ready.push_back(std::move(pending));
            return true;
        });
        for (const Pending &pending : ready)
            replies.push_back(pending.run());
    }
    for (const auto &reply : replies)
        reply();
    return !replies.empty();
}

void FakeGroupAdmin::wake()
{
    const std::scoped_lock lock(m_twin->mutex);
    m_woken = true;
    m_twin->changed.notify_all();
}

bool FakeGroupAdmin::isWorn() const
{
    const std::scoped_lock lock(m_twin->mutex);
    return m_twin->isWorn;
}

void FakeGroupAdmin::alterOffsets(GroupId group, std::vector<kafka::NewOffset> offsets,
                                  const kafka::Permit & /*permit*/, Millis timeout,
                                  Reply<kafka::ChangeAnswer> reply)
{
    using Answer = kafka::ChangeAnswer;
    for (const kafka::NewOffset &offset : offsets)
        note(offset.partition);
    change<Answer>(
        "alterOffsets", timeout, std::move(reply),
        [=](GroupTwin &twin, const Fate &fate) {
            Answer answer;
            TwinGroup &changed = twin.group(group.value());
            for (const kafka::NewOffset &offset : offsets) {
                auto &part = answer.parts[offset.partition];
                part = refusalOf(fate, offset.partition);
                if (!part && !changed.members.empty())
                    part = brokerError("UNKNOWN_MEMBER_ID", "committing");
                if (!part && logOf(twin, offset.partition) == nullptr)
                    part = unknownPartition("committing");
                if (!part)
                    changed.commits[offset.partition] = {.offset = offset.offset,
                                                         .leaderEpoch = offset.leaderEpoch,
                                                         .metadata = offset.metadata};
            }
            return answer;
        },
        [](const Error &error) { return Answer{.parts = {}, .error = error}; });
}

void FakeGroupAdmin::deleteOffsets(GroupId group, std::vector<TopicPartition> partitions,
                                   const kafka::Permit & /*permit*/, Millis timeout,
                                   Reply<kafka::ChangeAnswer> reply)
{
    using Answer = kafka::ChangeAnswer;
    for (const TopicPartition &partition : partitions)
        note(partition);
    change<Answer>(
        "deleteOffsets", timeout, std::move(reply),
        [=](GroupTwin &twin, const Fate &fate) {
            Answer answer;
            const auto found = twin.groups.find(group.value());
            if (found == twin.groups.end()) {
                answer.error = brokerError("GROUP_ID_NOT_FOUND", "deleting offsets");
                return answer;
            }
            for (const TopicPartition &partition : partitions) {
                auto &part = answer.parts[partition];
                part = refusalOf(fate, partition);
                if (!part && !found->second.members.empty())
                    part = brokerError("GROUP_SUBSCRIBED_TO_TOPIC", "deleting offsets");
                if (!part)
                    found->second.commits.erase(partition);
            }
            return answer;
        },
        [](const Error &error) { return Answer{.parts = {}, .error = error}; });
}

void FakeGroupAdmin::deleteGroup(GroupId group, const kafka::Permit & /*permit*/, Millis timeout,
                                 Reply<Result<void>> reply)
{
    using Answer = Result<void>;
    change<Answer>(
        "deleteGroup", timeout, std::move(reply),
        [=](GroupTwin &twin, const Fate &) -> Answer {
            const auto found = twin.groups.find(group.value());
            if (found == twin.groups.end())
                return brokerError("GROUP_ID_NOT_FOUND", "deleting the group");
            if (!found->second.members.empty())
                return brokerError("NON_EMPTY_GROUP", "deleting the group");
            twin.groups.erase(found);
            return {};
        },
        [](const Error &error) -> Answer { return error; });
}

} // namespace redrive::twin
