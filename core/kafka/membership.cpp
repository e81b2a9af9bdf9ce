#include "core/kafka/errors.h"
#include "core/kafka/librdkafkaconsumer.h"
#include "core/kafka/partitionlist.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace redrive::kafka {

namespace {

std::optional<Error> errorOf(rd_kafka_resp_err_t code, const std::string &attempted)
{
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR || code == RD_KAFKA_RESP_ERR__IN_PROGRESS)
        return {};
    return makeError(code, nullptr, attempted);
}

std::optional<Error> taken(rd_kafka_error_t *error, const std::string &attempted)
{
    if (error == nullptr)
        return {};
    auto said = makeError(error, attempted);
    rd_kafka_error_destroy(error);
    return said;
}

std::string attemptedCommit(const GroupId &group)
{
    return "committing offsets of group " + group.value();
}

std::vector<consumed::PartOfCommit> toParts(const rd_kafka_topic_partition_list_t *list,
                                            const std::string &attempted)
{
    std::vector<consumed::PartOfCommit> parts;
    for (int i = 0; list != nullptr && i < list->cnt; ++i) {
        const auto &element = list->elems[i];
        // What a timed commit had nothing to say about.
        if (element.offset < 0)
            continue;
        auto &part = parts.emplace_back();
        part.position.partition = partitionOf(element);
        part.position.next = Offset(element.offset);
        if (const auto epoch = rd_kafka_topic_partition_get_leader_epoch(&element); epoch >= 0)
            part.position.leaderEpoch = epoch;
        part.error = errorOf(element.err, attempted);
    }
    std::sort(parts.begin(), parts.end(), [](const auto &a, const auto &b) {
        return a.position.partition < b.position.partition;
    });
    return parts;
}

} // namespace

void neverCalled(rd_kafka_t * /*client*/, rd_kafka_resp_err_t /*code*/,
                 rd_kafka_topic_partition_list_t * /*offsets*/, void * /*opaque*/)
{
}

void LibrdkafkaConsumer::assign(const std::vector<TopicPartition> &partitions,
                                const std::vector<Position> &startAt, RebalanceProtocol protocol)
{
    m_unanswered.reset();
    const auto list = toList(partitions);
    std::map<TopicPartition, const Position *> starts;
    for (const auto &position : startAt)
        starts.emplace(position.partition, &position);
    std::vector<TopicPartition> paused;
    for (int i = 0; i < list->cnt; ++i) {
        auto &element = list->elems[i];
        const auto partition = partitionOf(element);
        if (const auto start = starts.find(partition); start != starts.end()) {
            element.offset = start->second->next.value();
            rd_kafka_topic_partition_set_leader_epoch(&element,
                                                      start->second->leaderEpoch.value_or(-1));
        }
        // librdkafka unforwards the queue whenever it stops reading a partition, so this is done
        // for every assignment, and before it: what was fetched by then would go to the group's
        // queue.
        const QueuePtr queue(
            rd_kafka_queue_get_partition(client(), element.topic, element.partition));
        rd_kafka_queue_forward(queue.get(), m_handle->records.get());
        // A pause outlives the assignment in librdkafka.
        if (m_paused.erase(partition) != 0)
            paused.push_back(partition);
        m_mine.insert(partition);
    }
    if (!paused.empty())
        rd_kafka_resume_partitions(client(), toList(paused).get());
    const auto error = protocol == RebalanceProtocol::Cooperative
                           ? taken(rd_kafka_incremental_assign(client(), list.get()), m_attempted)
                           : errorOf(rd_kafka_assign(client(), list.get()), m_attempted);
    if (error)
        complain(*error);
    else
        validate(startAt);
}

/// librdkafka 2.15.1 compares epochs where it seeks to, not where it begins: what was written after
/// an unclean election, below where the log was cut, would be passed over.
void LibrdkafkaConsumer::validate(const std::vector<Position> &positions)
{
    std::vector<Position> known;
    std::copy_if(positions.begin(), positions.end(), std::back_inserter(known),
                 [](const Position &position) { return position.leaderEpoch.has_value(); });
    if (!known.empty())
        rd_kafka_error_destroy(rd_kafka_seek_partitions(client(), toList(known).get(), 0));
}

void LibrdkafkaConsumer::unassign(const std::vector<TopicPartition> &partitions,
                                  RebalanceProtocol protocol)
{
    std::optional<Error> error;
    if (protocol == RebalanceProtocol::Cooperative) {
        // What was revoked before it was assigned is an error there, and would end nothing.
        std::vector<TopicPartition> ours;
        std::copy_if(partitions.begin(), partitions.end(), std::back_inserter(ours),
                     [this](const auto &partition) { return m_mine.count(partition) != 0; });
        error = taken(rd_kafka_incremental_unassign(client(), toList(ours).get()), m_attempted);
        for (const auto &partition : ours)
            m_mine.erase(partition);
    } else {
        error = errorOf(rd_kafka_assign(client(), nullptr), m_attempted);
        m_mine.clear();
    }
    if (error)
        complain(*error);
}

void LibrdkafkaConsumer::commit(std::uint64_t request, const std::vector<Position> &positions,
                                const std::string &metadata)
{
    const auto code =
        rd_kafka_commit_queue(client(), toList(positions, metadata).get(), m_handle->events.get(),
                              neverCalled, reinterpret_cast<void *>(request));
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
        return;
    consumed::CommitAnswer answer{.request = request,
                                  .parts = {},
                                  .error =
                                      makeError(code, nullptr, attemptedCommit(m_settings.group))};
    for (const auto &position : positions)
        answer.parts.push_back({position, answer.error});
    say(std::move(answer));
}

consumed::CommitAnswer LibrdkafkaConsumer::toAnswer(rd_kafka_event_t *event) const
{
    const auto attempted = attemptedCommit(m_settings.group);
    consumed::CommitAnswer answer;
    // librdkafka's own commits carry the handle's opaque.
    const void *opaque = rd_kafka_event_opaque(event);
    if (opaque != rd_kafka_opaque(client()))
        answer.request = reinterpret_cast<std::uint64_t>(opaque);
    answer.error = errorOf(rd_kafka_event_error(event), attempted);
    answer.parts = toParts(rd_kafka_event_topic_partition_list(event), attempted);
    return answer;
}

std::vector<consumed::PartOfCommit>
LibrdkafkaConsumer::store(const std::vector<Position> &positions, const std::string &metadata)
{
    const auto list = toList(positions, metadata);
    const auto code = rd_kafka_offsets_store(client(), list.get());
    const auto attempted = attemptedCommit(m_settings.group);
    auto parts = toParts(list.get(), attempted);
    // It says which parts are meant, unless it refuses all of them.
    const bool named = std::any_of(parts.begin(), parts.end(),
                                   [](const auto &part) { return part.error.has_value(); });
    for (auto &part : parts) {
        if (part.error && m_mine.count(part.position.partition) == 0)
            part.error = makeError(RD_KAFKA_RESP_ERR__STATE, nullptr, attempted);
        else if (code != RD_KAFKA_RESP_ERR_NO_ERROR && !named)
            part.error = makeError(code, nullptr, attempted);
    }
    return parts;
}

void LibrdkafkaConsumer::pause(const std::vector<TopicPartition> &partitions)
{
    m_paused.insert(partitions.begin(), partitions.end());
    rd_kafka_pause_partitions(client(), toList(partitions).get());
}

void LibrdkafkaConsumer::resume(const std::vector<TopicPartition> &partitions)
{
    for (const auto &partition : partitions)
        m_paused.erase(partition);
    rd_kafka_resume_partitions(client(), toList(partitions).get());
}

/// Without a timeout of its own librdkafka does not wait for its main thread, which does it in the
/// order of the calls; what was fetched before is outdated from now on.
void LibrdkafkaConsumer::seek(const std::vector<Position> &positions, Millis /*timeout*/)
{
    const std::string attempted = "seeking in group " + m_settings.group.value();
    consumed::SeekAnswer answer;
    std::vector<Position> ours;
    for (const auto &position : positions) {
        if (m_mine.count(position.partition) != 0)
            ours.push_back(position);
        else
            answer.parts.push_back(
                {position.partition, makeError(RD_KAFKA_RESP_ERR__STATE, nullptr, attempted)});
    }
    if (!ours.empty()) {
        const auto list = toList(ours);
        const auto all = taken(rd_kafka_seek_partitions(client(), list.get(), 0), attempted);
        for (int i = 0; i < list->cnt; ++i)
            answer.parts.push_back(
                {partitionOf(list->elems[i]), all ? all : errorOf(list->elems[i].err, attempted)});
    }
    std::sort(answer.parts.begin(), answer.parts.end(),
              [](const auto &a, const auto &b) { return a.partition < b.partition; });
    say(std::move(answer));
}

} // namespace redrive::kafka
