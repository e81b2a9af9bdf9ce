#include "core/kafka/tailreader.h"

#include "core/kafka/configure.h"
#include "core/kafka/handles.h"
#include "core/kafka/reaper.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

namespace redrive::kafka {

namespace {

struct Progress
{
    TailQuery query;
    std::optional<Offset> lastData;
};

/// The handle and what its callbacks read, kept together until the reaper is done with them.
struct Reader
{
    HandleContext context;
    ClientPtr client;
};

} // namespace

TailTable readTails(const ConnectionSettings &settings, const std::vector<TailQuery> &queries,
                    Millis timeout, const std::stop_token &stop)
{
    TailTable answers;
    auto reader = std::make_shared<Reader>();
    reader->context.addresses = settings.addressMap;
    auto conf = makeConf(settings, Role::Reader, reader->context);
    if (!conf)
        return answers;
    auto client = makeClient(std::move(*conf), Role::Reader);
    if (!client)
        return answers;
    reader->client = std::move(*client);
    rd_kafka_t *const handle = reader->client.get();

    std::map<TopicPartition, Progress> open;
    const PartitionsPtr assignment(
        rd_kafka_topic_partition_list_new(static_cast<int>(queries.size())));
    for (const auto &query : queries) {
        auto *element = rd_kafka_topic_partition_list_add(
            assignment.get(), query.partition.topic.c_str(), query.partition.partition);
        element->offset = query.from.value();
        open.emplace(query.partition, Progress{query, std::nullopt});
    }
    rd_kafka_poll_set_consumer(handle);
    QueuePtr queue(rd_kafka_queue_get_consumer(handle));
    const bool assigned = rd_kafka_assign(handle, assignment.get()) == RD_KAFKA_RESP_ERR_NO_ERROR;

    const auto finish = [&](std::map<TopicPartition, Progress>::iterator done) {
        answers.emplace(done->first, TailAnswer{.lastData = done->second.lastData,
                                                .from = done->second.query.from});
        // Stops fetching what nobody needs; the outcome of a pause changes nothing here.
        const PartitionsPtr one(rd_kafka_topic_partition_list_new(1));
        rd_kafka_topic_partition_list_add(one.get(), done->first.topic.c_str(),
                                          done->first.partition);
        rd_kafka_pause_partitions(handle, one.get());
        open.erase(done);
    };

    const MonoTime deadline = monoNow() + timeout;
    while (assigned && !open.empty() && !stop.stop_requested()) {
        const auto left = std::chrono::duration_cast<Millis>(deadline - monoNow());
        if (left <= Millis(0))
            break;
        const EventPtr event(rd_kafka_queue_poll(
            queue.get(), static_cast<int>(std::min(left, Millis(100)).count())));
        if (!event)
            continue;
        if (rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_FETCH) {
            while (const auto *message = rd_kafka_event_message_next(event.get())) {
                const auto found =
                    open.find({rd_kafka_topic_name(message->rkt), message->partition});
                if (found == open.end())
                    continue;
                const Offset end = found->second.query.end;
                if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR && Offset(message->offset) < end)
                    found->second.lastData = Offset(message->offset);
                if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF ||
                    (message->err == RD_KAFKA_RESP_ERR_NO_ERROR &&
                     message->offset >= end.value() - 1))
                    finish(found);
            }
        } else if (rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_ERROR &&
                   rd_kafka_event_error(event.get()) == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
            // With the event interface an end of partition comes as an error event that carries the
            // partition.
            const PartitionPtr element(rd_kafka_event_topic_partition(event.get()));
            const auto found =
                element ? open.find({element->topic, element->partition}) : open.end();
            if (found != open.end())
                finish(found);
        }
    }

    queue.reset();
    discard([reader = std::move(reader)]() mutable { reader.reset(); });
    return answers;
}

} // namespace redrive::kafka
