#include "core/kafka/errors.h"

#include <algorithm>
#include <array>
#include <utility>

namespace redrive::kafka {

namespace {

/// Where librdkafka 2.15 and Kafka 4.3 name the same code differently, or librdkafka does not name
/// it.
constexpr std::array<std::pair<int, const char *>, 17> kafkaNames{{
    {2, "CORRUPT_MESSAGE"},
    {3, "UNKNOWN_TOPIC_OR_PARTITION"},
    {4, "INVALID_FETCH_SIZE"},
    {6, "NOT_LEADER_OR_FOLLOWER"},
    {10, "MESSAGE_TOO_LARGE"},
    {11, "STALE_CONTROLLER_EPOCH"},
    {17, "INVALID_TOPIC_EXCEPTION"},
    {98, "SNAPSHOT_NOT_FOUND"},
    {99, "POSITION_OUT_OF_RANGE"},
    {101, "DUPLICATE_BROKER_REGISTRATION"},
    {102, "BROKER_ID_NOT_REGISTERED"},
    {104, "INCONSISTENT_CLUSTER_ID"},
    {105, "TRANSACTIONAL_ID_NOT_FOUND"},
    {106, "FETCH_SESSION_TOPIC_ID_ERROR"},
    {107, "INELIGIBLE_REPLICA"},
    {108, "NEW_LEADER_ELECTED"},
    {109, "OFFSET_MOVED_TO_TIERED_STORAGE"},
}};

/// Kafka's RetriableException codes (4.3).
constexpr std::array retriableCodes{2,  3,  5,  6,  7,   9,   13,  14,  15,  16, 19,
                                    20, 41, 51, 56, 70,  71,  72,  74,  75,  78, 80,
                                    83, 84, 88, 89, 100, 103, 106, 122, 123, 133};

std::string codeName(rd_kafka_resp_err_t code)
{
    const auto *known = std::find_if(kafkaNames.begin(), kafkaNames.end(),
                                     [&](const auto &entry) { return entry.first == code; });
    return known != kafkaNames.end() ? known->second : rd_kafka_err2name(code);
}

Error::Kind kindOf(rd_kafka_resp_err_t code)
{
    switch (code) {
    case RD_KAFKA_RESP_ERR__RESOLVE: return Error::Kind::Resolve;
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
    case RD_KAFKA_RESP_ERR__BAD_MSG: // What came back is not Kafka's protocol.
    case RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION: return Error::Kind::Transport;
    case RD_KAFKA_RESP_ERR__SSL: return Error::Kind::Tls;
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM: return Error::Kind::Authentication;
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED: return Error::Kind::Authorization;
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
    case RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE:
    case RD_KAFKA_RESP_ERR__MSG_TIMED_OUT:
    case RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT: return Error::Kind::Timeout;
    case RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE:
    case RD_KAFKA_RESP_ERR__NOT_IMPLEMENTED:
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION: return Error::Kind::Unsupported;
    case RD_KAFKA_RESP_ERR__DESTROY: return Error::Kind::Cancelled;
    case RD_KAFKA_RESP_ERR__INVALID_ARG:
    case RD_KAFKA_RESP_ERR__CONFLICT: return Error::Kind::Config;
    default: return code > 0 ? Error::Kind::Broker : Error::Kind::Internal;
    }
}

std::optional<bool> retriable(rd_kafka_resp_err_t code)
{
    if (code > 0)
        return std::find(retriableCodes.begin(), retriableCodes.end(), static_cast<int>(code)) !=
               retriableCodes.end();
    switch (code) {
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
    case RD_KAFKA_RESP_ERR__RESOLVE: return true;
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR__INVALID_ARG: return false;
    default: return std::nullopt;
    }
}

} // namespace

Error makeError(rd_kafka_resp_err_t code, const char *said, std::string attempted)
{
    const char *words = said != nullptr && *said != '\0' ? said : rd_kafka_err2str(code);
    return Error{.kind = kindOf(code),
                 .code = codeName(code),
                 .message = words,
                 .attempted = std::move(attempted),
                 .retriable = retriable(code)};
}

Error makeError(const rd_kafka_error_t *error, std::string attempted)
{
    return makeError(rd_kafka_error_code(error), rd_kafka_error_string(error),
                     std::move(attempted));
}

Error timedOut(std::string attempted)
{
    return Error{.kind = Error::Kind::Timeout,
                 .code = "_TIMED_OUT",
                 .message = "no answer in time",
                 .attempted = std::move(attempted),
                 .retriable = true};
}

} // namespace redrive::kafka
