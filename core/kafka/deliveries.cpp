#include "core/kafka/errors.h"
#include "core/kafka/librdkafkawriter.h"

#include <array>
#include <utility>

namespace redrive::kafka {

bool LibrdkafkaWriter::produce(std::uintptr_t id)
{
    Outgoing &outgoing = m_producer->sent.at(id);
    OutgoingRecord &record = outgoing.record;
    std::vector<rd_kafka_vu_t> parts;
    const auto add = [&](rd_kafka_vtype_t type) -> rd_kafka_vu_t & {
        auto &part = parts.emplace_back();
        part.vtype = type;
        return part;
    };
    add(RD_KAFKA_VTYPE_TOPIC).u.cstr = record.topic.c_str();
    const bool named = record.partition && !outgoing.byKey;
    add(RD_KAFKA_VTYPE_PARTITION).u.i32 = named ? *record.partition : RD_KAFKA_PARTITION_UA;
    auto &key = add(RD_KAFKA_VTYPE_KEY).u.mem;
    key.ptr = record.key ? record.key->data() : nullptr;
    key.size = record.key ? record.key->size() : 0;
    auto &value = add(RD_KAFKA_VTYPE_VALUE).u.mem;
    value.ptr = record.value ? record.value->data() : nullptr;
    value.size = record.value ? record.value->size() : 0;
    if (record.timestamp)
        add(RD_KAFKA_VTYPE_TIMESTAMP).u.i64 = record.timestamp->time_since_epoch().count();
    add(RD_KAFKA_VTYPE_OPAQUE).u.ptr = reinterpret_cast<void *>(id);
    rd_kafka_headers_t *headers = nullptr;
    if (!record.headers.empty()) {
        headers = rd_kafka_headers_new(record.headers.size());
        for (const auto &[name, bytes] : record.headers)
            rd_kafka_header_add(headers, name.data(), static_cast<ssize_t>(name.size()),
                                bytes ? bytes->data() : nullptr,
                                static_cast<ssize_t>(bytes ? bytes->size() : 0));
        add(RD_KAFKA_VTYPE_HEADERS).u.headers = headers;
    }
    rd_kafka_error_t *error =
        rd_kafka_produceva(m_producer->client.get(), parts.data(), parts.size());
    if (error == nullptr)
        return true;
    if (headers != nullptr)
        rd_kafka_headers_destroy(headers);
    const auto code = rd_kafka_error_code(error);
    const std::string said = rd_kafka_error_string(error);
    rd_kafka_error_destroy(error);
    if (code == RD_KAFKA_RESP_ERR__QUEUE_FULL)
        return false;
    if (code == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION && named) {
        outgoing.byKey = true;
        return produce(id);
    }
    m_producer->isSpent = m_producer->isSpent || code == RD_KAFKA_RESP_ERR__FATAL;
    fail(id, code, said.c_str());
    return true;
}

void LibrdkafkaWriter::dispatch(rd_kafka_event_t *event)
{
    if (rd_kafka_event_type(event) == RD_KAFKA_EVENT_DR) {
        while (const auto *message = rd_kafka_event_message_next(event))
            delivered(*message);
    } else if (rd_kafka_event_type(event) == RD_KAFKA_EVENT_ERROR) {
        notice(event);
    }
}

/// Records time out without a cause; the connection's last trouble is the likely one.
void LibrdkafkaWriter::notice(rd_kafka_event_t *event)
{
    const auto code = rd_kafka_event_error(event);
    m_producer->isSpent = m_producer->isSpent || rd_kafka_event_error_is_fatal(event) != 0;
    const std::string words = withoutTiming(rd_kafka_event_error_string(event));
    if (code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN && (m_trouble || words.starts_with("0/")))
        return;
    m_trouble = makeError(code, words.c_str(), "writing to " + m_settings.bootstrap);
    m_troubledAt = monoNow();
    auto &context = m_producer->context;
    const std::scoped_lock lock(context.mutex);
    if (m_trouble->kind == Error::Kind::Tls && !context.certificateProblem.empty())
        m_trouble->message +=
            "; the broker's certificate was refused: " + context.certificateProblem;
}

void LibrdkafkaWriter::delivered(const rd_kafka_message_t &message)
{
    const auto id = reinterpret_cast<std::uintptr_t>(message._private);
    const auto found = m_producer->sent.find(id);
    if (found == m_producer->sent.end())
        return;
    if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        m_trouble.reset();
        answer(id, Delivered{.partition = message.partition, .offset = Offset(message.offset)});
        return;
    }
    auto &outgoing = found->second;
    if (id == m_aloneOnItsWay)
        m_aloneOnItsWay = 0;
    // It may be the batch that is too large, or another record of it.
    if (message.err == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE && !outgoing.alone) {
        outgoing.alone = true;
        m_alone.push_back(id);
        return;
    }
    if (message.err == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION && outgoing.record.partition &&
        !outgoing.byKey) {
        outgoing.byKey = true;
        m_turn.push_back(id);
        return;
    }
    fail(id, message.err, rd_kafka_message_produce_errstr(&message));
}

void LibrdkafkaWriter::fail(std::uintptr_t id, rd_kafka_resp_err_t code, const char *said)
{
    const Outgoing &outgoing = m_producer->sent.at(id);
    const std::string &topic = outgoing.record.topic;
    const std::string attempted = "writing to topic " + topic;
    if (code == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC || code == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION)
        code = RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
    std::array<char, 512> why{};
    if (code == RD_KAFKA_RESP_ERR__FATAL) {
        const auto cause = rd_kafka_fatal_error(m_producer->client.get(), why.data(), why.size());
        if (cause != RD_KAFKA_RESP_ERR_NO_ERROR) {
            code = cause;
            said = why.data();
        }
    }
    Error error = makeError(code, said, attempted);
    if (code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) {
        error.message = "topic " + topic + " does not exist, and none is created by writing to it";
        error.retriable = true;
    }
    if (code == RD_KAFKA_RESP_ERR__MSG_TIMED_OUT) {
        error.retriable = true;
        error.message = "not acknowledged within " + humanDuration(m_deliveryTimeout);
        if (m_trouble && m_troubledAt >= outgoing.since) {
            error.kind = m_trouble->kind;
            error.code = m_trouble->code;
            error.message += "; " + m_trouble->message;
        }
    }
    answer(id, std::move(error));
}

} // namespace redrive::kafka
