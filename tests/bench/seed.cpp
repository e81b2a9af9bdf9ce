// Fills a cluster for the benchmarks: one topic, and groups that have committed to each of its
// partitions.
//   bench-seed BOOTSTRAP TOPIC PARTITIONS GROUPS RECORDS
#include <array>
#include <cstdio>
#include <cstdlib>
#include <librdkafka/rdkafka.h>
#include <memory>
#include <string>

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

[[noreturn]] void fail(const std::string &why)
{
    std::fprintf(stderr, "bench-seed: %s\n", why.c_str());
    std::exit(1);
}

void createTopic(rd_kafka_t *client, rd_kafka_queue_t *queue, const char *name, int partitions)
{
    std::array<char, 256> why{};
    rd_kafka_NewTopic_t *topic = rd_kafka_NewTopic_new(name, partitions, 1, why.data(), why.size());
    if (topic == nullptr)
        fail(why.data());
    rd_kafka_CreateTopics(client, &topic, 1, nullptr, queue);
    const Event event(rd_kafka_queue_poll(queue, 30'000));
    if (!event || rd_kafka_event_error(event.get()) != 0)
        fail("creating the topic failed");
    rd_kafka_NewTopic_destroy(topic);
}

void produce(rd_kafka_t *client, const char *name, int partitions, int records)
{
    std::string value(200, 'x');
    rd_kafka_topic_t *topic = rd_kafka_topic_new(client, name, nullptr);
    for (int i = 0; i < records; ++i)
        if (rd_kafka_produce(topic, i % partitions, RD_KAFKA_MSG_F_COPY | RD_KAFKA_MSG_F_BLOCK,
                             value.data(), value.size(), nullptr, 0, nullptr) != 0)
            fail(rd_kafka_err2str(rd_kafka_last_error()));
    rd_kafka_topic_destroy(topic);
    if (rd_kafka_flush(client, 60'000) != RD_KAFKA_RESP_ERR_NO_ERROR)
        fail("not all records were acknowledged");
}

/// The group of the answer, if its commit was refused.
std::string refusedGroup(rd_kafka_event_t *event)
{
    std::size_t count = 0;
    const auto *const *groups = rd_kafka_AlterConsumerGroupOffsets_result_groups(
        rd_kafka_event_AlterConsumerGroupOffsets_result(event), &count);
    const auto *partitions = rd_kafka_group_result_partitions(groups[0]);
    bool isRefused = rd_kafka_group_result_error(groups[0]) != nullptr || partitions == nullptr;
    for (int i = 0; !isRefused && i < partitions->cnt; ++i)
        isRefused = partitions->elems[i].err != RD_KAFKA_RESP_ERR_NO_ERROR;
    return isRefused ? rd_kafka_group_result_name(groups[0]) : "";
}

/// Commits for group after group, a hundred in flight.
void commit(rd_kafka_t *client, rd_kafka_queue_t *queue, const char *topic, int partitions,
            int groups, int behind)
{
    int sent = 0;
    int done = 0;
    const auto send = [&](const std::string &name) {
        rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(partitions);
        for (int p = 0; p < partitions; ++p)
            rd_kafka_topic_partition_list_add(list, topic, p)->offset =
                std::atoi(name.c_str() + 6) % behind; // the number in "bench-…"
        rd_kafka_AlterConsumerGroupOffsets_t *request =
            rd_kafka_AlterConsumerGroupOffsets_new(name.c_str(), list);
        rd_kafka_AlterConsumerGroupOffsets(client, &request, 1, nullptr, queue);
        rd_kafka_AlterConsumerGroupOffsets_destroy(request);
        rd_kafka_topic_partition_list_destroy(list);
    };
    while (done < groups) {
        for (; sent < groups && sent - done < 100; ++sent)
            send("bench-" + std::to_string(sent));
        const Event event(rd_kafka_queue_poll(queue, 30'000));
        if (!event || rd_kafka_event_error(event.get()) != 0)
            fail("committing failed");
        if (const std::string refused = refusedGroup(event.get()); refused.empty())
            ++done;
        else
            send(refused); // A coordinator that is still loading says so a group.
    }
}

} // namespace

int main(int count, char **arguments)
{
    if (count != 6)
        fail("BOOTSTRAP TOPIC PARTITIONS GROUPS RECORDS");
    const char *topic = arguments[2];
    const int partitions = std::atoi(arguments[3]);
    const int groups = std::atoi(arguments[4]);
    const int records = std::atoi(arguments[5]);

    std::array<char, 256> why{};
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "bootstrap.servers", arguments[1], why.data(), why.size());
    rd_kafka_conf_set(conf, "linger.ms", "20", why.data(), why.size());
    rd_kafka_t *client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why.data(), why.size());
    if (client == nullptr)
        fail(why.data());
    rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
    createTopic(client, queue, topic, partitions);
    produce(client, topic, partitions, records);
    commit(client, queue, topic, partitions, groups, records / partitions);
    rd_kafka_queue_destroy(queue);
    rd_kafka_destroy(client);
    std::printf("%d groups on %d partitions of %s\n", groups, partitions, topic);
    return 0;
}
