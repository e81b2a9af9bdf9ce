#include "core/kafka/configure.h"
#include "core/kafka/errors.h"
#include "core/kafka/handles.h"
#include "core/kafka/leaderless.h"
#include "core/kafka/reaper.h"
#include "core/kafka/recordwriter.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

namespace redrive::kafka {

namespace {

using NewTopicPtr = std::unique_ptr<rd_kafka_NewTopic_t, CDelete<rd_kafka_NewTopic_destroy>>;

constexpr Millis pollAtMost{100};

/// A handle for one question.
struct Asking
{
    HandleContext context;
    ClientPtr client;
    QueuePtr queue;
};

Result<std::shared_ptr<Asking>> openAsking(const ConnectionSettings &settings)
{
    std::shared_ptr<Asking> asking(new Asking,
                                   [](Asking *last) { discard([last] { delete last; }); });
    asking->context.addresses = settings.addressMap;
    auto conf = makeConf(settings, Role::Admin, asking->context);
    if (!conf)
        return conf.error();
    auto client = makeClient(std::move(*conf), Role::Admin);
    if (!client)
        return client.error();
    asking->client = std::move(*client);
    asking->queue.reset(rd_kafka_queue_get_main(asking->client.get()));
    return asking;
}

OptionsPtr optionsFor(const Asking &asking, rd_kafka_admin_op_t operation, Millis timeout)
{
    OptionsPtr options(rd_kafka_AdminOptions_new(asking.client.get(), operation));
    const auto bounded = std::clamp(timeout, Millis(1), Millis(3'600'000));
    rd_kafka_AdminOptions_set_request_timeout(options.get(), static_cast<int>(bounded.count()),
                                              nullptr, 0);
    return options;
}

/// The answer, or why there is none: a request that timed out does not say that nobody was there,
/// but the connection's own trouble does.
Result<EventPtr> await(Asking &asking, rd_kafka_event_type_t type, Millis timeout,
                       const ConnectionSettings &settings, const std::string &attempted,
                       const std::stop_token &stop)
{
    std::optional<Error> trouble;
    const MonoTime deadline = monoNow() + timeout + Millis(500);
    for (auto left = timeout; left > Millis(0);
         left = std::chrono::duration_cast<Millis>(deadline - monoNow())) {
        if (stop.stop_requested())
            return Error{.kind = Error::Kind::Cancelled,
                         .code = "CANCELLED",
                         .message = "not waited for",
                         .attempted = attempted,
                         .retriable = true};
        EventPtr event(rd_kafka_queue_poll(asking.queue.get(),
                                           static_cast<int>(std::min(left, pollAtMost).count())));
        if (!event)
            continue;
        const auto code = rd_kafka_event_error(event.get());
        if (rd_kafka_event_type(event.get()) == type) {
            if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
                return event;
            const bool late =
                code == RD_KAFKA_RESP_ERR__TIMED_OUT || code == RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE;
            return late && trouble
                       ? *trouble
                       : makeError(code, rd_kafka_event_error_string(event.get()), attempted);
        }
        if (rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_ERROR && !trouble &&
            code != RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN)
            trouble =
                makeError(code, withoutTiming(rd_kafka_event_error_string(event.get())).c_str(),
                          attempted + " at " + settings.bootstrap);
        // A password that is wrong stays wrong.
        if (trouble && trouble->kind == Error::Kind::Authentication)
            return *trouble;
    }
    return trouble.value_or(timedOut(attempted));
}

} // namespace

Result<std::int32_t> partitionCount(const ConnectionSettings &settings, const std::string &topic,
                                    Millis timeout, const std::stop_token &stop)
{
    const std::string attempted = "looking for topic " + topic;
    const auto asking = openAsking(settings);
    if (!asking)
        return asking.error();
    const auto options = optionsFor(**asking, RD_KAFKA_ADMIN_OP_DESCRIBETOPICS, timeout);
    rd_kafka_DescribeTopics((*asking)->client.get(), topicNames({{topic, 0}}).get(), options.get(),
                            (*asking)->queue.get());
    const auto event =
        await(**asking, RD_KAFKA_EVENT_DESCRIBETOPICS_RESULT, timeout, settings, attempted, stop);
    if (!event)
        return event.error();
    std::size_t count = 0;
    const auto *const *described = rd_kafka_DescribeTopics_result_topics(
        rd_kafka_event_DescribeTopics_result(event->get()), &count);
    if (count != 1)
        return makeError(RD_KAFKA_RESP_ERR__FAIL, "the answer lacks this topic", attempted);
    const auto *error = rd_kafka_TopicDescription_error(described[0]);
    if (error != nullptr && rd_kafka_error_code(error) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return makeError(error, attempted);
    std::size_t partitions = 0;
    rd_kafka_TopicDescription_partitions(described[0], &partitions);
    return static_cast<std::int32_t>(partitions);
}

Result<void> createTopic(const ConnectionSettings &settings, const std::string &topic,
                         std::int32_t partitions, Millis timeout, const Permit & /*permit*/,
                         const std::stop_token &stop)
{
    const std::string attempted = "creating topic " + topic;
    const auto asking = openAsking(settings);
    if (!asking)
        return asking.error();
    std::array<char, 512> why{};
    constexpr int brokersDefault = -1;
    const NewTopicPtr wanted(
        rd_kafka_NewTopic_new(topic.c_str(), partitions, brokersDefault, why.data(), why.size()));
    if (!wanted)
        return makeError(RD_KAFKA_RESP_ERR__INVALID_ARG, why.data(), attempted);
    const auto options = optionsFor(**asking, RD_KAFKA_ADMIN_OP_CREATETOPICS, timeout);
    rd_kafka_NewTopic_t *topics[] = {wanted.get()};
    rd_kafka_CreateTopics((*asking)->client.get(), topics, 1, options.get(),
                          (*asking)->queue.get());
    const auto event =
        await(**asking, RD_KAFKA_EVENT_CREATETOPICS_RESULT, timeout, settings, attempted, stop);
    if (!event)
        return event.error();
    std::size_t count = 0;
    const auto *const *results = rd_kafka_CreateTopics_result_topics(
        rd_kafka_event_CreateTopics_result(event->get()), &count);
    if (count != 1)
        return makeError(RD_KAFKA_RESP_ERR__FAIL, "the answer lacks this topic", attempted);
    if (const auto code = rd_kafka_topic_result_error(results[0]);
        code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return makeError(code, rd_kafka_topic_result_error_string(results[0]), attempted);
    return {};
}

} // namespace redrive::kafka
