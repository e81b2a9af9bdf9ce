#include "core/kafka/clusterclient.h"

#include "core/base/text.h"
#include "core/kafka/backgroundworker.h"
#include "core/kafka/configure.h"
#include "core/kafka/convert.h"
#include "core/kafka/errors.h"
#include "core/kafka/handles.h"
#include "core/kafka/reaper.h"
#include "core/kafka/tailreader.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace redrive::kafka {

namespace {

/// The library keeps its own deadlines; ours is the net beneath, so that a reply comes even from a
/// stuck handle.
constexpr Millis grace{1000};
constexpr Millis sweepEvery{250};

/// What a handle needs for as long as it lives, wherever it is destroyed. Order: the worker ends
/// first, then the queue, then the client, then the book that the client's callback reads.
struct Handle
{
    HandleContext context;
    ClientPtr client;
    QueuePtr queue;
    std::unique_ptr<BackgroundWorker> worker;
};

class LibrdkafkaClient final : public ClusterClient
{
public:
    LibrdkafkaClient(ConnectionSettings settings, std::unique_ptr<Handle> handle)
        : m_settings(std::move(settings))
        , m_handle(std::move(handle))
    {
    }

    ~LibrdkafkaClient() override
    {
        m_handle->worker->requestStop();
        discard(
            [handle = std::shared_ptr<Handle>(std::move(m_handle))]() mutable { handle.reset(); });
    }

    void describeCluster(Millis timeout, Reply<Result<ClusterInfo>> reply) override;
    void listGroups(Millis timeout, Reply<Result<GroupListings>> reply) override;
    void listUndescribable(std::vector<GroupId> known, Millis timeout,
                           Reply<Result<GroupListings>> reply) override;
    void describeGroups(std::vector<GroupId> groups, Millis timeout,
                        Reply<std::vector<GroupDescription>> reply) override;
    void committedOffsets(GroupId group, Millis timeout, Reply<GroupOffsets> reply) override;
    void listOffsets(std::vector<TopicPartition> partitions, OffsetSpec spec, Isolation isolation,
                     Millis timeout, Reply<OffsetTable> reply) override;
    void listTopics(Millis timeout, Reply<Result<std::vector<TopicInfo>>> reply) override;
    void readTails(std::vector<TailQuery> queries, Millis timeout, Reply<TailTable> reply) override;
    bool poll(Millis wait) override;
    void wake() override { rd_kafka_queue_yield(m_handle->queue.get()); }
    std::optional<Trouble> takeTrouble() override { return std::exchange(m_trouble, std::nullopt); }

private:
    struct Pending
    {
        std::function<void(rd_kafka_event_t *)> onEvent;
        std::function<void()> onTimeout;
        MonoTime deadline;
    };

    rd_kafka_t *client() const { return m_handle->client.get(); }
    rd_kafka_queue_t *queue() const { return m_handle->queue.get(); }
    OptionsPtr expect(rd_kafka_admin_op_t operation, Millis timeout, Pending pending);
    bool runFinished();
    bool runExpired();
    void dispatch(rd_kafka_event_t *event);
    void notice(rd_kafka_event_t *event);

    ConnectionSettings m_settings;
    std::unique_ptr<Handle> m_handle;
    std::unordered_map<std::uintptr_t, Pending> m_pending;
    std::uintptr_t m_nextId =
        1; ///< travels as the request's opaque; late answers find nothing and are dropped
    MonoTime m_nextSweep{};
    std::optional<Trouble> m_trouble;
};

OptionsPtr LibrdkafkaClient::expect(rd_kafka_admin_op_t operation, Millis timeout, Pending pending)
{
    const auto id = m_nextId++;
    pending.deadline = monoNow() + timeout + grace;
    m_pending.emplace(id, std::move(pending));
    OptionsPtr options(rd_kafka_AdminOptions_new(client(), operation));
    const int bounded = static_cast<int>(std::clamp<std::int64_t>(timeout.count(), 1, 3'600'000));
    rd_kafka_AdminOptions_set_request_timeout(options.get(), bounded, nullptr, 0);
    rd_kafka_AdminOptions_set_opaque(options.get(), reinterpret_cast<void *>(id));
    return options;
}

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

void LibrdkafkaClient::listGroups(Millis timeout, Reply<Result<GroupListings>> reply)
{
    const std::string attempted = "listing the consumer groups";
    const auto options =
        expect(RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPS, timeout,
               {.onEvent = [reply, attempted](auto *event) { reply(toListings(event, attempted)); },
                .onTimeout = [reply, attempted] { reply(timedOut(attempted)); },
                .deadline = {}});
    rd_kafka_ListConsumerGroups(client(), options.get(), queue());
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

void LibrdkafkaClient::describeGroups(std::vector<GroupId> groups, Millis timeout,
                                      Reply<std::vector<GroupDescription>> reply)
{
    std::vector<const char *> names;
    names.reserve(groups.size());
    auto asked = std::make_shared<const std::vector<GroupId>>(std::move(groups));
    for (const auto &group : *asked)
        names.push_back(group.value().c_str());
    const auto options =
        expect(RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS, timeout,
               {.onEvent = [reply, asked](
                               auto *event) { reply(toDescriptions(event, *asked, wallNow())); },
                .onTimeout =
                    [reply, asked] {
                        std::vector<GroupDescription> unanswered;
                        for (const auto &group : *asked) {
                            GroupDescription description;
                            description.id = group;
                            description.error = timedOut(attemptedDescribe(group));
                            description.readAt = wallNow();
                            unanswered.push_back(std::move(description));
                        }
                        reply(std::move(unanswered));
                    },
                .deadline = {}});
    rd_kafka_DescribeConsumerGroups(client(), names.data(), names.size(), options.get(), queue());
}

void LibrdkafkaClient::committedOffsets(GroupId group, Millis timeout, Reply<GroupOffsets> reply)
{
    const GroupOffsetsRequestPtr request(
        rd_kafka_ListConsumerGroupOffsets_new(group.value().c_str(), nullptr));
    const auto options = expect(
        RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS, timeout,
        {.onEvent = [reply, group](auto *event) { reply(toOffsets(event, group, wallNow())); },
         .onTimeout =
             [reply, group] {
                 reply({.id = group,
                        .offsets = {},
                        .error = timedOut(attemptedOffsets(group)),
                        .readAt = wallNow()});
             },
         .deadline = {}});
    rd_kafka_ListConsumerGroupOffsets_t *requests[] = {request.get()};
    rd_kafka_ListConsumerGroupOffsets(client(), requests, 1, options.get(), queue());
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
    const auto options = expect(
        RD_KAFKA_ADMIN_OP_LISTOFFSETS, timeout,
        {.onEvent = [reply, asked,
                     attempted](auto *event) { reply(toOffsetTable(event, *asked, attempted)); },
         .onTimeout =
             [reply, asked, attempted] {
                 OffsetTable unanswered;
                 for (const auto &partition : *asked)
                     unanswered.emplace(partition, OffsetAnswer{.offset = std::nullopt,
                                                                .error = timedOut(attempted)});
                 reply(std::move(unanswered));
             },
         .deadline = {}});
    if (isolation == Isolation::ReadCommitted)
        rd_kafka_AdminOptions_set_isolation_level(options.get(),
                                                  RD_KAFKA_ISOLATION_LEVEL_READ_COMMITTED);
    rd_kafka_ListOffsets(client(), list.get(), options.get(), queue());
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

bool LibrdkafkaClient::poll(Millis wait)
{
    bool ran = runFinished();
    EventPtr event(rd_kafka_queue_poll(queue(), ran ? 0 : static_cast<int>(wait.count())));
    while (event) {
        dispatch(event.get());
        ran = true;
        event.reset(rd_kafka_queue_poll(queue(), 0));
    }
    ran = runFinished() || ran;
    return runExpired() || ran;
}

bool LibrdkafkaClient::runFinished()
{
    const auto finished = m_handle->worker->takeFinished();
    for (const auto &completion : finished)
        completion();
    return !finished.empty();
}

bool LibrdkafkaClient::runExpired()
{
    const MonoTime now = monoNow();
    if (now < m_nextSweep)
        return false;
    m_nextSweep = now + sweepEvery;
    std::vector<std::function<void()>> expired;
    for (auto it = m_pending.begin(); it != m_pending.end();) {
        if (it->second.deadline > now) {
            ++it;
            continue;
        }
        expired.push_back(std::move(it->second.onTimeout));
        it = m_pending.erase(it);
    }
    for (const auto &reply : expired)
        reply();
    return !expired.empty();
}

void LibrdkafkaClient::dispatch(rd_kafka_event_t *event)
{
    if (rd_kafka_event_type(event) == RD_KAFKA_EVENT_ERROR) {
        notice(event);
        return;
    }
    const auto found =
        m_pending.find(reinterpret_cast<std::uintptr_t>(rd_kafka_event_opaque(event)));
    if (found == m_pending.end())
        return;
    const auto onEvent = std::move(found->second.onEvent);
    m_pending.erase(found);
    onEvent(event);
}

void LibrdkafkaClient::notice(rd_kafka_event_t *event)
{
    const auto code = rd_kafka_event_error(event);
    const bool allDown = code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN;
    if (allDown && m_trouble) {
        m_trouble->allBrokersDown = true; // the cause came before it, and says more
        return;
    }
    Trouble trouble;
    trouble.error = makeError(code, withoutTiming(rd_kafka_event_error_string(event)).c_str(),
                              "connecting to " + visible(m_settings.bootstrap));
    trouble.allBrokersDown = allDown || (m_trouble && m_trouble->allBrokersDown);
    {
        auto &context = m_handle->context;
        const std::scoped_lock lock(context.mutex);
        if (trouble.error.kind == Error::Kind::Tls && !context.certificateProblem.empty())
            trouble.error.message +=
                "; the broker's certificate was refused: " + context.certificateProblem;
        if (allDown && !context.brokenConnection.empty())
            trouble.error.message += "; " + context.brokenConnection;
    }
    trouble.hopeless =
        trouble.error.kind == Error::Kind::Authentication || trouble.error.kind == Error::Kind::Tls;
    m_trouble = std::move(trouble);
}

} // namespace

Result<std::unique_ptr<ClusterClient>> openCluster(const ConnectionSettings &settings)
{
    auto handle = std::make_unique<Handle>();
    handle->context.addresses = settings.addressMap;
    auto conf = makeConf(settings, Role::Admin, handle->context);
    if (!conf)
        return conf.error();
    auto client = makeClient(std::move(*conf), Role::Admin);
    if (!client)
        return client.error();
    handle->client = std::move(*client);
    handle->queue.reset(rd_kafka_queue_get_main(handle->client.get()));
    handle->worker = std::make_unique<BackgroundWorker>(handle->queue.get());
    return std::unique_ptr<ClusterClient>(
        std::make_unique<LibrdkafkaClient>(settings, std::move(handle)));
}

std::string libraryVersion()
{
    return rd_kafka_version_str();
}

} // namespace redrive::kafka
