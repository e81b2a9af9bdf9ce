#pragma once

#include "core/base/ids.h"
#include "core/base/time.h"
#include "core/consumer/events.h"
#include "core/consumer/handler.h"
#include "core/consumer/tracker.h"
#include "core/kafka/recordbatch.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace redrive::consumer {

struct Partition;

/// Records that are handled one after the other: those of a partition, or of some of its keys. All
/// of it belongs to the session's thread, but for what is atomic.
struct Lane : std::enable_shared_from_this<Lane>
{
    /// Records of one batch that lie side by side, or that were picked from it.
    struct Slice
    {
        std::shared_ptr<const kafka::RecordBatch> batch;
        std::vector<RecordView> picked; ///< where they do not lie side by side
        std::span<const RecordView> records;
        std::size_t bytes = 0; ///< of each record, on average
    };

    Partition *partition = nullptr; ///< null: given back; what comes of it now comes too late
    std::deque<Slice> slices;
    std::size_t buffered = 0;

    bool running = false;                      ///< a worker has it
    std::size_t dispatched = 0;                ///< records that the worker has
    std::size_t nextAtMost = 0;                ///< records of the next call; 0: no limit of its own
    std::atomic<bool> stopAsked{false};        ///< the handler returns after the record it has
    std::atomic<std::int64_t> current{-1};     ///< offset the handler has; -1: none
    std::atomic<std::int64_t> currentSince{0}; ///< ns of the steady clock

    /// Of the record at the front, once it has failed.
    std::size_t attempts = 0;
    std::size_t dlqFailures = 0;
    int dlqShrunk = 0;
    WallTime firstFailedAt{};
    WallTime lastFailedAt{};
    std::optional<Failure> failure{};
    std::string eventId;
    std::optional<MonoTime> notBefore{};
    bool condemned = false; ///< goes to the dead-letter topic, not to the handler
    bool sending = false;   ///< the dead letter is on its way
    std::optional<std::string> dlqProblem{};

    const RecordView *front() const
    {
        return slices.empty() ? nullptr : &slices.front().records.front();
    }
    /// Forgets `count` records at the front; returns their bytes.
    std::size_t pop(std::size_t count)
    {
        std::size_t bytes = 0;
        buffered -= count;
        while (count > 0) {
            Slice &slice = slices.front();
            const auto here = std::min(count, slice.records.size());
            slice.records = slice.records.subspan(here);
            bytes += here * slice.bytes;
            count -= here;
            if (slice.records.empty())
                slices.pop_front();
        }
        return bytes;
    }
    /// The record at the front is done with, whatever became of it.
    void forgetFailure()
    {
        attempts = 0;
        dlqFailures = 0;
        dlqShrunk = 0;
        failure.reset();
        eventId.clear();
        notBefore.reset();
        condemned = false;
        sending = false;
        dlqProblem.reset();
    }
    bool isBusy() const noexcept { return running || sending; }
};

/// A partition that the session owns.
struct Partition
{
    TopicPartition id;
    OffsetTracker tracker;
    std::vector<std::shared_ptr<Lane>> lanes;
    std::optional<Offset> start{};    ///< where it began, where that is known
    std::optional<Offset> logStart{}; ///< when it was assigned
    std::optional<Offset> endAt{};    ///< of --until-end
    std::optional<Offset> read{};     ///< the reader's position
    std::size_t bufferedBytes = 0;
    bool starting = true;  ///< its starting point is being looked up
    bool revoking = false; ///< to be given back when its lanes are quiet
    bool userPaused = false;
    bool backlogPaused = false;             ///< by back-pressure, at the consumer
    std::optional<Offset> seekTo{};         ///< to be done when its lanes are quiet
    MonoTime seekNotBefore{};               ///< after a failure
    told::Steered steered;                  ///< what is told when it is done
    std::vector<told::Steered> unconfirmed; ///< done, and not committed yet; for the journal
    bool seeking = false;         ///< asked for; what arrives until it is answered is from before
    std::optional<Offset> reread; ///< the first record that was put aside for --max
    bool rereading = false;       ///< the seek under way is for that, and moves only the reader
    bool discarded = false; ///< something was taken and not kept since it was assigned or sought to
    bool ended = false;     ///< --until-end: nothing more is taken
    std::uint64_t processed = 0;
    std::uint64_t deadLettered = 0;
    std::uint64_t skipped = 0;

    std::size_t buffered() const
    {
        std::size_t sum = 0;
        for (const auto &lane : lanes)
            sum += lane->buffered;
        return sum;
    }
    bool isBusy() const
    {
        for (const auto &lane : lanes) {
            if (lane->isBusy())
                return true;
        }
        return false;
    }
    /// Goes on neither by itself nor soon: held by a person, or by a record that failed.
    bool standsStill() const
    {
        for (const auto &lane : lanes) {
            if (lane->attempts > 0 || lane->condemned)
                return true;
        }
        return userPaused;
    }
    /// Where the next unfinished record is, as far as it is known.
    std::optional<Offset> position() const
    {
        if (const auto oldest = tracker.oldest())
            return Offset(oldest->offset);
        if (const auto prefix = tracker.prefix())
            return Offset(prefix->next);
        return start;
    }
};

} // namespace redrive::consumer
