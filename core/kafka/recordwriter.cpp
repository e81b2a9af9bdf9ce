#include "core/kafka/recordwriter.h"

#include "core/kafka/errors.h"
#include "core/kafka/librdkafkawriter.h"
#include "core/kafka/reaper.h"

#include <algorithm>
#include <pthread.h>
#include <utility>

namespace redrive::kafka {

namespace {

constexpr Millis pollAtMost{100};
/// After a fatal error (a producer that was fenced or not let in) a new handle takes over.
constexpr Millis renewEvery{1000};
/// What was handed over and librdkafka has no room for; beyond it, the caller is slowed down.
constexpr std::size_t waitingBytes = 64U << 20U;
constexpr Millis slowDown{1000};
constexpr Millis lastWords{1000};

std::size_t sizeOf(const OutgoingRecord &record)
{
    std::size_t size = (record.key ? record.key->size() : 0) + record.topic.size() +
                       (record.value ? record.value->size() : 0);
    for (const auto &header : record.headers)
        size += header.name.size() + (header.value ? header.value->size() : 0);
    return size;
}

} // namespace

Result<std::shared_ptr<Producer>> openProducer(const ConnectionSettings &settings,
                                               const Properties &own)
{
    std::shared_ptr<Producer> producer(new Producer, [](Producer *last) {
        discard([last] {
            last->queue.reset();
            last->client.reset();
            delete last;
        });
    });
    producer->context.addresses = settings.addressMap;
    auto conf = makeConf(settings, Role::Writer, producer->context, own);
    if (!conf)
        return conf.error();
    auto client = makeClient(std::move(*conf), Role::Writer);
    if (!client)
        return client.error();
    producer->client = std::move(*client);
    producer->queue.reset(rd_kafka_queue_get_main(producer->client.get()));
    return producer;
}

LibrdkafkaWriter::LibrdkafkaWriter(ConnectionSettings settings, Properties own,
                                   Millis deliveryTimeout, std::shared_ptr<Producer> producer)
    : m_settings(std::move(settings))
    , m_own(std::move(own))
    , m_deliveryTimeout(deliveryTimeout)
    , m_producer(std::move(producer))
{
    m_wake.reset(rd_kafka_queue_get_main(m_producer->client.get()));
    m_thread = std::jthread([this](const std::stop_token &stop) {
        pthread_setname_np(pthread_self(), "writer");
        run(stop);
    });
}

LibrdkafkaWriter::~LibrdkafkaWriter()
{
    m_thread.request_stop();
    {
        const std::scoped_lock lock(m_mutex);
        rd_kafka_queue_yield(m_wake.get());
    }
    m_thread.join();
}

void LibrdkafkaWriter::send(OutgoingRecord record, Reply reply)
{
    const auto size = sizeOf(record);
    std::unique_lock lock(m_mutex);
    // A reply may send the next record, and is not to wait for itself.
    if (std::this_thread::get_id() != m_thread.get_id())
        m_changed.wait_for(lock, slowDown,
                           [&] { return m_openBytes == 0 || m_openBytes + size <= waitingBytes; });
    m_handedOver.push_back({std::move(record), std::move(reply), monoNow(), false});
    ++m_open;
    m_openBytes += size;
    if (m_handedOver.size() == 1)
        rd_kafka_queue_yield(m_wake.get());
}

bool LibrdkafkaWriter::flush(Millis timeout)
{
    std::unique_lock lock(m_mutex);
    return m_changed.wait_for(lock, timeout, [&] { return m_open == 0; });
}

void LibrdkafkaWriter::run(const std::stop_token &stop)
{
    bool isFull = false;
    while (!stop.stop_requested()) {
        takeOver();
        isFull = !produceWaiting();
        const auto wait = isFull ? Millis(10) : pollAtMost;
        EventPtr event(
            rd_kafka_queue_poll(m_producer->queue.get(), static_cast<int>(wait.count())));
        while (event) {
            dispatch(event.get());
            event.reset(rd_kafka_queue_poll(m_producer->queue.get(), 0));
        }
        failLate();
        renewWhenSpent();
    }
    giveUpRest();
}

void LibrdkafkaWriter::takeOver()
{
    std::vector<Outgoing> taken;
    {
        const std::scoped_lock lock(m_mutex);
        taken.swap(m_handedOver);
    }
    for (auto &outgoing : taken) {
        m_turn.push_back(m_nextId);
        m_producer->sent.emplace(m_nextId++, std::move(outgoing));
    }
}

/// False: there is no room for the next one.
bool LibrdkafkaWriter::produceWaiting()
{
    while (!m_alone.empty() && m_aloneOnItsWay == 0 && !m_producer->isSpent) {
        const auto id = m_alone.front();
        if (m_producer->sent.count(id) != 0) {
            if (inLibrary() > 0)
                return true;
            if (!produce(id))
                return false;
            if (m_producer->sent.count(id) != 0)
                m_aloneOnItsWay = id;
        }
        m_alone.pop_front();
    }
    while (m_aloneOnItsWay == 0 && !m_turn.empty() && !m_producer->isSpent) {
        const auto id = m_turn.front();
        if (m_producer->sent.count(id) != 0 && !produce(id))
            return false;
        m_turn.pop_front();
    }
    return true;
}

/// librdkafka counts from when it gets a record, and those that wait for room have to fail as well.
void LibrdkafkaWriter::failLate()
{
    const MonoTime before = monoNow() - m_deliveryTimeout;
    for (auto *turn : {&m_alone, &m_turn}) {
        while (!turn->empty()) {
            const auto found = m_producer->sent.find(turn->front());
            if (found != m_producer->sent.end()) {
                if (found->second.since > before)
                    break;
                fail(found->first, RD_KAFKA_RESP_ERR__MSG_TIMED_OUT);
            }
            turn->pop_front();
        }
    }
}

std::size_t LibrdkafkaWriter::inLibrary() const
{
    const auto waiting = m_turn.size() + m_alone.size();
    return m_producer->sent.size() - std::min(waiting, m_producer->sent.size());
}

void LibrdkafkaWriter::answer(std::uintptr_t id, Result<Delivered> result)
{
    if (id == m_aloneOnItsWay)
        m_aloneOnItsWay = 0;
    auto node = m_producer->sent.extract(id);
    if (node.empty())
        return;
    node.mapped().reply(std::move(result));
    const auto size = sizeOf(node.mapped().record);
    const std::scoped_lock lock(m_mutex);
    --m_open;
    m_openBytes -= size;
    m_changed.notify_all();
}

void LibrdkafkaWriter::renewWhenSpent()
{
    const MonoTime now = monoNow();
    if (!m_producer->isSpent || inLibrary() > 0 || now - m_renewed < renewEvery)
        return;
    m_renewed = now;
    auto fresh = openProducer(m_settings, m_own);
    if (!fresh)
        return;
    // Nothing of the old one is in librdkafka any more.
    (*fresh)->sent = std::move(m_producer->sent);
    const std::scoped_lock lock(m_mutex);
    m_producer = std::move(*fresh);
    m_wake.reset(rd_kafka_queue_get_main(m_producer->client.get()));
}

void LibrdkafkaWriter::giveUpRest()
{
    takeOver();
    for (auto *turn : {&m_alone, &m_turn})
        for (const auto id : std::exchange(*turn, {}))
            if (m_producer->sent.count(id) != 0)
                fail(id, RD_KAFKA_RESP_ERR__PURGE_QUEUE);
    rd_kafka_purge(m_producer->client.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    const MonoTime deadline = monoNow() + lastWords;
    while (!m_producer->sent.empty() && monoNow() < deadline) {
        const EventPtr event(rd_kafka_queue_poll(m_producer->queue.get(), 50));
        if (event && rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_DR) {
            while (const auto *message = rd_kafka_event_message_next(event.get())) {
                const auto id = reinterpret_cast<std::uintptr_t>(message->_private);
                if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR)
                    delivered(*message);
                else if (m_producer->sent.count(id) != 0)
                    fail(id, message->err);
            }
        }
    }
    // What librdkafka still holds keeps its bytes, and goes with the handle.
    for (auto &[id, outgoing] : m_producer->sent)
        outgoing.reply(makeError(RD_KAFKA_RESP_ERR__PURGE_INFLIGHT, nullptr,
                                 "writing to topic " + outgoing.record.topic));
    const std::scoped_lock lock(m_mutex);
    m_wake.reset();
    m_open = 0;
    m_openBytes = 0;
    m_changed.notify_all();
}

Result<std::unique_ptr<RecordWriter>> openWriter(const ConnectionSettings &settings,
                                                 const WriterOptions &options,
                                                 const Permit & /*permit*/)
{
    const auto milliseconds = [](Millis duration, std::int64_t least) {
        return std::to_string(std::max(duration.count(), least));
    };
    Properties own{
        {"linger.ms", milliseconds(options.linger, 0)},
        {"message.timeout.ms", milliseconds(options.deliveryTimeout, options.linger.count() + 1)},
        {"client.id", options.clientId}};
    auto producer = openProducer(settings, own);
    if (!producer)
        return producer.error();
    return std::unique_ptr<RecordWriter>(std::make_unique<LibrdkafkaWriter>(
        settings, std::move(own), options.deliveryTimeout, std::move(*producer)));
}

} // namespace redrive::kafka
