#pragma once

#include "core/base/error.h"
#include "core/base/time.h"
#include "core/kafka/configure.h"
#include "core/kafka/handles.h"

#include <future>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace redrive::kafka {

/// A handle for questions that are asked one at a time, by a thread that waits for the answer. Its
/// members go in the reverse of their order.
struct Asking
{
    std::promise<void> gone; ///< breaks when all the rest is destroyed
    HandleContext context;
    ClientPtr client;
    QueuePtr queue;
};

/// Destroyed by the reaper, whoever lets go of it last.
Result<std::shared_ptr<Asking>> openAsking(const ConnectionSettings &settings);

/// Options with the time after which the library itself gives up.
OptionsPtr optionsFor(const Asking &asking, rd_kafka_admin_op_t operation, Millis timeout);

struct Awaited
{
    EventPtr event;               ///< null: none came
    std::optional<Error> trouble; ///< what the connection complained of meanwhile
};

/// Blocks until an event of that type is there, `wait` is over, `stop` is asked for, or a password
/// was refused, which stays so.
Awaited awaitEvent(Asking &asking, rd_kafka_event_type_t type, Millis wait,
                   const ConnectionSettings &settings, const std::string &attempted,
                   const std::stop_token &stop);

/// The answer, or why there is none: a request that timed out does not say that nobody was there,
/// but the connection's own trouble does. Blocks for `timeout`, and a little more for the library's
/// own word.
Result<EventPtr> await(Asking &asking, rd_kafka_event_type_t type, Millis timeout,
                       const ConnectionSettings &settings, const std::string &attempted,
                       const std::stop_token &stop);

} // namespace redrive::kafka
