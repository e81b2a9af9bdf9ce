#pragma once

#include "groupsstory.h"
#include "ui/bridge/offsetjobs.h"

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace redrive::test {

using offsets::JobSnapshot;
using offsets::JobState;

/// What a cluster holds, for plans that are made by the real planner.
inline offsets::Facts factsOf(const std::string &group, int partitions,
                              GroupState state = GroupState::Empty)
{
    offsets::Facts facts;
    facts.clusterId = "Mk3OEYBSD34fcwNTJENDM2Qk";
    facts.group.id = GroupId(group);
    facts.group.state = state;
    facts.group.type = GroupType::Classic;
    facts.committed.id = GroupId(group);
    facts.readAt = noon();
    for (const char *topic : {"orders", "payments"}) {
        kafka::TopicIdentity identity{topic, "u1SnXmbvTWGm3wJ5-" + std::string(topic), {}, {}};
        for (std::int32_t p = 0; p < partitions; ++p) {
            const TopicPartition partition{topic, p};
            identity.partitions.push_back(p);
            facts.committed.offsets.push_back(
                {partition, Offset(18'220 + p), std::nullopt, "", std::nullopt});
            facts.start[partition] = {Offset(0), std::nullopt};
            facts.end[partition] = {Offset(36'622 + p), std::nullopt};
            facts.stable[partition] = {Offset(36'622 + p), std::nullopt};
        }
        facts.topics[topic] = identity;
    }
    return facts;
}

/// The work of one job in memory: plans from facts at once, notes what it is told, and says what a
/// test lets it say. Shared with the window; thread-safe.
struct OffsetTwin
{
    std::mutex mutex; ///< guards all below
    offsets::Facts facts;
    bool holds = false;       ///< plans are not answered until it says so
    bool looksAround = false; ///< records that are read next are shown
    std::vector<offsets::PlanRequest> planned;
    std::vector<std::string> orders; ///< "apply orders/0 …"
    std::vector<offsets::Plan> applied;
    kafka::Confirmation confirmation;
    std::string reason;
    std::shared_ptr<const JobSnapshot> news;
    std::function<void()> wakeUp;
    bool destroyed = false;

    void say(JobSnapshot next)
    {
        std::function<void()> wake;
        {
            const std::scoped_lock lock(mutex);
            news = std::make_shared<const JobSnapshot>(std::move(next));
            wake = wakeUp;
        }
        if (wake)
            wake();
    }
    offsets::Plan make(const offsets::PlanRequest &request)
    {
        offsets::Plan plan = offsets::makePlan(request, facts, noon());
        for (offsets::PlanRow &row : plan.rows) {
            if (!looksAround || row.error || !row.target.offset)
                continue;
            const auto offset = row.target.offset->value();
            const std::string body = "{\"order_id\":\"ord-" + std::to_string(offset) +
                                     "\",\"customer\":\"c-8841\",\"total\":\"118.40 EUR\"}";
            row.next = kafka::RecordGlance{.offset = *row.target.offset,
                                           .time = noon() - Millis(7'200'000) + Millis(offset),
                                           .key = "ord-" + std::to_string(offset),
                                           .value = body,
                                           .valueSize = body.size()};
            row.firstTime = row.next->time;
            row.lastTime = noon();
        }
        return plan;
    }
    JobSnapshot snapshotOf(JobState state, const offsets::PlanRequest &request)
    {
        JobSnapshot snapshot;
        snapshot.state = state;
        snapshot.request = request;
        if (state != JobState::Planning)
            snapshot.plan = make(request);
        return snapshot;
    }
    /// Of what is being applied: all confirmed, but those.
    JobSnapshot doneOf(const std::vector<TopicPartition> &refused = {},
                       const std::vector<TopicPartition> &unknown = {})
    {
        const auto in = [](const auto &list, const TopicPartition &partition) {
            return std::ranges::find(list, partition) != list.end();
        };
        JobSnapshot snapshot;
        snapshot.state = JobState::Done;
        snapshot.request = planned.back();
        snapshot.plan = applied.back();
        offsets::Applied result;
        result.journal = "j17";
        result.group = applied.back().group;
        for (const offsets::PlanRow &row : applied.back().rows) {
            store::JournalRow line;
            line.partition = row.partition;
            line.before = row.current.offset;
            line.requested = row.target.offset;
            line.outcome = store::JournalOutcome::Confirmed;
            line.after = row.target.offset;
            if (in(refused, row.partition)) {
                line.outcome = store::JournalOutcome::NotApplied;
                line.after = row.current.offset;
                line.error = "writing orders: Broker: Topic authorization failed "
                             "(TOPIC_AUTHORIZATION_FAILED)";
            } else if (in(unknown, row.partition)) {
                line.outcome = store::JournalOutcome::Unknown;
                line.after.reset();
                line.error = "reading back: Local: Timed out (_TIMED_OUT)";
            }
            result.rows.push_back(line);
        }
        snapshot.applied = std::move(result);
        return snapshot;
    }
    JobSnapshot refusalOf(const std::string &code, const std::string &message)
    {
        JobSnapshot snapshot;
        snapshot.state = JobState::Refused;
        snapshot.request = planned.back();
        snapshot.plan = applied.empty() ? std::nullopt : std::optional(applied.back());
        snapshot.error = Error{.kind = Error::Kind::Refused,
                               .code = code,
                               .message = message,
                               .attempted = "moving group billing",
                               .retriable = false};
        return snapshot;
    }
};

class TwinWork final : public ui::OffsetWork
{
public:
    explicit TwinWork(std::shared_ptr<OffsetTwin> twin)
        : m_twin(std::move(twin))
    {
    }
    ~TwinWork() override
    {
        const std::scoped_lock lock(m_twin->mutex);
        m_twin->destroyed = true;
    }
    void plan(const offsets::PlanRequest &request) override
    {
        m_twin->planned.push_back(request);
        m_twin->orders.push_back("plan " + offsets::specOf(request.target));
        if (!m_twin->holds)
            m_twin->say(m_twin->snapshotOf(JobState::Planned, request));
    }
    void apply(const offsets::Plan &shown, const kafka::Confirmation &confirmation,
               const std::string &reason, bool evenIfMoving) override
    {
        m_twin->orders.emplace_back(evenIfMoving ? "apply even if moving" : "apply");
        m_twin->applied.push_back(shown);
        m_twin->confirmation = confirmation;
        m_twin->reason = reason;
    }
    void applyWhenEmpty(const offsets::Plan &shown, const kafka::Confirmation &confirmation,
                        const std::string &reason, Millis expires) override
    {
        m_twin->orders.push_back("wait " + std::to_string(expires.count() / 60'000));
        m_twin->applied.push_back(shown);
        m_twin->confirmation = confirmation;
        m_twin->reason = reason;
    }
    void cancel() override { m_twin->orders.emplace_back("cancel"); }
    std::shared_ptr<const JobSnapshot> take() override
    {
        const std::scoped_lock lock(m_twin->mutex);
        return std::exchange(m_twin->news, nullptr);
    }
    void setWakeUp(std::function<void()> wakeUp) override
    {
        const std::scoped_lock lock(m_twin->mutex);
        m_twin->wakeUp = std::move(wakeUp);
    }

private:
    std::shared_ptr<OffsetTwin> m_twin;
};

class TwinOffsets final : public ui::OffsetRunner
{
public:
    explicit TwinOffsets(offsets::Facts facts)
        : m_facts(std::move(facts))
    {
    }
    std::unique_ptr<ui::OffsetWork> begin() override
    {
        twins.push_back(std::make_shared<OffsetTwin>());
        twins.back()->facts = m_facts;
        twins.back()->looksAround = looksAround;
        return std::make_unique<TwinWork>(twins.back());
    }
    Result<offsets::PlanRequest> undoOf(const std::string &clusterId,
                                        const std::string &journal) override
    {
        if (clusterId != m_facts.clusterId || journal != "j17")
            return brokerError("undoing " + journal, "no such entry", "JOURNAL_ENTRY_NOT_FOUND");
        offsets::to::Undo undo;
        undo.journal = journal;
        for (std::int32_t p = 0; p < 2; ++p)
            undo.before[{"orders", p}] = {Offset(17'000 + p), std::nullopt, ""};
        offsets::PlanRequest request;
        request.group = m_facts.group.id;
        request.scope.topics = {{"orders", {0, 1}}};
        request.target = undo;
        return request;
    }
    std::string bootstrap() const override { return "broker-1:9092"; }

    std::vector<std::shared_ptr<OffsetTwin>> twins; ///< in the order they were begun
    bool looksAround = false;

private:
    offsets::Facts m_facts;
};

/// Told as `offsets::Waiting` of an armed job would be.
inline JobSnapshot waitingOf(const OffsetTwin &twin, int members)
{
    JobSnapshot snapshot;
    snapshot.state = JobState::Waiting;
    snapshot.request = twin.planned.back();
    snapshot.plan = twin.applied.back();
    snapshot.expires = wallNow() + Millis(29 * 60'000);
    offsets::Waiting waiting;
    waiting.state = GroupState::Stable;
    for (int m = 0; m < members; ++m)
        waiting.members.push_back(memberOf("billing-" + std::to_string(m + 1), {{"orders", m}}));
    snapshot.waiting = std::move(waiting);
    return snapshot;
}

} // namespace redrive::test
