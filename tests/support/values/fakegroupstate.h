#pragma once

// Private to the twins of this folder.

#include "tests/support/values/fakegroup.h"

#include <cstdint>
#include <unistd.h>
#include <utility>

namespace redrive::testsupport {

namespace consumed = kafka::consumed;

struct FakeGroup::State
{
    struct Log
    {
        std::vector<Stored> records;
        std::int64_t start = 0;
        std::int64_t end = 0;
        std::optional<std::int64_t> committed;
        std::optional<std::int64_t> position; ///< set: assigned
        std::optional<std::int64_t> begin;    ///< of the next assign()
        bool endTold = false;
        bool paused = false;
    };

    mutable std::mutex mutex; ///< guards all below
    std::map<TopicPartition, Log> logs;
    std::vector<consumed::Event> events;
    std::vector<consumed::Event> held;
    std::deque<Error> commitErrors;
    bool commitsHeld = false;
    std::vector<std::vector<Position>> commits;
    std::vector<std::string> calls;
    std::size_t taken = 0;
    std::vector<TopicPartition> givenWhenAsked;
    bool closing = false;
    bool closed = false;
    int wake = -1;

    std::deque<Error> letterErrors;
    bool lettersHeld = false;
    std::vector<OutgoingRecord> letters;
    std::vector<std::pair<OutgoingRecord, kafka::RecordWriter::Reply>> waiting;

    void say(consumed::Event event)
    {
        events.push_back(std::move(event));
        ring();
    }
    void ring() const
    {
        const std::uint64_t one = 1;
        if (wake >= 0) [[maybe_unused]]
            const auto written = write(wake, &one, sizeof one);
    }
};

using FakeGroupState = std::shared_ptr<FakeGroup::State>;

std::unique_ptr<kafka::GroupConsumer> makeFakeConsumer(FakeGroupState state);
std::unique_ptr<kafka::RecordWriter> makeFakeWriter(FakeGroupState state);
/// What is answered to one record now.
void deliverTo(FakeGroup::State &state, OutgoingRecord record,
               const kafka::RecordWriter::Reply &reply);

} // namespace redrive::testsupport
