#include "tests/support/clients/producer.h"

#include <utility>

namespace redrive::testclients {

namespace {

constexpr int patienceMs = 20'000;

} // namespace

Producer::Producer(const std::string &bootstrap, const std::string &transactionalId,
                   const Properties &properties)
{
    Properties all{{"linger.ms", "5"}, {"enable.idempotence", "true"}};
    if (!transactionalId.empty())
        all["transactional.id"] = transactionalId;
    for (const auto &[key, value] : properties)
        all[key] = value;
    ConfPtr conf = makeConf(bootstrap, all);
    rd_kafka_conf_set_opaque(conf.get(), this);
    rd_kafka_conf_set_dr_msg_cb(conf.get(), onDelivery);
    m_client = makeClient(RD_KAFKA_PRODUCER, std::move(conf));
    if (!transactionalId.empty())
        require("preparing transactions of " + transactionalId,
                rd_kafka_init_transactions(m_client.get(), patienceMs));
}

void Producer::onDelivery(rd_kafka_t *, const rd_kafka_message_t *message, void *opaque)
{
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR)
        return;
    auto &self = *static_cast<Producer *>(opaque);
    ++self.m_refused;
    self.m_refusal = message->err;
}

void Producer::send(const std::string &topic, std::optional<std::int32_t> partition,
                    const std::string &value, const std::string &key)
{
    send(topic, partition,
         Message{.key = key.empty() ? std::nullopt : std::optional(key),
                 .value = value,
                 .headers = {}});
}

void Producer::send(const std::string &topic, std::optional<std::int32_t> partition,
                    const Message &message)
{
    // const_cast: with RD_KAFKA_MSG_F_COPY the library only reads them.
    const auto bytes = [](rd_kafka_vu_t &field, rd_kafka_vtype_t type,
                          const std::optional<std::string> &from) {
        field.vtype = type;
        field.u.mem.ptr = from ? const_cast<char *>(from->data()) : nullptr;
        field.u.mem.size = from ? from->size() : 0;
    };
    std::vector<rd_kafka_vu_t> fields(5);
    fields[0].vtype = RD_KAFKA_VTYPE_TOPIC;
    fields[0].u.cstr = topic.c_str();
    bytes(fields[1], RD_KAFKA_VTYPE_VALUE, message.value);
    fields[2].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
    fields[2].u.i = RD_KAFKA_MSG_F_COPY;
    fields[3].vtype = RD_KAFKA_VTYPE_PARTITION;
    fields[3].u.i32 = partition.value_or(RD_KAFKA_PARTITION_UA);
    bytes(fields[4], RD_KAFKA_VTYPE_KEY, message.key);
    for (const auto &[name, value] : message.headers) {
        auto &field = fields.emplace_back();
        field.vtype = RD_KAFKA_VTYPE_HEADER;
        field.u.header.name = name.c_str();
        field.u.header.val = value ? value->data() : nullptr;
        field.u.header.size = value ? static_cast<ssize_t>(value->size()) : 0;
    }
    require("sending to topic " + topic,
            rd_kafka_produceva(m_client.get(), fields.data(), fields.size()));
    rd_kafka_poll(m_client.get(), 0);
}

void Producer::flush()
{
    require("waiting for acknowledgements", rd_kafka_flush(m_client.get(), patienceMs));
    if (std::exchange(m_refused, 0) > 0)
        throw ClientError("sending records", m_refusal);
}

void Producer::sendAll(const TopicPartition &partition, int count)
{
    for (int i = 0; i < count; ++i)
        send(partition.topic, partition.partition, "record " + std::to_string(i));
    flush();
}

void Producer::begin()
{
    require("beginning a transaction", rd_kafka_begin_transaction(m_client.get()));
}

void Producer::commit()
{
    require("committing a transaction", rd_kafka_commit_transaction(m_client.get(), patienceMs));
}

void Producer::abort()
{
    require("aborting a transaction", rd_kafka_abort_transaction(m_client.get(), patienceMs));
}

} // namespace redrive::testclients
