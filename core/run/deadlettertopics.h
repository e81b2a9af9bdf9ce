#pragma once

#include "core/base/error.h"
#include "core/base/time.h"
#include "core/consumer/options.h"
#include "core/kafka/connection.h"
#include "core/kafka/guard.h"

#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace redrive::run {

/// Dead-letter topic -> the sources whose records it takes.
using DeadLetterTopics = std::map<std::string, std::vector<std::string>>;
DeadLetterTopics deadLetterTopics(const consumer::SessionOptions &options);

/// What the cluster is asked; functions, so that tests give twins. Both block.
struct TopicRequests
{
    std::function<Result<std::int32_t>(const std::string &topic)> partitionCount;
    std::function<Result<void>(const std::string &topic, std::int32_t partitions)> create;
};
TopicRequests topicRequests(const kafka::ConnectionSettings &settings, Millis timeout,
                            const kafka::Permit &permit, const std::stop_token &stop);

/// True where a broker said so; nobody having answered says nothing.
bool isMissingTopic(const Error &error);

/// Dead-letter topics that are not there, each as an error to be told at the start of a session.
/// Where nobody answers, nothing is known: `answered` is false, and it is to be asked again.
struct DeadLetterCheck
{
    bool answered = true;
    std::vector<Error> errors;
};
DeadLetterCheck checkDeadLetterTopics(const DeadLetterTopics &topics,
                                      const TopicRequests &requests);

/// Creates those that are not there, each with as many partitions as the widest of its sources has.
/// One whose sources are not there either is left out: nobody can say how wide it should be.
Result<void> createDeadLetterTopics(const DeadLetterTopics &topics, const TopicRequests &requests);

} // namespace redrive::run
