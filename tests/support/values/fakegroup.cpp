#include "tests/support/values/fakegroupstate.h"

#include <utility>

namespace redrive::testsupport {

std::shared_ptr<FakeGroup::State> FakeGroup::makeState()
{
    return std::make_shared<State>();
}

void FakeGroup::append(const TopicPartition &partition, std::optional<std::string> value,
                       std::optional<std::string> key, Headers headers,
                       std::optional<std::int64_t> offset)
{
    const std::scoped_lock lock(m_state->mutex);
    auto &log = m_state->logs[partition];
    const std::int64_t at = offset.value_or(log.end);
    log.records.push_back(Stored{at, std::move(key), std::move(value), std::move(headers)});
    log.end = at + 1;
    log.endTold = false;
    m_state->ring();
}

void FakeGroup::appendMany(const TopicPartition &partition, int count)
{
    for (int i = 0; i < count; ++i)
        append(partition, "value " + std::to_string(i));
}

void FakeGroup::setCommitted(const TopicPartition &partition, std::int64_t offset)
{
    const std::scoped_lock lock(m_state->mutex);
    m_state->logs[partition].committed = offset;
}

void FakeGroup::setLogStart(const TopicPartition &partition, std::int64_t offset)
{
    const std::scoped_lock lock(m_state->mutex);
    m_state->logs[partition].start = offset;
}

void FakeGroup::truncateTo(const TopicPartition &partition, std::int64_t offset)
{
    const std::scoped_lock lock(m_state->mutex);
    m_state->logs[partition].begin = offset;
}

void FakeGroup::give(std::vector<TopicPartition> partitions, kafka::RebalanceProtocol protocol)
{
    const std::scoped_lock lock(m_state->mutex);
    m_state->say(consumed::Assigned{std::move(partitions), protocol});
}

void FakeGroup::giveWhenOthersAreAskedFor(std::vector<TopicPartition> partitions)
{
    const std::scoped_lock lock(m_state->mutex);
    m_state->givenWhenAsked = std::move(partitions);
}

void FakeGroup::revoke(std::vector<TopicPartition> partitions, bool lost)
{
    const std::scoped_lock lock(m_state->mutex);
    m_state->say(
        consumed::Revoked{std::move(partitions), kafka::RebalanceProtocol::Cooperative, lost});
}

void FakeGroup::complain(consumed::Complaint complaint)
{
    const std::scoped_lock lock(m_state->mutex);
    m_state->say(std::move(complaint));
}

void FakeGroup::refuseCommits(std::deque<Error> errors)
{
    const std::scoped_lock lock(m_state->mutex);
    m_state->commitErrors = std::move(errors);
}

void FakeGroup::holdCommits(bool hold)
{
    const std::scoped_lock lock(m_state->mutex);
    m_state->commitsHeld = hold;
    if (!hold) {
        for (auto &answer : std::exchange(m_state->held, {}))
            m_state->say(std::move(answer));
    }
}

void FakeGroup::refuseLetters(std::deque<Error> errors)
{
    const std::scoped_lock lock(m_state->mutex);
    m_state->letterErrors = std::move(errors);
}

void FakeGroup::holdLetters(bool hold)
{
    decltype(m_state->waiting) waiting;
    {
        const std::scoped_lock lock(m_state->mutex);
        m_state->lettersHeld = hold;
        if (!hold)
            waiting.swap(m_state->waiting);
    }
    for (auto &[record, reply] : waiting)
        deliverTo(*m_state, std::move(record), reply);
}

std::optional<std::int64_t> FakeGroup::committed(const TopicPartition &partition) const
{
    const std::scoped_lock lock(m_state->mutex);
    const auto log = m_state->logs.find(partition);
    return log == m_state->logs.end() ? std::nullopt : log->second.committed;
}

std::vector<std::vector<Position>> FakeGroup::commits() const
{
    const std::scoped_lock lock(m_state->mutex);
    return m_state->commits;
}

std::vector<OutgoingRecord> FakeGroup::letters() const
{
    const std::scoped_lock lock(m_state->mutex);
    return m_state->letters;
}

bool FakeGroup::isAssigned(const TopicPartition &partition) const
{
    const std::scoped_lock lock(m_state->mutex);
    const auto log = m_state->logs.find(partition);
    return log != m_state->logs.end() && log->second.position;
}

bool FakeGroup::isPaused(const TopicPartition &partition) const
{
    const std::scoped_lock lock(m_state->mutex);
    const auto log = m_state->logs.find(partition);
    return log != m_state->logs.end() && log->second.paused;
}

bool FakeGroup::hasLeft() const
{
    const std::scoped_lock lock(m_state->mutex);
    return m_state->closed;
}

std::size_t FakeGroup::taken() const
{
    const std::scoped_lock lock(m_state->mutex);
    return m_state->taken;
}

std::vector<std::string> FakeGroup::calls() const
{
    const std::scoped_lock lock(m_state->mutex);
    return m_state->calls;
}

Result<std::unique_ptr<kafka::GroupConsumer>> FakeGroup::makeConsumer()
{
    return makeFakeConsumer(m_state);
}

Result<std::unique_ptr<kafka::RecordWriter>> FakeGroup::makeWriter()
{
    return makeFakeWriter(m_state);
}

} // namespace redrive::testsupport
