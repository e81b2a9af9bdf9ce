#pragma once

#include "core/kafka/configure.h"
#include "core/kafka/handles.h"
#include "core/kafka/recordwriter.h"

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <stop_token>
#include <thread>
#include <unordered_map>
#include <vector>

namespace redrive::kafka {

struct Outgoing
{
    OutgoingRecord record;
    RecordWriter::Reply reply;
    MonoTime since;
    bool byKey = false; ///< the partition that it names is not there
    bool alone = false; ///< its batch was too large: it goes in one of its own
};

/// A producer and what librdkafka points into: records are not copied, so they live until it is
/// done with them.
struct Producer
{
    HandleContext context;
    std::unordered_map<std::uintptr_t, Outgoing> sent; ///< librdkafka has them
    ClientPtr client;
    QueuePtr queue;
    bool isSpent = false; ///< after a fatal error
};

/// Destroyed by the reaper alone.
Result<std::shared_ptr<Producer>> openProducer(const ConnectionSettings &settings,
                                               const Properties &own);

/// RecordWriter on librdkafka. Its life and its thread are in recordwriter.cpp, how a record goes
/// and what comes back in deliveries.cpp. Only its own thread calls librdkafka (but to be woken),
/// so that a full queue waits there and not with the caller.
class LibrdkafkaWriter final : public RecordWriter
{
public:
    LibrdkafkaWriter(ConnectionSettings settings, Properties own, Millis deliveryTimeout,
                     std::shared_ptr<Producer> producer);
    ~LibrdkafkaWriter() override;

    void send(OutgoingRecord record, Reply reply) override;
    bool flush(Millis timeout) override;

private:
    void run(const std::stop_token &stop);
    void takeOver();
    bool produce(std::uintptr_t id);
    bool produceWaiting();
    void failLate();
    std::size_t inLibrary() const;
    void dispatch(rd_kafka_event_t *event);
    void notice(rd_kafka_event_t *event);
    void delivered(const rd_kafka_message_t &message);
    void fail(std::uintptr_t id, rd_kafka_resp_err_t code, const char *said = nullptr);
    void answer(std::uintptr_t id, Result<Delivered> result);
    void renewWhenSpent();
    void giveUpRest();

    const ConnectionSettings m_settings;
    const Properties m_own;
    const Millis m_deliveryTimeout;

    // Of the writer's thread alone.
    std::shared_ptr<Producer> m_producer;
    std::deque<std::uintptr_t> m_turn;  ///< taken over, and not in librdkafka
    std::deque<std::uintptr_t> m_alone; ///< likewise; they go before, one at a time
    std::uintptr_t m_aloneOnItsWay = 0;
    std::uintptr_t m_nextId = 1;
    MonoTime m_renewed{};
    std::optional<Error> m_trouble;
    MonoTime m_troubledAt{};

    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<Outgoing> m_handedOver; ///< guarded by m_mutex
    std::size_t m_open = 0;             ///< guarded by m_mutex: not answered yet
    std::size_t m_openBytes = 0;        ///< guarded by m_mutex
    QueuePtr m_wake;                    ///< guarded by m_mutex: the present producer's queue
    std::jthread m_thread;              ///< last, so that it ends before what it uses
};

} // namespace redrive::kafka
