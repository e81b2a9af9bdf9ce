#include "tests/support/clients/client.h"

#include <array>

namespace redrive::testclients {

namespace {

void ignoreLog(const rd_kafka_t *, int, const char *, const char *) {}
void ignoreError(rd_kafka_t *, int, const char *, void *) {}

} // namespace

ClientError::ClientError(const std::string &attempted, rd_kafka_resp_err_t code,
                         const std::string &message)
    : std::runtime_error(attempted + ": " + (message.empty() ? rd_kafka_err2str(code) : message) +
                         " (" + rd_kafka_err2name(code) + ")")
    , m_code(code)
{
}

void require(const std::string &attempted, rd_kafka_resp_err_t code, const std::string &message)
{
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        throw ClientError(attempted, code, message);
}

void require(const std::string &attempted, rd_kafka_error_t *error)
{
    const std::unique_ptr<rd_kafka_error_t, Release<rd_kafka_error_destroy>> owned(error);
    if (owned)
        throw ClientError(attempted, rd_kafka_error_code(error), rd_kafka_error_string(error));
}

ConfPtr makeConf(const std::string &bootstrap, const Properties &properties)
{
    ConfPtr conf(rd_kafka_conf_new());
    std::array<char, 512> why{};
    const auto set = [&](const std::string &key, const std::string &value) {
        if (rd_kafka_conf_set(conf.get(), key.c_str(), value.c_str(), why.data(), why.size()) !=
            RD_KAFKA_CONF_OK)
            throw ClientError("configuring a client", RD_KAFKA_RESP_ERR__INVALID_ARG, why.data());
    };
    set("bootstrap.servers", bootstrap);
    set("reconnect.backoff.max.ms", "500");
    for (const auto &[key, value] : properties)
        set(key, value);
    rd_kafka_conf_set_log_cb(conf.get(), ignoreLog);
    rd_kafka_conf_set_error_cb(conf.get(), ignoreError);
    return conf;
}

ClientPtr makeClient(rd_kafka_type_t type, ConfPtr conf)
{
    std::array<char, 512> why{};
    ClientPtr client(rd_kafka_new(type, conf.get(), why.data(), why.size()));
    if (!client)
        throw ClientError("making a client", RD_KAFKA_RESP_ERR__INVALID_ARG, why.data());
    static_cast<void>(conf.release());
    return client;
}

PartitionsPtr toList(const OffsetMap &offsets)
{
    PartitionsPtr list(rd_kafka_topic_partition_list_new(static_cast<int>(offsets.size())));
    for (const auto &[partition, offset] : offsets)
        rd_kafka_topic_partition_list_add(list.get(), partition.topic.c_str(), partition.partition)
            ->offset = offset;
    return list;
}

} // namespace redrive::testclients
