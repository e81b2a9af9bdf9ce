#pragma once

#include "core/base/error.h"
#include "core/base/time.h"
#include "core/consumer/options.h"
#include "core/model/record.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace redrive::consumer {

/// What a failed commit asks for.
enum class CommitReaction
{
    Done,            ///< there was nothing to commit
    Repeat,          ///< after a pause, while the partition is still ours
    WithoutMetadata, ///< the broker takes no (or less) metadata: at once again, without
    Drop,            ///< the group does not take it from us now; the partition is likely lost
    Stop,            ///< only a person can help
};
CommitReaction reactionTo(const Error &error);

/// What is committed, what is on its way, and when the next request is due, for the partitions that
/// a session owns. A state machine without clock or broker: it says what to send, and is told what
/// came back. One request is on its way at a time a partition, so that none overtakes another and a
/// commit never goes backwards (R-05, I5).
class CommitBook
{
public:
    explicit CommitBook(CommitStrategy strategy);

    void assigned(const TopicPartition &partition, std::optional<Offset> committed);
    void removed(const TopicPartition &partition);
    /// It is about to be moved: what was finished before is not committed any more.
    void forget(const TopicPartition &partition);
    /// It was moved: the next commit may be lower than what is committed.
    void moved(const TopicPartition &partition);

    /// Everything before `position` is finished; `records` more than the last time.
    void finished(const Position &position, std::size_t records, MonoTime now);

    /// What is to be committed now. `all`: whatever is finished (revoke, close), else as the
    /// strategy wants it. Marks it as on its way under `request`.
    std::vector<Position> due(std::uint64_t request, MonoTime now, bool all);
    /// The same for some partitions only, at once.
    std::vector<Position> due(std::uint64_t request, MonoTime now,
                              const std::vector<TopicPartition> &partitions);

    /// What the broker said about one of them. What is to be dropped rests, and pends no more: a
    /// partition that is lost goes, and one that is kept is committed with what it finishes next,
    /// after a while, or when it is given back (tryAgain).
    CommitReaction answered(std::uint64_t request, const Position &position,
                            const std::optional<Error> &error, MonoTime now);

    /// What rests is due again.
    void tryAgain();

    std::optional<Offset> committed(const TopicPartition &partition) const;
    /// Finished, and not acknowledged.
    bool isPending(const TopicPartition &partition) const;
    bool isAnythingPending() const;
    bool isOnItsWay(const TopicPartition &partition) const;
    bool wantsMetadata() const noexcept { return m_withMetadata; }

    /// When due() may have something; none: not before something changes.
    std::optional<MonoTime> nextDue() const;

private:
    struct Part
    {
        std::optional<Offset> committed; ///< acknowledged
        std::optional<Position> wanted;  ///< finished up to here
        std::optional<Position> sent;    ///< on its way
        std::uint64_t request = 0;
        MonoTime notBefore{}; ///< after a failure
        std::size_t failures = 0;
        bool resting = false;       ///< the group did not take it from us, until `notBefore`
        bool backwards = false;     ///< the next commit may be lower than what is committed
        bool sentBackwards = false; ///< and that is the one on its way
    };
    bool isReached(MonoTime now) const;
    bool wants(const Part &part) const;
    void take(const TopicPartition &partition, Part &part, std::uint64_t request, MonoTime now,
              std::vector<Position> &into);

    CommitStrategy m_strategy;
    std::map<TopicPartition, Part> m_parts;
    std::size_t m_sinceLast = 0;      ///< records finished since the last request
    std::optional<MonoTime> m_oldest; ///< when the first of them was
    bool m_withMetadata = true;
};

} // namespace redrive::consumer
