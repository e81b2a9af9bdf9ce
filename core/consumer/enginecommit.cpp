#include "core/consumer/engine.h"

#include <algorithm>
#include <utility>

namespace redrive::consumer {

void ConsumerSession::Engine::commitStep(MonoTime now)
{
    if (m_broken || m_state != SessionState::Running)
        return;
    const auto request = ++m_lastRequest;
    if (auto positions = m_book.due(request, now, false); !positions.empty())
        send(request, std::move(positions), m_options.commit.kind == CommitStrategy::Kind::Sync,
             now);
}

void ConsumerSession::Engine::commitAll(MonoTime now)
{
    const auto request = ++m_lastRequest;
    if (auto positions = m_book.due(request, now, true); !positions.empty())
        send(request, std::move(positions), true, now);
}

void ConsumerSession::Engine::send(std::uint64_t request, std::vector<Position> positions,
                                   bool sync, MonoTime now)
{
    ++m_counters.commitsRequested;
    m_consumer->commit(request, positions,
                       m_book.wantsMetadata() ? m_options.commitMetadata : std::string());
    m_requests[request] =
        CommitRequest{.positions = std::move(positions), .sentAt = now, .sync = sync};
}

void ConsumerSession::Engine::store(const Position &position)
{
    for (const consumed::PartOfCommit &part :
         m_consumer->store({position}, m_book.wantsMetadata() ? m_options.commitMetadata : "")) {
        if (part.error && reactionTo(*part.error) != CommitReaction::Drop)
            problem(*part.error, &part.position.partition, part.position.next);
    }
}

void ConsumerSession::Engine::onCommitAnswer(const consumed::CommitAnswer &answer)
{
    const MonoTime now = monoNow();
    CommitRequest request;
    if (const auto found = m_requests.find(answer.request); found != m_requests.end()) {
        request = std::move(found->second);
        m_requests.erase(found);
    } else {
        ++m_counters.commitsRequested; // the library's own timer
        request.sentAt = now;
    }
    m_connected = m_connected || !answer.error;

    told::Committed committed{.positions = {},
                              .sync = request.sync,
                              .error = std::nullopt,
                              .latency = std::chrono::duration_cast<Millis>(now - request.sentAt)};
    std::optional<Error> stop;
    std::map<std::string, told::Committed> failed; ///< by code: parts fail apart
    const auto judge = [&](const Position &position, const std::optional<Error> &error) {
        const auto reaction = m_book.answered(answer.request, position, error, now);
        if (!error || reaction == CommitReaction::Done) {
            committed.positions.push_back(position);
            if (!error)
                confirmSteered(answer.request, position);
            return;
        }
        auto &part = failed[error->code];
        part.positions.push_back(position);
        part.error = error;
        if (reaction == CommitReaction::Stop)
            stop = error;
    };
    if (answer.parts.empty()) {
        for (const Position &position : request.positions)
            judge(position, answer.error);
    }
    for (const consumed::PartOfCommit &part : answer.parts)
        judge(part.position, part.error ? part.error : answer.error);

    if (!committed.positions.empty()) {
        ++m_counters.commitsAcknowledged;
        if (m_parts.traceCommit)
            m_parts.traceCommit(committed);
        tell(committed);
    }
    for (auto &[code, part] : failed) {
        ++m_counters.commitsFailed;
        part.sync = committed.sync;
        part.latency = committed.latency;
        if (m_parts.traceCommit)
            m_parts.traceCommit(part);
        tell(std::move(part));
    }
    if (stop) {
        m_broken = true;
        fail(*stop);
    }
}

} // namespace redrive::consumer
