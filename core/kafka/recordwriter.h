#pragma once

#include "core/base/error.h"
#include "core/base/ids.h"
#include "core/base/time.h"
#include "core/kafka/connection.h"
#include "core/kafka/guard.h"
#include "core/model/record.h"

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace redrive::kafka {

/// Where an acknowledged record lies.
struct Delivered
{
    std::int32_t partition = 0;
    Offset offset;
};

/// Writes records with `acks=all` and an idempotent producer (C9): acknowledged means that all
/// replicas in sync have it. Keys choose partitions as in Kafka's Java clients (murmur2_random). No
/// topic is ever created by writing to it. Thread-safe.
class RecordWriter
{
public:
    /// Called exactly once a record, on the writer's thread (named "writer").
    using Reply = std::function<void(Result<Delivered>)>;

    RecordWriter() = default;
    RecordWriter(const RecordWriter &) = delete;
    RecordWriter &operator=(const RecordWriter &) = delete;
    /// Outstanding records are given up: their replies say _PURGE_QUEUE, or _PURGE_INFLIGHT where
    /// the broker may have them. Never blocks for long; not to be called from a reply.
    virtual ~RecordWriter() = default;

    /// A record that cannot even be queued is answered as well. One that names a partition which
    /// the topic does not have is sent by its key instead. Blocks, for a second at most,
    /// where more than 64 MiB are not answered yet.
    virtual void send(OutgoingRecord record, Reply reply) = 0;
    /// Waits until all that was sent is answered; false when time ran out.
    virtual bool flush(Millis timeout) = 0;
};

struct WriterOptions
{
    Millis deliveryTimeout{30'000}; ///< until a record that was not acknowledged has failed
    Millis linger{5};
    std::string clientId = "redrive";
};

Result<std::unique_ptr<RecordWriter>>
openWriter(const ConnectionSettings &settings, const WriterOptions &options, const Permit &permit);

/// Whether a topic exists, and its partition count; blocks up to `timeout`, or until `stop` asks.
/// Creates nothing.
Result<std::int32_t> partitionCount(const ConnectionSettings &settings, const std::string &topic,
                                    Millis timeout, const std::stop_token &stop = {});
/// Blocks likewise; a topic that is there already is an error TOPIC_ALREADY_EXISTS.
Result<void> createTopic(const ConnectionSettings &settings, const std::string &topic,
                         std::int32_t partitions, Millis timeout, const Permit &permit,
                         const std::stop_token &stop = {});

} // namespace redrive::kafka
