// The limit that the benchmarks compare with: the least code on librdkafka that sends the same
// requests.
//   bench-bare BOOTSTRAP lag         once, as `groups list --lag`
//   bench-bare BOOTSTRAP describe    once, as `groups describe --all`
//   bench-bare BOOTSTRAP watch SECONDS
//                                    offsets and ends every 5 s, as the window does
//   bench-bare BOOTSTRAP consume TOPIC RECORDS [crcs]
//                                    a batch loop over a topic, as bench-consume; with checksums
#include "tests/bench/usage.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <librdkafka/rdkafka.h>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace bench = redrive::bench;

namespace {

template <auto Destroy>
struct CDelete
{
    template <typename T>
    void operator()(T *handle) const noexcept
    {
        Destroy(handle);
    }
};
using Event = std::unique_ptr<rd_kafka_event_t, CDelete<rd_kafka_event_destroy>>;
using Options = std::unique_ptr<rd_kafka_AdminOptions_t, CDelete<rd_kafka_AdminOptions_destroy>>;
using Partitions = std::set<std::pair<std::string, int>>;

[[noreturn]] void fail(const char *why)
{
    std::fprintf(stderr, "bench-bare: %s\n", why);
    std::exit(1);
}

Event wait(rd_kafka_queue_t *queue)
{
    Event event(rd_kafka_queue_poll(queue, 30'000));
    if (!event || rd_kafka_event_error(event.get()) != RD_KAFKA_RESP_ERR_NO_ERROR)
        fail("no answer");
    return event;
}

std::vector<std::string> listGroups(rd_kafka_t *client, rd_kafka_queue_t *queue)
{
    rd_kafka_ListConsumerGroups(client, nullptr, queue);
    const Event event = wait(queue);
    std::size_t count = 0;
    const auto *const *groups = rd_kafka_ListConsumerGroups_result_valid(
        rd_kafka_event_ListConsumerGroups_result(event.get()), &count);
    std::vector<std::string> names;
    for (std::size_t i = 0; i < count; ++i)
        names.emplace_back(rd_kafka_ConsumerGroupListing_group_id(groups[i]));
    return names;
}

std::size_t describe(rd_kafka_t *client, rd_kafka_queue_t *queue,
                     const std::vector<std::string> &groups)
{
    std::vector<const char *> names;
    for (const auto &group : groups)
        names.push_back(group.c_str());
    rd_kafka_DescribeConsumerGroups(client, names.data(), names.size(), nullptr, queue);
    const Event event = wait(queue);
    std::size_t count = 0;
    rd_kafka_DescribeConsumerGroups_result_groups(
        rd_kafka_event_DescribeConsumerGroups_result(event.get()), &count);
    return count;
}

Partitions commits(rd_kafka_t *client, rd_kafka_queue_t *queue,
                   const std::vector<std::string> &groups)
{
    constexpr std::size_t inFlight = 200;
    Partitions partitions;
    std::size_t sent = 0;
    for (std::size_t done = 0; done < groups.size(); ++done) {
        for (; sent < groups.size() && sent - done < inFlight; ++sent) {
            rd_kafka_ListConsumerGroupOffsets_t *request =
                rd_kafka_ListConsumerGroupOffsets_new(groups[sent].c_str(), nullptr);
            rd_kafka_ListConsumerGroupOffsets(client, &request, 1, nullptr, queue);
            rd_kafka_ListConsumerGroupOffsets_destroy(request);
        }
        const Event event = wait(queue);
        std::size_t count = 0;
        const auto *const *results = rd_kafka_ListConsumerGroupOffsets_result_groups(
            rd_kafka_event_ListConsumerGroupOffsets_result(event.get()), &count);
        const auto *list = rd_kafka_group_result_partitions(results[0]);
        for (int i = 0; i < list->cnt; ++i)
            partitions.emplace(list->elems[i].topic, list->elems[i].partition);
    }
    return partitions;
}

void offsets(rd_kafka_t *client, rd_kafka_queue_t *queue, const Partitions &partitions,
             std::int64_t spec, rd_kafka_IsolationLevel_t isolation)
{
    rd_kafka_topic_partition_list_t *list =
        rd_kafka_topic_partition_list_new(static_cast<int>(partitions.size()));
    for (const auto &[topic, partition] : partitions)
        rd_kafka_topic_partition_list_add(list, topic.c_str(), partition)->offset = spec;
    const Options options(rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_LISTOFFSETS));
    rd_kafka_AdminOptions_set_isolation_level(options.get(), isolation);
    rd_kafka_ListOffsets(client, list, options.get(), queue);
    rd_kafka_topic_partition_list_destroy(list);
}

/// Reads a topic from its beginning as the only member of a new group.
int consume(const char *bootstrap, const char *topic, std::size_t records, bool crcs)
{
    std::array<char, 256> why{};
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    const auto set = [&](const char *key, const std::string &value) {
        if (rd_kafka_conf_set(conf, key, value.c_str(), why.data(), why.size()) != 0)
            fail(why.data());
    };
    set("bootstrap.servers", bootstrap);
    set("group.id", bench::freshGroup());
    set("auto.offset.reset", "earliest");
    set("enable.auto.commit", "false");
    set("fetch.queue.backoff.ms", "10");
    set("enable.metrics.push", "false");
    set("check.crcs", crcs ? "true" : "false");
    rd_kafka_t *client = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why.data(), why.size());
    if (client == nullptr)
        fail(why.data());
    rd_kafka_poll_set_consumer(client);
    rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(topics, topic, RD_KAFKA_PARTITION_UA);
    rd_kafka_subscribe(client, topics);
    rd_kafka_topic_partition_list_destroy(topics);
    rd_kafka_queue_t *queue = rd_kafka_queue_get_consumer(client);
    std::vector<rd_kafka_message_t *> batch(bench::batchSize);
    bench::Usage usage;
    std::size_t read = 0;
    std::size_t bytes = 0;
    while (read < records) {
        const auto count = rd_kafka_consume_batch_queue(queue, 1000, batch.data(), batch.size());
        if (count > 0 && read == 0)
            usage = bench::usageNow();
        for (ssize_t i = 0; i < count; ++i) {
            if (batch[static_cast<std::size_t>(i)]->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
                ++read;
                bytes += batch[static_cast<std::size_t>(i)]->len;
            }
            rd_kafka_message_destroy(batch[static_cast<std::size_t>(i)]);
        }
    }
    bench::print(usage, read, bytes);
    rd_kafka_queue_destroy(queue);
    rd_kafka_consumer_close(client);
    rd_kafka_destroy(client);
    return 0;
}

} // namespace

int main(int count, char **arguments)
{
    if (count < 3)
        fail("BOOTSTRAP lag|describe|watch [SECONDS] | consume TOPIC RECORDS [crcs]");
    const std::string mode = arguments[2];
    if (mode == "consume" && count > 4)
        return consume(arguments[1], arguments[3],
                       static_cast<std::size_t>(std::atoll(arguments[4])), count > 5);
    std::array<char, 256> why{};
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "bootstrap.servers", arguments[1], why.data(), why.size());
    rd_kafka_conf_set(conf, "enable.metrics.push", "false", why.data(), why.size());
    rd_kafka_t *client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why.data(), why.size());
    if (client == nullptr)
        fail(why.data());
    rd_kafka_queue_t *queue = rd_kafka_queue_new(client);

    const auto start = std::chrono::steady_clock::now();
    const int seconds = mode == "watch" && count > 3 ? std::atoi(arguments[3]) : 0;
    std::size_t groups = 0;
    std::size_t partitions = 0;
    for (int round = 0; round == 0 || round * 5 < seconds; ++round) {
        std::this_thread::sleep_until(start + std::chrono::seconds(round * 5));
        const auto names = listGroups(client, queue);
        groups = names.size();
        if (mode == "describe" && describe(client, queue, names) != names.size())
            fail("not every group was described");
        const auto found = commits(client, queue, names);
        partitions = found.size();
        offsets(client, queue, found, RD_KAFKA_OFFSET_SPEC_LATEST,
                RD_KAFKA_ISOLATION_LEVEL_READ_UNCOMMITTED);
        if (mode == "describe") {
            offsets(client, queue, found, RD_KAFKA_OFFSET_SPEC_EARLIEST,
                    RD_KAFKA_ISOLATION_LEVEL_READ_UNCOMMITTED);
            offsets(client, queue, found, RD_KAFKA_OFFSET_SPEC_LATEST,
                    RD_KAFKA_ISOLATION_LEVEL_READ_COMMITTED);
            wait(queue);
            wait(queue);
        }
        wait(queue);
    }
    if (seconds > 0)
        std::this_thread::sleep_until(start + std::chrono::seconds(seconds));
    rd_kafka_queue_destroy(queue);
    rd_kafka_destroy(client);
    std::printf("%zu groups, %zu partitions\n", groups, partitions);
    return 0;
}
