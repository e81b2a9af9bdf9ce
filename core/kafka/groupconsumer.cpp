#include "core/kafka/groupconsumer.h"

#include "core/kafka/complaints.h"
#include "core/kafka/errors.h"
#include "core/kafka/librdkafkaconsumer.h"
#include "core/kafka/partitionlist.h"
#include "core/kafka/reaper.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <unistd.h>
#include <utility>

namespace redrive::kafka {

namespace {

constexpr std::uint64_t wakeWord = 1;

const char *resetName(ResetPolicy reset)
{
    switch (reset) {
    case ResetPolicy::Earliest: return "earliest";
    case ResetPolicy::Latest: return "latest";
    case ResetPolicy::Error: break;
    }
    return "error";
}

Properties ownProperties(const GroupConsumerSettings &settings)
{
    constexpr std::size_t mostKilobytes = 2'097'151; // librdkafka's
    const auto kilobytes = std::clamp<std::size_t>(settings.queuedKilobytes, 1, mostKilobytes);
    Properties own{{"group.id", settings.group.value()},
                   {"auto.offset.reset", resetName(settings.reset)},
                   {"enable.auto.commit", settings.autoCommit ? "true" : "false"},
                   {"queued.max.messages.kbytes", std::to_string(kilobytes)},
                   {"fetch.wait.max.ms", std::to_string(settings.fetchWait.count())}};
    if (settings.autoCommit)
        own["auto.commit.interval.ms"] =
            std::to_string(std::max<std::int64_t>(settings.autoCommit->count(), 1));
    if (settings.instanceId)
        own["group.instance.id"] = *settings.instanceId;
    return own;
}

} // namespace

MemberHandle::~MemberHandle()
{
    records.reset();
    events.reset();
    if (client != nullptr)
        rd_kafka_destroy_flags(client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
}

LibrdkafkaConsumer::LibrdkafkaConsumer(GroupConsumerSettings settings,
                                       std::shared_ptr<MemberHandle> handle)
    : m_settings(std::move(settings))
    , m_handle(std::move(handle))
    , m_attempted("consuming as group " + m_settings.group.value())
{
    const auto &properties = m_settings.connection.properties;
    const auto protocol = properties.find("group.protocol");
    m_asksForTopics = protocol != properties.end() && protocol->second == "consumer";
    m_isProtocolKnown = m_asksForTopics;
    if (m_asksForTopics)
        m_protocol = RebalanceProtocol::Cooperative;
}

LibrdkafkaConsumer::~LibrdkafkaConsumer()
{
    // A batch may keep the handle for longer than the descriptor lives.
    rd_kafka_queue_io_event_enable(m_handle->events.get(), -1, nullptr, 0);
    rd_kafka_queue_io_event_enable(m_handle->records.get(), -1, nullptr, 0);
}

Result<void> LibrdkafkaConsumer::subscribe()
{
    const PartitionsPtr topics(
        rd_kafka_topic_partition_list_new(static_cast<int>(m_settings.topics.size())));
    for (const auto &topic : m_settings.topics)
        rd_kafka_topic_partition_list_add(topics.get(), topic.c_str(), RD_KAFKA_PARTITION_UA);
    const auto code = rd_kafka_subscribe(client(), topics.get());
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return makeError(code, nullptr, m_attempted);
    return {};
}

void LibrdkafkaConsumer::wakeThrough(int eventDescriptor)
{
    m_eventDescriptor = eventDescriptor;
    for (auto *queue : {m_handle->events.get(), m_handle->records.get()})
        rd_kafka_queue_io_event_enable(queue, eventDescriptor, &wakeWord, sizeof(wakeWord));
}

/// What our own calls have to say is known at once, but is told by poll() as everything is.
void LibrdkafkaConsumer::say(consumed::Event event)
{
    m_said.push_back(std::move(event));
    // A counter that is full wakes as well.
    if (m_eventDescriptor >= 0)
        static_cast<void>(!::write(m_eventDescriptor, &wakeWord, sizeof(wakeWord)));
}

void LibrdkafkaConsumer::complain(Error error, std::optional<std::string> topic)
{
    consumed::Complaint complaint;
    complaint.error = std::move(error);
    complaint.topic = std::move(topic);
    say(std::move(complaint));
}

ConnectionWords LibrdkafkaConsumer::connectionWords()
{
    auto &context = m_handle->context;
    const std::scoped_lock lock(context.mutex);
    return {context.certificateProblem, context.brokenConnection};
}

std::vector<consumed::Event> LibrdkafkaConsumer::poll()
{
    const MonoTime now = monoNow();
    askTopicsWhenDue(now);
    auto said = std::exchange(m_said, {});
    while (const EventPtr event{rd_kafka_queue_poll(m_handle->events.get(), 0)})
        dispatch(event.get(), said);
    markLost(said);
    giveUpLate(now);
    // Answers came out of that as well.
    std::move(m_said.begin(), m_said.end(), std::back_inserter(said));
    m_said.clear();
    return said;
}

void LibrdkafkaConsumer::dispatch(rd_kafka_event_t *event, std::vector<consumed::Event> &said)
{
    switch (rd_kafka_event_type(event)) {
    case RD_KAFKA_EVENT_REBALANCE: rebalanced(event, said); return;
    case RD_KAFKA_EVENT_OFFSET_COMMIT: said.emplace_back(toAnswer(event)); return;
    case RD_KAFKA_EVENT_ERROR:
        if (auto complaint = toComplaint(
                rd_kafka_event_error(event), withoutTiming(rd_kafka_event_error_string(event)),
                rd_kafka_event_error_is_fatal(event) != 0, m_settings, connectionWords()))
            said.emplace_back(std::move(*complaint));
        return;
    default: answered(event); return;
    }
}

/// librdkafka 2.15.1 does not call an assignment lost that was being revoked when
/// max.poll.interval.ms ran out, though the group was left by then.
void LibrdkafkaConsumer::markLost(std::vector<consumed::Event> &said)
{
    for (const auto &event : said) {
        const auto *complaint = std::get_if<consumed::Complaint>(&event);
        m_hasLeft =
            m_hasLeft || (complaint != nullptr && complaint->error.code == "_MAX_POLL_EXCEEDED");
    }
    if (!m_hasLeft)
        return;
    for (auto event = said.rbegin(); event != said.rend(); ++event) {
        if (std::holds_alternative<consumed::Assigned>(*event)) {
            m_hasLeft = false;
            return;
        }
        if (auto *revoked = std::get_if<consumed::Revoked>(&*event))
            revoked->lost = true;
    }
}

/// Assignors of one kind only can be given to a member, so it is always the same. librdkafka asks
/// its main thread, and waits for ever where the group was left meanwhile: it is asked once.
void LibrdkafkaConsumer::learnProtocol()
{
    if (m_isProtocolKnown)
        return;
    const char *said = rd_kafka_rebalance_protocol(client());
    const std::string_view protocol = said == nullptr ? "" : said;
    if (protocol == "COOPERATIVE")
        m_protocol = RebalanceProtocol::Cooperative;
    m_isProtocolKnown = protocol == "COOPERATIVE" || protocol == "EAGER";
}

void LibrdkafkaConsumer::rebalanced(rd_kafka_event_t *event, std::vector<consumed::Event> &said)
{
    if (!m_closing)
        m_memberId.reset();
    learnProtocol();
    auto partitions = toPartitions(rd_kafka_event_topic_partition_list(event));
    const auto code = rd_kafka_event_error(event);
    if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
        m_unanswered = consumed::Assigned{partitions, m_protocol};
        if (!m_closing)
            said.emplace_back(*m_unanswered);
        else
            assign(partitions, {}, m_protocol); // forgets what is unanswered
        return;
    }
    if (code != RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS)
        complain(makeError(code, rd_kafka_event_error_string(event), m_attempted));
    // To be read before unassign(), which resets it.
    const bool lost = rd_kafka_assignment_lost(client()) != 0;
    said.emplace_back(consumed::Revoked{std::move(partitions), m_protocol, lost});
}

RecordBatch LibrdkafkaConsumer::take(std::size_t most)
{
    if (m_taken.size() < most)
        m_taken.resize(most);
    const auto count =
        rd_kafka_consume_batch_queue(m_handle->records.get(), 0, m_taken.data(), most);
    if (count <= 0)
        return {};
    return toBatch({m_taken.begin(), m_taken.begin() + count}, m_handle);
}

std::optional<Offset> LibrdkafkaConsumer::knownEnd(const TopicPartition &partition) const
{
    std::int64_t low = RD_KAFKA_OFFSET_INVALID;
    std::int64_t high = RD_KAFKA_OFFSET_INVALID;
    const auto code = rd_kafka_get_watermark_offsets(client(), partition.topic.c_str(),
                                                     partition.partition, &low, &high);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR || high < 0)
        return {};
    return Offset(high);
}

std::string LibrdkafkaConsumer::memberId() const
{
    // librdkafka asks its main thread, and waits for ever where the group was left meanwhile.
    if (!m_memberId && !m_closing) {
        char *id = rd_kafka_memberid(client());
        std::string text = id == nullptr ? "" : id;
        rd_kafka_mem_free(client(), id);
        if (text.empty())
            return text;
        m_memberId = std::move(text);
    }
    return m_memberId.value_or(std::string());
}

void LibrdkafkaConsumer::close()
{
    if (std::exchange(m_closing, true))
        return;
    // librdkafka waits for the answer before it revokes.
    if (m_unanswered)
        assign(std::exchange(m_unanswered, std::nullopt)->partitions, {}, m_protocol);
    rd_kafka_error_t *error = rd_kafka_consumer_close_queue(client(), m_handle->events.get());
    // After a fatal error there is no group to leave.
    m_closed = error != nullptr;
    rd_kafka_error_destroy(error);
}

bool LibrdkafkaConsumer::closed() const
{
    return m_closed || rd_kafka_consumer_closed(client()) != 0;
}

Result<std::unique_ptr<GroupConsumer>> openGroupConsumer(const GroupConsumerSettings &settings,
                                                         const Permit & /*permit*/)
{
    const std::shared_ptr<MemberHandle> handle(
        new MemberHandle, [](MemberHandle *last) { discard([last] { delete last; }); });
    handle->context.addresses = settings.connection.addressMap;
    auto conf =
        makeConf(settings.connection, Role::Consumer, handle->context, ownProperties(settings));
    if (!conf)
        return conf.error();
    rd_kafka_conf_set_offset_commit_cb(conf->get(), neverCalled);
    auto client = makeClient(std::move(*conf), Role::Consumer);
    if (!client)
        return client.error();
    handle->client = client->release();
    rd_kafka_poll_set_consumer(handle->client);
    handle->events.reset(rd_kafka_queue_get_consumer(handle->client));
    handle->records.reset(rd_kafka_queue_new(handle->client));
    auto consumer = std::make_unique<LibrdkafkaConsumer>(settings, handle);
    if (auto joined = consumer->subscribe(); !joined)
        return joined.error();
    return std::unique_ptr<GroupConsumer>(std::move(consumer));
}

} // namespace redrive::kafka
