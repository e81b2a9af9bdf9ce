#pragma once

#include "tests/support/clients/client.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace redrive::testclients {

/// A record as bytes; null and empty are different things in all of it.
struct Message
{
    std::optional<std::string> key;
    std::optional<std::string> value;
    std::vector<std::pair<std::string, std::optional<std::string>>> headers;
};

/// Writes records as an application does: acks=all, and with a transactional id in transactions.
/// One thread.
class Producer
{
public:
    explicit Producer(const std::string &bootstrap, const std::string &transactionalId = {},
                      const Properties &properties = {});
    /// Does not wait for records that were not flushed.
    ~Producer() = default;
    Producer(const Producer &) = delete;
    Producer &operator=(const Producer &) = delete;

    void send(const std::string &topic, std::optional<std::int32_t> partition,
              const std::string &value, const std::string &key = {});
    void send(const std::string &topic, std::optional<std::int32_t> partition,
              const Message &message);
    /// Waits until all that was sent is acknowledged; throws if some of it was refused.
    void flush();
    /// send() so many records to one partition, and flush().
    void sendAll(const TopicPartition &partition, int count);

    void begin();
    void commit();
    void abort();

private:
    static void onDelivery(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque);

    std::size_t m_refused = 0;
    rd_kafka_resp_err_t m_refusal = RD_KAFKA_RESP_ERR_NO_ERROR;
    ClientPtr m_client; ///< last: its callback writes the members above
};

} // namespace redrive::testclients
