#include "core/base/text.h"
#include "core/kafka/errors.h"
#include "core/kafka/groupwriter.h"
#include "core/kafka/librdkafkaclient.h"
#include "core/kafka/partitionlist.h"

#include <algorithm>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <span>
#include <string_view>
#include <utility>

namespace redrive::kafka {

namespace {

using AlterPtr = std::unique_ptr<rd_kafka_AlterConsumerGroupOffsets_t,
                                 CDelete<rd_kafka_AlterConsumerGroupOffsets_destroy>>;
using DeleteOffsetsPtr = std::unique_ptr<rd_kafka_DeleteConsumerGroupOffsets_t,
                                         CDelete<rd_kafka_DeleteConsumerGroupOffsets_destroy>>;
using DeleteGroupPtr =
    std::unique_ptr<rd_kafka_DeleteGroup_t, CDelete<rd_kafka_DeleteGroup_destroy>>;

/// The library must not give up before we do: see LibrdkafkaClient::expectCoordinator().
constexpr Millis beyondOurs{3'600'000};
constexpr Millis beforeNextTry{100};
constexpr Millis forDestruction{2000};

std::string attemptedAlter(const GroupId &group)
{
    return "setting the committed offsets of group " + group.value();
}

std::string attemptedDeleteOffsets(const GroupId &group)
{
    return "deleting committed offsets of group " + group.value();
}

std::string attemptedDeleteGroup(const GroupId &group)
{
    return "deleting group " + group.value();
}

/// A broker reads bytes that are no UTF-8 as another name, and librdkafka ends a name at a NUL:
/// what was meant for one group would reach another.
bool arrivesAsItIs(std::string_view name)
{
    return isValidUtf8(name) && name.find('\0') == std::string_view::npos;
}

Error unsendable(const char *code, const char *what, std::string attempted)
{
    return Error{.kind = Error::Kind::Usage,
                 .code = code,
                 .message = std::string(what) + " is text in UTF-8, without NUL",
                 .attempted = std::move(attempted),
                 .retriable = false};
}

std::optional<Error> refusedName(const GroupId &group, const std::string &attempted)
{
    if (arrivesAsItIs(group.value()))
        return {};
    return unsendable("INVALID_GROUP_ID", "a group's name", attempted);
}

/// Topics whose names cannot be sent are answered for here, and leave the list.
template <typename Part, typename PartitionOf>
std::map<TopicPartition, std::optional<Error>>
takeUnsendable(std::vector<Part> &parts, const std::string &attempted, PartitionOf partitionOf)
{
    std::map<TopicPartition, std::optional<Error>> refused;
    std::erase_if(parts, [&](const Part &part) {
        const TopicPartition &partition = partitionOf(part);
        if (arrivesAsItIs(partition.topic))
            return false;
        refused.emplace(partition,
                        unsendable("INVALID_TOPIC_EXCEPTION", "a topic's name", attempted));
        return true;
    });
    return refused;
}

/// Each element begins with an error, which the answer takes away: so the ones that an answer lacks
/// are told from those that were done.
PartitionsPtr toCommits(const std::vector<NewOffset> &offsets)
{
    PartitionsPtr list(rd_kafka_topic_partition_list_new(static_cast<int>(offsets.size())));
    for (const auto &[partition, offset, epoch, metadata] : offsets) {
        auto *element = rd_kafka_topic_partition_list_add(list.get(), partition.topic.c_str(),
                                                          partition.partition);
        element->offset = offset.value();
        element->err = RD_KAFKA_RESP_ERR__NOOP;
        rd_kafka_topic_partition_set_leader_epoch(element, epoch.value_or(-1));
        if (metadata.empty())
            continue;
        element->metadata = std::malloc(metadata.size()); // The list frees it.
        std::memcpy(element->metadata, metadata.data(), metadata.size());
        element->metadata_size = metadata.size();
    }
    return list;
}

/// What a broker says of a whole request comes wrapped into the library's account of its parsing;
/// its code says it alone.
std::optional<Error> wholeError(rd_kafka_event_t *event, const std::string &attempted)
{
    const auto code = rd_kafka_event_error(event);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
        return {};
    return makeError(code, code > 0 ? nullptr : rd_kafka_event_error_string(event), attempted);
}

ChangeAnswer toAnswer(const rd_kafka_group_result_t *const *groups, std::size_t count,
                      const std::string &attempted)
{
    if (count != 1)
        return {.parts = {},
                .error =
                    makeError(RD_KAFKA_RESP_ERR__FAIL, "the answer lacks this group", attempted)};
    ChangeAnswer answer;
    if (const auto *error = rd_kafka_group_result_error(groups[0]);
        error != nullptr && rd_kafka_error_code(error) != RD_KAFKA_RESP_ERR_NO_ERROR)
        answer.error = makeError(rd_kafka_error_code(error), nullptr, attempted);
    const auto *list = rd_kafka_group_result_partitions(groups[0]);
    if (list == nullptr)
        return answer;
    for (const auto &element : std::span(list->elems, static_cast<std::size_t>(list->cnt))) {
        if (element.err == RD_KAFKA_RESP_ERR__NOOP)
            continue;
        auto &part = answer.parts[partitionOf(element)];
        if (element.err != RD_KAFKA_RESP_ERR_NO_ERROR)
            part = makeError(element.err, nullptr, attempted);
    }
    return answer;
}

/// The broker that answered did nothing, since it does not know the group, or does not yet.
bool isMisplaced(const Error &error)
{
    return error.code == "NOT_COORDINATOR" || error.code == "COORDINATOR_NOT_AVAILABLE" ||
           error.code == "COORDINATOR_LOAD_IN_PROGRESS";
}

bool isMisplaced(const ChangeAnswer &answer)
{
    if (answer.error)
        return isMisplaced(*answer.error);
    return !answer.parts.empty() &&
           std::all_of(answer.parts.begin(), answer.parts.end(),
                       [](const auto &part) { return part.second && isMisplaced(*part.second); });
}

/// Whether it was done, nobody knows.
Error unanswered(const std::optional<Error> &trouble, const std::string &attempted)
{
    Error error = timedOut(attempted);
    if (trouble)
        error.message += "; " + trouble->message;
    return error;
}

} // namespace

void GroupWriter::throwAway()
{
    if (!m_asking)
        return;
    const auto gone = m_asking->gone.get_future();
    m_asking.reset();
    m_answeredBefore = false;
    gone.wait_for(forDestruction);
}

std::optional<ChangeAnswer> GroupWriter::once(const Request &request, MonoTime deadline,
                                              const std::stop_token &stop)
{
    const auto left = std::chrono::duration_cast<Millis>(deadline - monoNow());
    if (left <= Millis(0))
        return ChangeAnswer{.parts = {}, .error = timedOut(request.attempted)};
    if (!m_asking) {
        auto opened = openAsking(m_settings);
        if (!opened)
            return ChangeAnswer{.parts = {}, .error = opened.error()};
        m_asking = std::move(*opened);
    }
    const auto options = optionsFor(*m_asking, request.operation, beyondOurs);
    request.send(*m_asking, options.get());
    auto [event, trouble] =
        awaitEvent(*m_asking, request.answer, left, m_settings, request.attempted, stop);
    if (!event) {
        const bool neverLetIn =
            trouble && trouble->kind == Error::Kind::Authentication && !m_answeredBefore;
        throwAway();
        return ChangeAnswer{
            .parts = {}, .error = neverLetIn ? *trouble : unanswered(trouble, request.attempted)};
    }
    m_answeredBefore = true;
    auto answer = request.read(event.get());
    event.reset();
    const bool misplaced = isMisplaced(answer);
    if (misplaced || answer.error)
        throwAway(); // It knows the wrong coordinator, or has lost it.
    if (misplaced && monoNow() + beforeNextTry < deadline && !stop.stop_requested())
        return {};
    return answer;
}

ChangeAnswer GroupWriter::perform(const Request &request, MonoTime deadline,
                                  const std::stop_token &stop)
{
    std::mutex mutex;
    std::condition_variable_any never;
    for (;;) {
        if (auto answer = once(request, deadline, stop))
            return std::move(*answer);
        std::unique_lock lock(mutex);
        never.wait_for(lock, stop, beforeNextTry, [] { return false; });
    }
}

ChangeAnswer GroupWriter::alterOffsets(const GroupId &group, const std::vector<NewOffset> &offsets,
                                       const Permit & /*permit*/, MonoTime deadline,
                                       const std::stop_token &stop)
{
    const std::string attempted = attemptedAlter(group);
    const AlterPtr change(
        rd_kafka_AlterConsumerGroupOffsets_new(group.value().c_str(), toCommits(offsets).get()));
    return perform({.operation = RD_KAFKA_ADMIN_OP_ALTERCONSUMERGROUPOFFSETS,
                    .answer = RD_KAFKA_EVENT_ALTERCONSUMERGROUPOFFSETS_RESULT,
                    .attempted = attempted,
                    .send =
                        [&](const Asking &asking, const rd_kafka_AdminOptions_t *options) {
                            rd_kafka_AlterConsumerGroupOffsets_t *changes[] = {change.get()};
                            rd_kafka_AlterConsumerGroupOffsets(asking.client.get(), changes, 1,
                                                               options, asking.queue.get());
                        },
                    .read =
                        [&](rd_kafka_event_t *event) {
                            if (const auto error = wholeError(event, attempted))
                                return ChangeAnswer{.parts = {}, .error = error};
                            std::size_t count = 0;
                            auto *const *groups = rd_kafka_AlterConsumerGroupOffsets_result_groups(
                                rd_kafka_event_AlterConsumerGroupOffsets_result(event), &count);
                            return toAnswer(groups, count, attempted);
                        }},
                   deadline, stop);
}

ChangeAnswer GroupWriter::deleteOffsets(const GroupId &group,
                                        const std::vector<TopicPartition> &partitions,
                                        const Permit & /*permit*/, MonoTime deadline,
                                        const std::stop_token &stop)
{
    const std::string attempted = attemptedDeleteOffsets(group);
    const DeleteOffsetsPtr change(
        rd_kafka_DeleteConsumerGroupOffsets_new(group.value().c_str(), toList(partitions).get()));
    return perform({.operation = RD_KAFKA_ADMIN_OP_DELETECONSUMERGROUPOFFSETS,
                    .answer = RD_KAFKA_EVENT_DELETECONSUMERGROUPOFFSETS_RESULT,
                    .attempted = attempted,
                    .send =
                        [&](const Asking &asking, const rd_kafka_AdminOptions_t *options) {
                            rd_kafka_DeleteConsumerGroupOffsets_t *changes[] = {change.get()};
                            rd_kafka_DeleteConsumerGroupOffsets(asking.client.get(), changes, 1,
                                                                options, asking.queue.get());
                        },
                    .read =
                        [&](rd_kafka_event_t *event) {
                            if (const auto error = wholeError(event, attempted))
                                return ChangeAnswer{.parts = {}, .error = error};
                            std::size_t count = 0;
                            auto *const *groups = rd_kafka_DeleteConsumerGroupOffsets_result_groups(
                                rd_kafka_event_DeleteConsumerGroupOffsets_result(event), &count);
                            return toAnswer(groups, count, attempted);
                        }},
                   deadline, stop);
}

Result<void> GroupWriter::deleteGroup(const GroupId &group, const Permit & /*permit*/,
                                      MonoTime deadline, const std::stop_token &stop)
{
    const std::string attempted = attemptedDeleteGroup(group);
    const DeleteGroupPtr change(rd_kafka_DeleteGroup_new(group.value().c_str()));
    const auto answer =
        perform({.operation = RD_KAFKA_ADMIN_OP_DELETEGROUPS,
                 .answer = RD_KAFKA_EVENT_DELETEGROUPS_RESULT,
                 .attempted = attempted,
                 .send =
                     [&](const Asking &asking, const rd_kafka_AdminOptions_t *options) {
                         rd_kafka_DeleteGroup_t *changes[] = {change.get()};
                         rd_kafka_DeleteGroups(asking.client.get(), changes, 1, options,
                                               asking.queue.get());
                     },
                 .read =
                     [&](rd_kafka_event_t *event) {
                         if (const auto error = wholeError(event, attempted))
                             return ChangeAnswer{.parts = {}, .error = error};
                         std::size_t count = 0;
                         auto *const *groups = rd_kafka_DeleteGroups_result_groups(
                             rd_kafka_event_DeleteGroups_result(event), &count);
                         return toAnswer(groups, count, attempted);
                     }},
                deadline, stop);
    if (answer.error)
        return *answer.error;
    return {};
}

void LibrdkafkaClient::alterOffsets(GroupId group, std::vector<NewOffset> offsets,
                                    const Permit &permit, Millis timeout, Reply<ChangeAnswer> reply)
{
    const std::string attempted = attemptedAlter(group);
    ChangeAnswer known{
        .parts = takeUnsendable(
            offsets, attempted, [](const NewOffset &one) -> const auto & { return one.partition; }),
        .error = refusedName(group, attempted)};
    m_handle->worker->post(
        [this, writer = m_writer, known = std::move(known), group = std::move(group),
         offsets = std::move(offsets), permit, deadline = monoNow() + timeout,
         reply = std::move(reply)](const std::stop_token &stop) -> BackgroundWorker::Completion {
            if (known.error || offsets.empty())
                return [reply, known] { reply(known); };
            auto answer = writer->alterOffsets(group, offsets, permit, deadline, stop);
            answer.parts.insert(known.parts.begin(), known.parts.end());
            return [this, reply, answer = std::move(answer)] {
                m_coordinatorsExist = m_coordinatorsExist || !answer.error;
                reply(answer);
            };
        });
}

void LibrdkafkaClient::deleteOffsets(GroupId group, std::vector<TopicPartition> partitions,
                                     const Permit &permit, Millis timeout,
                                     Reply<ChangeAnswer> reply)
{
    const std::string attempted = attemptedDeleteOffsets(group);
    ChangeAnswer known{
        .parts = takeUnsendable(
            partitions, attempted, [](const TopicPartition &one) -> const auto & { return one; }),
        .error = refusedName(group, attempted)};
    const MonoTime deadline = monoNow() + timeout;
    whenCoordinatorsExist(timeout, [this, known = std::move(known), group = std::move(group),
                                    partitions = std::move(partitions), permit, attempted, deadline,
                                    reply = std::move(reply)](const Result<bool> &exist) mutable {
        if (!known.error && !exist)
            known.error = exist.error();
        else if (!known.error && !*exist)
            known.error = makeError(RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND, nullptr, attempted);
        m_handle->worker->post(
            [writer = m_writer, known, group, partitions, permit, deadline,
             reply](const std::stop_token &stop) -> BackgroundWorker::Completion {
                if (known.error || partitions.empty())
                    return [reply, known] { reply(known); };
                auto answer = writer->deleteOffsets(group, partitions, permit, deadline, stop);
                answer.parts.insert(known.parts.begin(), known.parts.end());
                return [reply, answer = std::move(answer)] { reply(answer); };
            });
    });
}

void LibrdkafkaClient::deleteGroup(GroupId group, const Permit &permit, Millis timeout,
                                   Reply<Result<void>> reply)
{
    const std::string attempted = attemptedDeleteGroup(group);
    const MonoTime deadline = monoNow() + timeout;
    whenCoordinatorsExist(timeout, [this, group = std::move(group), permit, attempted, deadline,
                                    reply = std::move(reply)](const Result<bool> &exist) {
        auto refused = refusedName(group, attempted);
        if (!refused && !exist)
            refused = exist.error();
        else if (!refused && !*exist)
            refused = makeError(RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND, nullptr, attempted);
        m_handle->worker->post([writer = m_writer, refused, group, permit, deadline, reply](
                                   const std::stop_token &stop) -> BackgroundWorker::Completion {
            const auto answer = refused ? Result<void>(*refused)
                                        : writer->deleteGroup(group, permit, deadline, stop);
            return [reply, answer] { reply(answer); };
        });
    });
}

} // namespace redrive::kafka
