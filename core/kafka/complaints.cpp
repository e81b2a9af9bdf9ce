#include "core/kafka/complaints.h"

#include "core/kafka/errors.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace redrive::kafka {

namespace {

bool isAboutTopics(rd_kafka_resp_err_t code)
{
    return code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART ||
           code == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC ||
           code == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED ||
           code == RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION;
}

/// The event carries no topic, but its words do: "Subscribed topic not available: orders: Broker…".
std::optional<std::string> topicIn(std::string_view words, const std::vector<std::string> &topics)
{
    const auto named = std::find_if(topics.begin(), topics.end(), [&](const std::string &topic) {
        return words.find(": " + topic + ": ") != std::string_view::npos;
    });
    return named == topics.end() ? std::nullopt : std::optional(*named);
}

/// Two members with one instance id: the coordinator serves only one of them (KIP-345, KIP-848).
bool isAboutInstance(rd_kafka_resp_err_t code)
{
    return code == RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID ||
           code == RD_KAFKA_RESP_ERR_UNRELEASED_INSTANCE_ID;
}

} // namespace

std::optional<consumed::Complaint> toComplaint(int number, const std::string &said, bool isFatal,
                                               const GroupConsumerSettings &settings,
                                               const ConnectionWords &connection)
{
    const auto code = static_cast<rd_kafka_resp_err_t>(number);
    consumed::Complaint complaint;
    complaint.allBrokersDown = code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN;
    if (complaint.allBrokersDown && said.starts_with("0/"))
        return {};
    const auto known =
        code == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC ? RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART : code;
    Error &error = complaint.error;
    error = makeError(known, said.c_str(), "consuming as group " + settings.group.value());
    complaint.fatal = isFatal || isAboutInstance(code);
    if (complaint.fatal)
        error.retriable = false;
    if (isAboutInstance(code) && settings.instanceId)
        error.message += " (another member has group.instance.id " + *settings.instanceId + ")";
    if (isAboutTopics(code))
        complaint.topic = topicIn(said, settings.topics);
    if (error.kind == Error::Kind::Tls && !connection.certificateProblem.empty())
        error.message += "; the broker's certificate was refused: " + connection.certificateProblem;
    if (complaint.allBrokersDown && !connection.brokenConnection.empty())
        error.message += "; " + connection.brokenConnection;
    return complaint;
}

Error toBroken(int number, const std::string &said, const TopicPartition &partition)
{
    const auto code = static_cast<rd_kafka_resp_err_t>(number);
    Error error =
        makeError(code, said.c_str(),
                  "reading " + partition.topic + "/" + std::to_string(partition.partition));
    if (code != RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET)
        return error;
    error.retriable = false;
    const auto says = [&](rd_kafka_resp_err_t cause) {
        return error.message.find(rd_kafka_err2str(cause)) != std::string::npos;
    };
    if (says(RD_KAFKA_RESP_ERR__NO_OFFSET))
        error.code = "NO_OFFSET";
    else if (says(RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE) || says(RD_KAFKA_RESP_ERR__LOG_TRUNCATION))
        error.code = "OFFSET_OUT_OF_RANGE";
    return error;
}

} // namespace redrive::kafka
