#include "core/base/text.h"
#include "core/kafka/convert.h"
#include "core/kafka/errors.h"
#include "core/kafka/leaderless.h"
#include "core/kafka/librdkafkaclient.h"

#include <utility>

namespace redrive::kafka {

namespace {

GroupDescription undescribed(const GroupId &group, Error error)
{
    GroupDescription description;
    description.id = group;
    description.error = std::move(error);
    description.readAt = wallNow();
    return description;
}

Error groupNotFound(const GroupId &group)
{
    return makeError(RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND, nullptr, attemptedDescribe(group));
}

} // namespace

/// Groups are asked for one by one, since the library answers for many only when all have answered:
/// one coordinator that is away would cost the answers of the others.
struct LibrdkafkaClient::Descriptions
{
    std::vector<GroupId> groups;
    std::vector<GroupDescription> answers; ///< in the order asked
    std::size_t missing = 0;
    Reply<std::vector<GroupDescription>> reply;

    void put(std::size_t at, GroupDescription answer)
    {
        answers[at] = std::move(answer);
        if (--missing == 0)
            reply(std::move(answers));
    }
};

/// A broker that is asked for a coordinator creates the topic of the committed offsets where there
/// is none, and a program that reads creates nothing. So on a cluster that has shown no group yet,
/// the topic is looked for first.
void LibrdkafkaClient::whenCoordinatorsExist(Millis timeout, Go go)
{
    if (m_coordinatorsExist) {
        go(true);
        return;
    }
    m_waiting.push_back(std::move(go));
    if (m_waiting.size() == 1)
        askForOffsetsTopic(timeout);
}

void LibrdkafkaClient::askForOffsetsTopic(Millis timeout)
{
    const std::string attempted = "looking for the topic of committed offsets";
    const auto onEvent = [this, attempted](rd_kafka_event_t *event) {
        const auto code = rd_kafka_event_error(event);
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
            settleOffsetsTopic(makeError(code, rd_kafka_event_error_string(event), attempted));
            return;
        }
        const auto table = toLeaderless(event, {offsetsTopic}, attempted);
        const auto &error = table.at(offsetsTopic).error;
        // Any other error, such as no permission to see it, does not say that it is not there.
        settleOffsetsTopic(!error || error->code != "UNKNOWN_TOPIC_OR_PARTITION");
    };
    const auto options =
        expect(RD_KAFKA_ADMIN_OP_DESCRIBETOPICS, timeout,
               {.onEvent = onEvent,
                .onTimeout = [this, attempted] { settleOffsetsTopic(timedOut(attempted)); },
                .deadline = {}});
    rd_kafka_DescribeTopics(client(), topicNames({offsetsTopic}).get(), options.get(), queue());
}

void LibrdkafkaClient::settleOffsetsTopic(const Result<bool> &exists)
{
    m_coordinatorsExist = m_coordinatorsExist || (exists && *exists);
    const Result<bool> known = m_coordinatorsExist ? Result<bool>(true) : exists;
    for (const auto &go : std::exchange(m_waiting, {}))
        go(known);
}

void LibrdkafkaClient::describeGroups(std::vector<GroupId> groups, Millis timeout,
                                      Reply<std::vector<GroupDescription>> reply)
{
    if (groups.empty()) {
        m_handle->worker->post(
            [reply = std::move(reply)](const std::stop_token &) -> BackgroundWorker::Completion {
                return [reply] { reply({}); };
            });
        return;
    }
    auto descriptions = std::make_shared<Descriptions>();
    descriptions->missing = groups.size();
    descriptions->answers.resize(groups.size());
    descriptions->groups = std::move(groups);
    descriptions->reply = std::move(reply);
    whenCoordinatorsExist(
        timeout, [this, descriptions, deadline = monoNow() + timeout](const Result<bool> &exist) {
            for (std::size_t i = 0; i < descriptions->groups.size(); ++i) {
                const GroupId &group = descriptions->groups[i];
                if (!exist)
                    descriptions->put(i, undescribed(group, exist.error()));
                // A broker reads bytes that are no UTF-8 as another name, and librdkafka aborts the
                // process when the answer names another group than the one it asked for.
                else if (!*exist || !isValidUtf8(group.value()))
                    descriptions->put(i, undescribed(group, groupNotFound(group)));
                else
                    sendDescribe(descriptions, i, deadline);
            }
        });
}

void LibrdkafkaClient::sendDescribe(const std::shared_ptr<Descriptions> &descriptions,
                                    std::size_t at, MonoTime deadline)
{
    const GroupId &group = descriptions->groups[at];
    const auto options = expectCoordinator(
        RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS, deadline,
        {.onEvent =
             [descriptions, at](auto *event) {
                 auto answer = toDescriptions(event, {descriptions->groups[at]}, wallNow());
                 descriptions->put(at, std::move(answer.front()));
             },
         .onTimeout =
             [descriptions, at] {
                 const GroupId &late = descriptions->groups[at];
                 descriptions->put(at, undescribed(late, timedOut(attemptedDescribe(late))));
             },
         .deadline = {}});
    const char *name = group.value().c_str();
    rd_kafka_DescribeConsumerGroups(client(), &name, 1, options.get(), queue());
}

void LibrdkafkaClient::committedOffsets(GroupId group, Millis timeout, Reply<GroupOffsets> reply)
{
    whenCoordinatorsExist(timeout, [this, group = std::move(group), reply = std::move(reply),
                                    deadline = monoNow() + timeout](const Result<bool> &exist) {
        if (exist && *exist) {
            sendCommitted(group, deadline, reply);
            return;
        }
        GroupOffsets none{.id = group, .offsets = {}, .error = {}, .readAt = wallNow()};
        if (!exist)
            none.error = exist.error();
        reply(std::move(none));
    });
}

void LibrdkafkaClient::sendCommitted(const GroupId &group, MonoTime deadline,
                                     const Reply<GroupOffsets> &reply)
{
    const GroupOffsetsRequestPtr request(
        rd_kafka_ListConsumerGroupOffsets_new(group.value().c_str(), nullptr));
    const auto options = expectCoordinator(
        RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS, deadline,
        {.onEvent = [reply, group](auto *event) { reply(toOffsets(event, group, wallNow())); },
         .onTimeout =
             [reply, group] {
                 reply({.id = group,
                        .offsets = {},
                        .error = timedOut(attemptedOffsets(group)),
                        .readAt = wallNow()});
             },
         .deadline = {}});
    rd_kafka_ListConsumerGroupOffsets_t *requests[] = {request.get()};
    rd_kafka_ListConsumerGroupOffsets(client(), requests, 1, options.get(), queue());
}

} // namespace redrive::kafka
