#include "core/kafka/glance.h"

#include "core/kafka/complaints.h"
#include "core/kafka/configure.h"
#include "core/kafka/errors.h"
#include "core/kafka/handles.h"
#include "core/kafka/partitionlist.h"
#include "core/kafka/reaper.h"

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace redrive::kafka {

namespace {

using TopicPtr = std::unique_ptr<rd_kafka_topic_t, CDelete<rd_kafka_topic_destroy>>;

constexpr Millis pollAtMost{100};

/// What one answer may hold of a partition. A broker sends whole batches, and one that is larger
/// only where nothing else is in its answer: with small ones little is fetched in vain, and where
/// batches are large, larger ones save a round trip each.
constexpr std::array<const char *, 3> fetchSizes{"32768", "262144", "2097152"};

/// How long a size is watched before the next larger one may be tried, and what it has to be worth.
constexpr Millis watched{100};
constexpr Millis tooSlow{1000};

/// What waits in the queue is thrown away, so little is fetched ahead, and a full queue is looked
/// at again soon. Without a group nobody asks for a coordinator.
Properties forGlances(const char *fetchSize)
{
    return {{"group.id", ""},
            {"fetch.wait.max.ms", "10"},
            {"fetch.message.max.bytes", fetchSize},
            {"queued.min.messages", "1000"},
            {"fetch.queue.backoff.ms", "1"},
            {"fetch.error.backoff.ms", "50"},
            {"topic.metadata.propagation.max.ms", "1000"}};
}

/// The handle, what its callbacks read, and what it reads from, kept together until the reaper is
/// done with them.
struct Reader
{
    Reader() = default;
    Reader(const Reader &) = delete;
    Reader &operator=(const Reader &) = delete;
    ~Reader()
    {
        for (const auto &partition : reading)
            rd_kafka_consume_stop(topics.at(partition.topic).get(), partition.partition);
    }

    HandleContext context;
    ClientPtr client;
    QueuePtr queue;
    std::map<std::string, TopicPtr> topics;
    std::set<TopicPartition> reading;
};

std::string attemptedGlance(const TopicPartition &partition)
{
    return "reading records of " + partition.topic + "/" + std::to_string(partition.partition);
}

std::string cut(const void *bytes, std::size_t size)
{
    return {static_cast<const char *>(bytes), std::min(size, glanceBytes)};
}

RecordGlance toGlance(const rd_kafka_message_t &message)
{
    RecordGlance record;
    record.offset = Offset(message.offset);
    rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
    if (const auto at = rd_kafka_message_timestamp(&message, &type);
        at >= 0 && type != RD_KAFKA_TIMESTAMP_NOT_AVAILABLE)
        record.time = WallTime(Millis(at));
    if (message.key != nullptr)
        record.key = cut(message.key, message.key_len);
    if (message.payload != nullptr) {
        record.value = cut(message.payload, message.len);
        record.valueSize = message.len;
    }
    return record;
}

/// What is asked of one partition: one query at a time, those that begin first before the others.
struct Lane
{
    std::vector<std::size_t> open; ///< into the queries; the first is being read
    std::optional<RecordGlance> last;
};

class Glances
{
public:
    explicit Glances(const std::vector<GlanceQuery> &queries)
        : m_queries(queries)
        , m_answers(queries.size())
    {
        for (std::size_t i = 0; i < queries.size(); ++i)
            if (queries[i].from < queries[i].end)
                m_lanes[queries[i].partition].open.push_back(i);
        for (auto &[partition, lane] : m_lanes)
            std::stable_sort(lane.open.begin(), lane.open.end(), [&](auto a, auto b) {
                return std::pair(queries[a].from, queries[a].which) <
                       std::pair(queries[b].from, queries[b].which);
            });
    }

    bool isDone() const { return m_lanes.empty(); }

    std::size_t open() const { return m_lanes.size(); }

    /// Begins, or goes on with another reader, where each partition's first open query begins.
    void readFrom(Reader &reader)
    {
        m_reader = &reader;
        for (auto it = m_lanes.begin(); it != m_lanes.end();)
            it = read(it) ? std::next(it) : m_lanes.erase(it);
    }

    void take(rd_kafka_event_t *event)
    {
        if (rd_kafka_event_type(event) == RD_KAFKA_EVENT_FETCH) {
            while (const auto *message = rd_kafka_event_message_next(event)) {
                const TopicPartition partition{rd_kafka_topic_name(message->rkt),
                                               message->partition};
                const auto found = m_lanes.find(partition);
                if (found == m_lanes.end())
                    continue;
                if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR)
                    takeRecord(found, *message);
                else
                    takeProblem(found, message->err, rd_kafka_message_errstr(message),
                                message->offset);
            }
        } else if (rd_kafka_event_type(event) == RD_KAFKA_EVENT_ERROR) {
            takeComplaint(event);
        }
    }

    /// The rest is answered with this.
    void giveUp(const std::function<Error(const TopicPartition &)> &why)
    {
        for (const auto &[partition, lane] : m_lanes)
            for (const auto at : lane.open)
                m_answers[at].error = why(partition);
        m_lanes.clear();
    }

    /// A password that is wrong stays wrong.
    const std::optional<Error> &refusal() const { return m_refusal; }
    std::vector<GlanceAnswer> answers() && { return std::move(m_answers); }

private:
    using Lanes = std::map<TopicPartition, Lane>;

    /// Begins with the first open query, wherever the partition is read now. False: it cannot.
    bool read(Lanes::iterator at)
    {
        auto &[partition, lane] = *at;
        lane.last.reset();
        auto &topic = m_reader->topics[partition.topic];
        const bool sendable = partition.topic.find('\0') == std::string::npos;
        if (!topic && sendable)
            topic.reset(
                rd_kafka_topic_new(m_reader->client.get(), partition.topic.c_str(), nullptr));
        if (topic && rd_kafka_consume_start_queue(topic.get(), partition.partition,
                                                  m_queries[lane.open.front()].from.value(),
                                                  m_reader->queue.get()) == 0) {
            m_reader->reading.insert(partition);
            return true;
        }
        const auto code = sendable ? rd_kafka_last_error() : RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION;
        for (const auto query : lane.open)
            m_answers[query].error = makeError(code, nullptr, attemptedGlance(partition));
        return false;
    }

    void takeRecord(Lanes::iterator at, const rd_kafka_message_t &message)
    {
        Lane &lane = at->second;
        const GlanceQuery &query = m_queries[lane.open.front()];
        const Offset offset(message.offset);
        if (offset < query.from)
            return;
        if (query.which == GlanceQuery::Which::First) {
            settleFirst(lane, offset, toGlance(message));
            goOn(at);
            return;
        }
        if (offset < query.end)
            lane.last = toGlance(message);
        if (offset - query.end >= -1)
            settleLast(at);
    }

    /// Between where a First began and where it landed there is no record: that answers every First
    /// that would begin there.
    void settleFirst(Lane &lane, Offset landed, const std::optional<RecordGlance> &record)
    {
        const Offset from = m_queries[lane.open.front()].from;
        std::erase_if(lane.open, [&](std::size_t at) {
            const GlanceQuery &query = m_queries[at];
            if (query.which != GlanceQuery::Which::First || query.from < from ||
                query.from > landed)
                return false;
            if (record && record->offset < query.end)
                m_answers[at].record = record;
            return true;
        });
    }

    void settleLast(Lanes::iterator at)
    {
        Lane &lane = at->second;
        m_answers[lane.open.front()].record = std::exchange(lane.last, std::nullopt);
        lane.open.erase(lane.open.begin());
        goOn(at);
    }

    void settleError(Lanes::iterator at, Error error)
    {
        Lane &lane = at->second;
        m_answers[lane.open.front()].error = std::move(error);
        lane.open.erase(lane.open.begin());
        lane.last.reset();
        goOn(at);
    }

    void goOn(Lanes::iterator at)
    {
        if (!at->second.open.empty() && read(at))
            return;
        const PartitionsPtr one(rd_kafka_topic_partition_list_new(1));
        rd_kafka_topic_partition_list_add(one.get(), at->first.topic.c_str(), at->first.partition);
        // Nothing more of it is fetched; the outcome changes nothing here.
        rd_kafka_pause_partitions(m_reader->client.get(), one.get());
        m_lanes.erase(at);
    }

    void takeProblem(Lanes::iterator at, rd_kafka_resp_err_t code, const char *words,
                     std::int64_t offset)
    {
        if (code != RD_KAFKA_RESP_ERR__PARTITION_EOF) {
            const auto known = code == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC ||
                                       code == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION
                                   ? RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART
                                   : code;
            settleError(at, toBroken(known, words == nullptr ? "" : words, at->first));
            return;
        }
        Lane &lane = at->second;
        const GlanceQuery &query = m_queries[lane.open.front()];
        if (query.which == GlanceQuery::Which::Last) {
            settleLast(at);
            return;
        }
        settleFirst(lane, std::max(query.from, Offset(offset)), std::nullopt);
        goOn(at);
    }

    void takeComplaint(rd_kafka_event_t *event)
    {
        const auto code = rd_kafka_event_error(event);
        const PartitionPtr element(rd_kafka_event_topic_partition(event));
        if (!element) {
            auto error = makeError(code, withoutTiming(rd_kafka_event_error_string(event)).c_str(),
                                   "reading records");
            if (error.kind == Error::Kind::Authentication)
                m_refusal = std::move(error);
            return;
        }
        const auto found = m_lanes.find(partitionOf(*element));
        if (found != m_lanes.end())
            takeProblem(found, code, rd_kafka_event_error_string(event), element->offset);
    }

    Reader *m_reader = nullptr;
    const std::vector<GlanceQuery> &m_queries;
    std::vector<GlanceAnswer> m_answers;
    Lanes m_lanes; ///< with something open
    std::optional<Error> m_refusal;
};

Result<std::shared_ptr<Reader>> openReader(const ConnectionSettings &settings,
                                           const char *fetchSize)
{
    std::shared_ptr<Reader> reader(new Reader,
                                   [](Reader *last) { discard([last] { delete last; }); });
    reader->context.addresses = settings.addressMap;
    auto conf = makeConf(settings, Role::Reader, reader->context, forGlances(fetchSize));
    if (!conf)
        return conf.error();
    auto client = makeClient(std::move(*conf), Role::Reader);
    if (!client)
        return client.error();
    reader->client = std::move(*client);
    reader->queue.reset(rd_kafka_queue_get_main(reader->client.get()));
    return reader;
}

/// Whether partitions are answered so slowly that what is open would take too long.
class Pace
{
public:
    bool isSlow(std::size_t open)
    {
        const MonoTime now = monoNow();
        if (!m_since) {
            m_since = now;
            m_open = open;
        }
        if (now - *m_since < watched)
            return false;
        const auto answered = m_open - std::min(open, m_open);
        m_since = now;
        m_open = open;
        return answered * static_cast<std::size_t>(tooSlow / watched) < open;
    }

private:
    std::optional<MonoTime> m_since; ///< none: nothing has come yet
    std::size_t m_open = 0;
};

/// Until all are answered, the time is over, or `mayGrow` and it is slow.
void readAll(Glances &glances, Reader &reader, bool mayGrow, MonoTime deadline,
             const std::stop_token &stop)
{
    Pace pace;
    glances.readFrom(reader);
    while (!glances.isDone() && !glances.refusal() && !stop.stop_requested()) {
        const auto left = std::chrono::duration_cast<Millis>(deadline - monoNow());
        if (left <= Millis(0))
            return;
        const EventPtr event(rd_kafka_queue_poll(
            reader.queue.get(), static_cast<int>(std::min(left, pollAtMost).count())));
        if (!event)
            continue;
        glances.take(event.get());
        if (mayGrow && pace.isSlow(glances.open()))
            return;
    }
}

} // namespace

std::vector<GlanceAnswer> glance(const ConnectionSettings &settings,
                                 const std::vector<GlanceQuery> &queries, MonoTime deadline,
                                 const std::stop_token &stop)
{
    Glances glances(queries);
    for (const char *fetchSize : fetchSizes) {
        if (glances.isDone() || glances.refusal() || stop.stop_requested() || monoNow() >= deadline)
            break;
        const auto reader = openReader(settings, fetchSize);
        if (!reader) {
            glances.giveUp([&](const TopicPartition &) { return reader.error(); });
            break;
        }
        readAll(glances, **reader, fetchSize != fetchSizes.back(), deadline, stop);
    }
    glances.giveUp([&](const TopicPartition &partition) {
        return glances.refusal() ? *glances.refusal() : timedOut(attemptedGlance(partition));
    });
    return std::move(glances).answers();
}

} // namespace redrive::kafka
