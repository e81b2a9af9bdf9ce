#include "core/run/deadlettertopics.h"

#include "core/base/text.h"
#include "core/kafka/recordwriter.h"

#include <algorithm>
#include <utility>

namespace redrive::run {

namespace {

bool isUnanswered(const Error &error)
{
    switch (error.kind) {
    case Error::Kind::Resolve:
    case Error::Kind::Transport:
    case Error::Kind::Tls:
    case Error::Kind::Authentication:
    case Error::Kind::Timeout:
    case Error::Kind::Cancelled: return true;
    default: return false;
    }
}

std::string listed(const std::vector<std::string> &topics)
{
    std::string text;
    for (const std::string &topic : topics)
        text += (text.empty() ? "" : ", ") + visible(topic);
    return text;
}

} // namespace

DeadLetterTopics deadLetterTopics(const consumer::SessionOptions &options)
{
    DeadLetterTopics topics;
    if (options.onPoison != consumer::OnPoison::DeadLetter)
        return topics;
    for (const std::string &source : options.topics) {
        if (const auto letters = consumer::deadLetterTopic(options, source))
            topics[*letters].push_back(source);
    }
    return topics;
}

TopicRequests topicRequests(const kafka::ConnectionSettings &settings, Millis timeout,
                            const kafka::Permit &permit, const std::stop_token &stop)
{
    return TopicRequests{
        .partitionCount =
            [settings, timeout, stop](const std::string &topic) {
                return kafka::partitionCount(settings, topic, timeout, stop);
            },
        .create =
            [settings, timeout, permit, stop](const std::string &topic, std::int32_t partitions) {
                return kafka::createTopic(settings, topic, partitions, timeout, permit, stop);
            }};
}

bool isMissingTopic(const Error &error)
{
    return error.code == "UNKNOWN_TOPIC_OR_PARTITION";
}

DeadLetterCheck checkDeadLetterTopics(const DeadLetterTopics &topics, const TopicRequests &requests)
{
    DeadLetterCheck check;
    for (const auto &[letters, sources] : topics) {
        const auto count = requests.partitionCount(letters);
        if (count)
            continue;
        Error error = count.error();
        if (isUnanswered(error)) {
            check.answered = false;
            return check;
        }
        if (isMissingTopic(error))
            error.message = "the dead-letter topic " + visible(letters) +
                            " does not exist: a record of " + listed(sources) +
                            " that cannot be processed would wait, and its partition with it";
        check.errors.push_back(std::move(error));
    }
    return check;
}

Result<void> createDeadLetterTopics(const DeadLetterTopics &topics, const TopicRequests &requests)
{
    for (const auto &[letters, sources] : topics) {
        const auto present = requests.partitionCount(letters);
        if (present)
            continue;
        if (!isMissingTopic(present.error()))
            return present.error();
        std::int32_t widest = 0;
        for (const std::string &source : sources) {
            const auto count = requests.partitionCount(source);
            if (count)
                widest = std::max(widest, *count);
            else if (!isMissingTopic(count.error()))
                return count.error();
        }
        if (widest == 0)
            continue;
        const auto created = requests.create(letters, widest);
        if (!created && created.error().code != "TOPIC_ALREADY_EXISTS")
            return created.error();
    }
    return {};
}

} // namespace redrive::run
