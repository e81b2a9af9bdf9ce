#include "core/base/text.h"
#include "core/consumer/engine.h"

#include <algorithm>
#include <utility>

namespace redrive::consumer {

namespace {

constexpr Millis lookUpPatience{5000};
constexpr Millis revokeCommitPatience{5000};
constexpr std::size_t keyLanes = 16;
constexpr Millis repeatAfter{30'000};

std::string protocolName(kafka::RebalanceProtocol protocol, bool isKip848)
{
    if (isKip848)
        return "consumer";
    return protocol == kafka::RebalanceProtocol::Cooperative ? "cooperative" : "eager";
}

} // namespace

Partition *ConsumerSession::Engine::find(const TopicPartition &partition)
{
    const auto found = m_partitions.find(partition);
    return found == m_partitions.end() ? nullptr : found->second.get();
}

void ConsumerSession::Engine::hear(consumed::Event event)
{
    std::visit(
        [this](auto &said) {
            using What = std::decay_t<decltype(said)>;
            if constexpr (std::is_same_v<What, consumed::Assigned>)
                onAssigned(std::move(said));
            else if constexpr (std::is_same_v<What, consumed::Revoked>)
                onRevoked(std::move(said));
            else if constexpr (std::is_same_v<What, consumed::CommitAnswer>)
                onCommitAnswer(said);
            else if constexpr (std::is_same_v<What, consumed::StartingPoints>)
                onStartingPoints(said);
            else if constexpr (std::is_same_v<What, consumed::SeekAnswer>)
                onSeekAnswer(said);
            else
                onComplaint(said);
        },
        event);
}

void ConsumerSession::Engine::onAssigned(consumed::Assigned assigned)
{
    m_connected = true;
    ++m_counters.rebalances;
    m_protocol = protocolName(assigned.protocol, m_options.isKip848);
    m_joinedAt = monoNow();
    if (m_state == SessionState::Joining)
        m_state = SessionState::Running;
    for (const TopicPartition &id : assigned.partitions) {
        auto partition = std::make_unique<Partition>();
        partition->id = id;
        const auto lanes = m_options.ordering == Ordering::Key ? keyLanes : 1;
        for (std::size_t i = 0; i < lanes; ++i) {
            partition->lanes.push_back(std::make_shared<Lane>());
            partition->lanes.back()->partition = partition.get();
        }
        m_book.assigned(id, std::nullopt);
        m_unavailable.erase(id.topic);
        m_partitions[id] = std::move(partition);
    }
    tell(told::Assigned{.partitions = assigned.partitions, .protocol = m_protocol});
    if (assigned.partitions.empty()) {
        m_consumer->assign({}, {}, assigned.protocol);
        convictSuspects();
        return;
    }
    m_assigning.emplace_back(assigned.partitions, assigned.protocol);
    m_consumer->lookUp(std::move(assigned.partitions), lookUpPatience);
}

/// `--reset error`: stops before anything is read, with what is missing in one sentence.
bool ConsumerSession::Engine::isResetRefused(const consumed::StartingPoint &point)
{
    if (m_options.reset != kafka::ResetPolicy::Error || point.error)
        return false;
    const std::string where =
        visible(point.partition.topic) + "/" + std::to_string(point.partition.partition);
    Error error{.kind = Error::Kind::Broker,
                .code = "NO_OFFSET",
                .message = "group " + visible(m_options.group.value()) + " has no commit in " +
                           where + ", and --reset is error",
                .attempted = "finding where to begin in " + where,
                .retriable = false};
    if (point.committed) {
        if (!point.logStart || *point.committed >= *point.logStart)
            return false;
        error.code = "OFFSET_OUT_OF_RANGE";
        error.message = "offset " + std::to_string(point.committed->value()) + ", committed in " +
                        where + ", is below the log start " +
                        std::to_string(point.logStart->value()) + ", and --reset is error";
    }
    fail(std::move(error));
    return true;
}

void ConsumerSession::Engine::onStartingPoints(const consumed::StartingPoints &points)
{
    if (points.elsewhere) {
        onElsewhere(points);
        return;
    }
    if (points.points.empty())
        return;
    const auto assigning =
        std::find_if(m_assigning.begin(), m_assigning.end(), [&](const auto &entry) {
            return std::find(entry.first.begin(), entry.first.end(),
                             points.points.front().partition) != entry.first.end();
        });
    if (assigning == m_assigning.end())
        return; // lost in the meantime
    bool refused = false;
    std::vector<Position> startAt;
    for (const consumed::StartingPoint &point : points.points) {
        Partition *partition = find(point.partition);
        if (partition == nullptr)
            continue;
        partition->starting = false;
        partition->logStart = point.logStart;
        if (point.error)
            problem(*point.error, &point.partition);
        else
            m_connected = true;
        refused = isResetRefused(point) || refused;
        m_book.assigned(point.partition, point.committed);
        partition->start = point.committed;
        if (point.committed && point.leaderEpoch && !point.error)
            startAt.push_back({point.partition, *point.committed, point.leaderEpoch});
        if (m_options.untilEnd)
            partition->endAt = point.logEnd;
        if (!point.committed && !point.error)
            partition->start =
                m_options.reset == kafka::ResetPolicy::Latest ? point.logEnd : point.logStart;
        if (!refused && point.committed && point.logStart && *point.committed < *point.logStart) {
            const auto lost = *point.logStart - *point.committed;
            partition->start =
                m_options.reset == kafka::ResetPolicy::Latest ? point.logEnd : point.logStart;
            tell(told::Problem{
                .error = Error{.kind = Error::Kind::Broker,
                               .code = "RECORDS_LOST",
                               .message = std::to_string(lost) +
                                          " offsets behind the commit are gone from the log",
                               .attempted = "finding where to begin in " +
                                            visible(point.partition.topic) + "/" +
                                            std::to_string(point.partition.partition),
                               .retriable = false},
                .partition = point.partition,
                .committed = point.committed,
                .logStart = point.logStart,
                .lost = lost});
        }
    }
    const auto [partitions, protocol] = std::move(*assigning);
    m_assigning.erase(assigning);
    // Nothing is read where it was refused, but the rebalance has to come to its end.
    if (refused)
        m_consumer->assign({}, {}, protocol);
    else
        m_consumer->assign(partitions, startAt, protocol);
    convictSuspects();
}

void ConsumerSession::Engine::onRevoked(consumed::Revoked revoked)
{
    ++m_counters.rebalances;
    std::erase_if(m_assigning, [&](const auto &entry) {
        return std::any_of(entry.first.begin(), entry.first.end(), [&](const auto &partition) {
            return std::find(revoked.partitions.begin(), revoked.partitions.end(), partition) !=
                   revoked.partitions.end();
        });
    });
    Revocation revocation{.partitions = std::move(revoked.partitions),
                          .protocol = revoked.protocol,
                          .deadline = m_closeDeadline ? monoNow() : monoNow() + m_options.drain,
                          .committing = false};
    for (const TopicPartition &id : revocation.partitions) {
        if (Partition *partition = find(id)) {
            partition->revoking = true;
            for (auto &lane : partition->lanes)
                lane->stopAsked = true;
        }
    }
    if (!revoked.lost) {
        m_revocations.push_back(std::move(revocation));
        return;
    }
    for (const TopicPartition &id : revocation.partitions)
        drop(id);
    m_consumer->unassign(revocation.partitions, revocation.protocol);
    tell(told::Revoked{.partitions = revocation.partitions,
                       .protocol = protocolName(revocation.protocol, m_options.isKip848),
                       .lost = true});
}

/// Quiet handlers, then a commit that is waited for, and only then give back.
void ConsumerSession::Engine::revokeStep(MonoTime now)
{
    for (auto revocation = m_revocations.begin(); revocation != m_revocations.end();) {
        const auto &ids = revocation->partitions;
        const auto any = [&](auto &&holds) { return std::any_of(ids.begin(), ids.end(), holds); };
        if (!revocation->committing) {
            const bool busy = any([this](const TopicPartition &id) {
                const Partition *partition = find(id);
                return partition != nullptr && partition->isBusy();
            });
            if (busy && now < revocation->deadline) {
                ++revocation;
                continue;
            }
            revocation->committing = true;
            revocation->deadline = now + revokeCommitPatience;
            m_book.tryAgain();
        }
        if (!m_broken) {
            const auto request = ++m_lastRequest;
            if (auto positions = m_book.due(request, now, ids); !positions.empty())
                send(request, std::move(positions), true, now);
            const bool pending = any([this](const auto &id) { return m_book.isPending(id); });
            if (pending && now < revocation->deadline) {
                ++revocation;
                continue;
            }
        }
        for (const TopicPartition &id : ids)
            drop(id);
        m_consumer->unassign(ids, revocation->protocol);
        tell(told::Revoked{.partitions = ids,
                           .protocol = protocolName(revocation->protocol, m_options.isKip848)});
        revocation = m_revocations.erase(revocation);
    }
}

void ConsumerSession::Engine::drop(const TopicPartition &id)
{
    m_book.removed(id);
    const auto found = m_partitions.find(id);
    if (found == m_partitions.end())
        return;
    Partition &partition = *found->second;
    m_counters.dropped += partition.buffered();
    for (auto &lane : partition.lanes) {
        lane->partition = nullptr;
        lane->stopAsked = true;
    }
    // librdkafka keeps a pause over revoke and assign.
    if (partition.backlogPaused)
        m_consumer->resume({id});
    m_partitions.erase(found);
    if (m_suspecting)
        convictSuspects();
}

void ConsumerSession::Engine::dropSlices(Partition &partition)
{
    m_counters.dropped += partition.buffered();
    for (auto &lane : partition.lanes) {
        lane->slices.clear();
        lane->buffered = 0;
        lane->nextAtMost = 0;
        lane->forgetFailure();
    }
    partition.bufferedBytes = 0;
}

void ConsumerSession::Engine::onComplaint(const consumed::Complaint &complaint)
{
    if (complaint.allBrokersDown)
        m_connected = false;
    if (complaint.fatal) {
        m_broken = true;
        fail(complaint.error);
        return;
    }
    Error error = complaint.error;
    if (complaint.topic) {
        m_unavailable.insert(*complaint.topic);
        if (error.message.find(*complaint.topic) == std::string::npos)
            error.message = visible(*complaint.topic) + ": " + error.message;
    }
    // Where the end is what is waited for, there is none to come to.
    if (m_options.untilEnd && m_partitions.empty() &&
        std::all_of(m_options.topics.begin(), m_options.topics.end(),
                    [this](const auto &topic) { return m_unavailable.contains(topic); })) {
        fail(std::move(error));
        return;
    }
    // A connection that is down says so many times a second.
    const MonoTime now = monoNow();
    std::erase_if(m_complained, [&](const auto &told) { return now - told.second >= repeatAfter; });
    if (m_complained.emplace(error.code + error.message, now).second)
        problem(std::move(error));
    else
        m_problem = std::move(error);
}

} // namespace redrive::consumer
