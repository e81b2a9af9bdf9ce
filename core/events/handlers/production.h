#pragma once

#include "core/base/error.h"
#include "core/events/handlers/settings.h"
#include "core/events/nextoccurrence.h"
#include "core/kafka/recordwriter.h"
#include "core/model/record.h"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace redrive::events {

/// Next occurrences on their way to the topics of the events that they follow. A trace goes on: the
/// record carries the trace of the completed event and a span of its own, which goes to the tracer
/// (`send T`). On one thread.
class Production
{
public:
    explicit Production(const HandlerSettings &settings);

    void send(std::size_t index, const RecordView &completed, const NextOccurrence &next);

    /// What became of each, by the index it was sent with, in that order; waits for all answers,
    /// which come within the writer's delivery timeout.
    std::vector<std::pair<std::size_t, Result<kafka::Delivered>>> wait();

private:
    struct Answers; ///< shared with the writer's thread

    const HandlerSettings &m_settings;
    std::vector<std::size_t> m_indexes;
    std::shared_ptr<Answers> m_answers;
};

/// A record that the broker will never take is the record's own failure; anything else is nobody's.
consumer::Failure toFailure(const Error &error);

} // namespace redrive::events
