#include "core/kafka/convert.h"
#include "core/kafka/errors.h"
#include "core/kafka/leaderless.h"
#include "core/kafka/librdkafkaclient.h"
#include "core/kafka/tailreader.h"

#include <algorithm>
#include <utility>

namespace redrive::kafka {

namespace {

OffsetTable unanswered(const std::vector<TopicPartition> &asked, const std::string &attempted)
{
    OffsetTable table;
    for (const auto &partition : asked)
        table.emplace(partition,
                      OffsetAnswer{.offset = std::nullopt, .error = timedOut(attempted)});
    return table;
}

} // namespace

void LibrdkafkaClient::describeCluster(Millis timeout, Reply<Result<ClusterInfo>> reply)
{
    const std::string attempted = "describing the cluster at " + m_settings.bootstrap;
    const auto options =
        expect(RD_KAFKA_ADMIN_OP_DESCRIBECLUSTER, timeout,
               {.onEvent = [reply, attempted](auto *event) { reply(toCluster(event, attempted)); },
                .onTimeout = [reply, attempted] { reply(timedOut(attempted)); },
                .deadline = {}});
    rd_kafka_DescribeCluster(client(), options.get(), queue());
}

/// Two questions at once: the groups, and whether each of their coordinators has a home. Brokers
/// that are away are not asked for their groups any more once the cluster has noticed, so that the
/// list alone looks complete.
void LibrdkafkaClient::listGroups(Millis timeout, Reply<Result<GroupListings>> reply)
{
    struct Answers
    {
        std::optional<Result<GroupListings>> listings;
        std::optional<std::vector<Error>> homeless;
        Reply<Result<GroupListings>> reply;

        void sendWhenComplete()
        {
            if (!listings || !homeless)
                return;
            if (*listings)
                (*listings)->errors.insert((*listings)->errors.end(), homeless->begin(),
                                           homeless->end());
            reply(std::move(*listings));
        }
    };
    auto answers = std::make_shared<Answers>();
    answers->reply = std::move(reply);

    const std::string attempted = "listing the consumer groups";
    const auto put = [this, answers](Result<GroupListings> listings) {
        // A group has a coordinator, so there are some.
        m_coordinatorsExist = m_coordinatorsExist || (listings && !listings->groups.empty());
        answers->listings = std::move(listings);
        answers->sendWhenComplete();
    };
    const auto options =
        expect(RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPS, timeout,
               {.onEvent = [put, attempted](auto *event) { put(toListings(event, attempted)); },
                .onTimeout = [put, attempted] { put(timedOut(attempted)); },
                .deadline = {}});
    rd_kafka_ListConsumerGroups(client(), options.get(), queue());

    const auto putHomeless = [answers](std::vector<Error> homeless) {
        answers->homeless = std::move(homeless);
        answers->sendWhenComplete();
    };
    const auto topicOptions = expect(
        RD_KAFKA_ADMIN_OP_DESCRIBETOPICS, timeout,
        {.onEvent = [putHomeless](auto *event) { putHomeless(toHomelessGroups(event)); },
         .onTimeout = [putHomeless] { putHomeless({}); }, // The list says itself what failed.
         .deadline = {}});
    rd_kafka_DescribeTopics(client(), topicNames({offsetsTopic}).get(), topicOptions.get(),
                            queue());
}

void LibrdkafkaClient::listUndescribable(std::vector<GroupId> known, Millis timeout,
                                         Reply<Result<GroupListings>> reply)
{
    m_handle->worker->post(
        [client = client(), known = std::move(known), timeout,
         reply = std::move(reply)](const std::stop_token &) -> BackgroundWorker::Completion {
            const std::string attempted = "listing groups of other types";
            const struct rd_kafka_group_list *raw = nullptr;
            const auto code =
                rd_kafka_list_groups(client, nullptr, &raw, static_cast<int>(timeout.count()));
            const GroupListPtr list(raw);
            GroupListings listings;
            if (list)
                listings.groups = toUndescribable(*list, known);
            if (code != RD_KAFKA_RESP_ERR_NO_ERROR && !list)
                return [reply, error = makeError(code, nullptr, attempted)] { reply(error); };
            if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
                listings.errors.push_back(makeError(code, nullptr, attempted));
            return [reply, listings = std::move(listings)] { reply(listings); };
        });
}

void LibrdkafkaClient::listOffsets(std::vector<TopicPartition> partitions, OffsetSpec spec,
                                   Isolation isolation, Millis timeout, Reply<OffsetTable> reply)
{
    const std::string attempted = spec == OffsetSpec::Earliest ? "reading log start offsets"
                                  : isolation == Isolation::ReadUncommitted
                                      ? "reading log end offsets"
                                      : "reading last stable offsets";
    if (partitions.empty()) {
        m_handle->worker->post(
            [reply = std::move(reply)](const std::stop_token &) -> BackgroundWorker::Completion {
                return [reply] { reply({}); };
            });
        return;
    }
    const PartitionsPtr list(
        rd_kafka_topic_partition_list_new(static_cast<int>(partitions.size())));
    for (const auto &partition : partitions)
        rd_kafka_topic_partition_list_add(list.get(), partition.topic.c_str(), partition.partition)
            ->offset = spec == OffsetSpec::Earliest ? RD_KAFKA_OFFSET_SPEC_EARLIEST
                                                    : RD_KAFKA_OFFSET_SPEC_LATEST;
    auto asked = std::make_shared<const std::vector<TopicPartition>>(std::move(partitions));
    const auto options =
        expect(RD_KAFKA_ADMIN_OP_LISTOFFSETS, timeout,
               {.onEvent =
                    [this, reply, asked, attempted, deadline = monoNow() + timeout](auto *event) {
                        if (rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR__NOENT)
                            explainLeaderless(asked, attempted, deadline, reply);
                        else
                            reply(toOffsetTable(event, *asked, attempted));
                    },
                .onTimeout = [reply, asked, attempted] { reply(unanswered(*asked, attempted)); },
                .deadline = {}});
    if (isolation == Isolation::ReadCommitted)
        rd_kafka_AdminOptions_set_isolation_level(options.get(),
                                                  RD_KAFKA_ISOLATION_LEVEL_READ_COMMITTED);
    rd_kafka_ListOffsets(client(), list.get(), options.get(), queue());
}

void LibrdkafkaClient::explainLeaderless(
    const std::shared_ptr<const std::vector<TopicPartition>> &asked, const std::string &attempted,
    MonoTime deadline, const Reply<OffsetTable> &reply)
{
    const auto left = std::chrono::duration_cast<Millis>(deadline - monoNow());
    const auto options =
        expect(RD_KAFKA_ADMIN_OP_DESCRIBETOPICS, std::max(left, Millis(1)),
               {.onEvent = [reply, asked, attempted](
                               auto *event) { reply(toLeaderless(event, *asked, attempted)); },
                .onTimeout = [reply, asked, attempted] { reply(unanswered(*asked, attempted)); },
                .deadline = {}});
    rd_kafka_DescribeTopics(client(), topicNames(*asked).get(), options.get(), queue());
}

void LibrdkafkaClient::listTopics(Millis timeout, Reply<Result<std::vector<TopicInfo>>> reply)
{
    m_handle->worker->post([client = client(), timeout, reply = std::move(reply)](
                               const std::stop_token &) -> BackgroundWorker::Completion {
        const rd_kafka_metadata_t *raw = nullptr;
        const auto code =
            rd_kafka_metadata(client, 1, nullptr, &raw, static_cast<int>(timeout.count()));
        const MetadataPtr metadata(raw);
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
            return
                [reply, error = makeError(code, nullptr, "listing the topics")] { reply(error); };
        return [reply, topics = toTopics(*metadata)] { reply(topics); };
    });
}

void LibrdkafkaClient::readTails(std::vector<TailQuery> queries, Millis timeout,
                                 Reply<TailTable> reply)
{
    m_handle->worker->post(
        [settings = m_settings, queries = std::move(queries), timeout,
         reply = std::move(reply)](const std::stop_token &stop) -> BackgroundWorker::Completion {
            return [reply, answers = kafka::readTails(settings, queries, timeout, stop)] {
                reply(answers);
            };
        });
}

} // namespace redrive::kafka
