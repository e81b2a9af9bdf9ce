#include "core/kafka/convert.h"
#include "core/kafka/errors.h"
#include "core/kafka/leaderless.h"
#include "core/kafka/librdkafkaconsumer.h"
#include "core/kafka/partitionlist.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace redrive::kafka {

namespace {

/// Our own net beneath the library's deadline.
constexpr Millis grace{1000};
/// For requests to a coordinator, where the library must not give up before we do: it aborts the
/// process when the coordinator of a request that it gave up comes back.
constexpr Millis beyondOurs{3'600'000};

constexpr Millis topicsEvery{10'000};
/// librdkafka 2.15.1 keeps a core busy for as long as a request waits for a controller that is
/// down: it waits not long, and ever more seldom.
constexpr Millis topicsPatience{2'000};
constexpr Millis topicsAtMost{80'000};

std::string attemptedBounds()
{
    return "asking for the bounds of the log";
}

std::vector<TopicPartition> partitionsOf(const consumed::StartingPoints &points)
{
    std::vector<TopicPartition> partitions;
    for (const auto &point : points.points)
        partitions.push_back(point.partition);
    return partitions;
}

void addCommits(consumed::StartingPoints &points, const GroupOffsets &offsets)
{
    // A group that has never committed may not exist yet, which is no failure.
    const bool isNew = offsets.error && offsets.error->code == "GROUP_ID_NOT_FOUND";
    std::map<TopicPartition, const CommittedOffset *> committed;
    for (const auto &one : offsets.offsets)
        committed.emplace(one.partition, &one);
    for (auto &point : points.points) {
        if (offsets.error && !isNew)
            point.error = offsets.error;
        const auto found = committed.find(point.partition);
        if (found == committed.end())
            continue;
        point.committed = found->second->offset;
        point.leaderEpoch = found->second->leaderEpoch;
        if (found->second->error)
            point.error = found->second->error;
    }
}

} // namespace

OptionsPtr LibrdkafkaConsumer::ask(rd_kafka_admin_op_t operation, Question question,
                                   Millis libraryTimeout)
{
    OptionsPtr options(rd_kafka_AdminOptions_new(client(), operation));
    const auto bounded = std::clamp(libraryTimeout, Millis(1), beyondOurs);
    rd_kafka_AdminOptions_set_request_timeout(options.get(), static_cast<int>(bounded.count()),
                                              nullptr, 0);
    rd_kafka_AdminOptions_set_opaque(options.get(), reinterpret_cast<void *>(m_nextQuestion));
    m_questions.emplace(m_nextQuestion++, std::move(question));
    return options;
}

void LibrdkafkaConsumer::lookUp(std::vector<TopicPartition> partitions, Millis timeout)
{
    std::sort(partitions.begin(), partitions.end());
    auto points = std::make_shared<consumed::StartingPoints>();
    for (auto &partition : partitions)
        points->points.emplace_back().partition = std::move(partition);
    askFor(std::move(points), timeout);
}

void LibrdkafkaConsumer::askFor(std::shared_ptr<consumed::StartingPoints> points, Millis timeout)
{
    if (points->points.empty()) {
        say(std::move(*points));
        return;
    }
    const auto list = toList(partitionsOf(*points));
    const auto options = ask(RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS,
                             {.about = Question::About::Commits,
                              .points = points,
                              .deadline = monoNow() + timeout,
                              .timeout = timeout},
                             beyondOurs);
    // A transaction that is about to commit these offsets is waited for (KIP-447).
    rd_kafka_error_destroy(rd_kafka_AdminOptions_set_require_stable_offsets(options.get(), 1));
    const GroupOffsetsRequestPtr request(
        rd_kafka_ListConsumerGroupOffsets_new(m_settings.group.value().c_str(), list.get()));
    rd_kafka_ListConsumerGroupOffsets_t *requests[] = {request.get()};
    rd_kafka_ListConsumerGroupOffsets(client(), requests, 1, options.get(), m_handle->events.get());
}

/// After the commits, so that what is committed in between is never beyond the end.
void LibrdkafkaConsumer::askBounds(const Question &question)
{
    const auto partitions = partitionsOf(*question.points);
    struct Bound
    {
        Question::About about;
        std::int64_t spec;
        rd_kafka_IsolationLevel_t isolation;
    };
    constexpr std::array bounds{Bound{Question::About::Start, RD_KAFKA_OFFSET_SPEC_EARLIEST,
                                      RD_KAFKA_ISOLATION_LEVEL_READ_UNCOMMITTED},
                                Bound{Question::About::End, RD_KAFKA_OFFSET_SPEC_LATEST,
                                      RD_KAFKA_ISOLATION_LEVEL_READ_COMMITTED}};
    for (const auto &bound : bounds) {
        const auto options = ask(RD_KAFKA_ADMIN_OP_LISTOFFSETS,
                                 {.about = bound.about,
                                  .points = question.points,
                                  .deadline = monoNow() + question.timeout + grace,
                                  .timeout = question.timeout},
                                 question.timeout);
        rd_kafka_error_destroy(
            rd_kafka_AdminOptions_set_isolation_level(options.get(), bound.isolation));
        rd_kafka_ListOffsets(client(), toList(partitions, bound.spec).get(), options.get(),
                             m_handle->events.get());
    }
}

void LibrdkafkaConsumer::answered(rd_kafka_event_t *event)
{
    const auto found =
        m_questions.find(reinterpret_cast<std::uintptr_t>(rd_kafka_event_opaque(event)));
    if (found == m_questions.end())
        return;
    const Question question = std::move(found->second);
    m_questions.erase(found);
    switch (question.about) {
    case Question::About::Topics: toldTopics(event); return;
    case Question::About::Elsewhere: toldElsewhere(event, question); return;
    case Question::About::Commits:
        addCommits(*question.points, toOffsets(event, m_settings.group, wallNow()));
        askBounds(question);
        return;
    case Question::About::Start:
    case Question::About::End: break;
    }
    const auto table = toOffsetTable(event, partitionsOf(*question.points), attemptedBounds());
    for (auto &point : question.points->points) {
        const auto &answer = table.at(point.partition);
        auto &bound = question.about == Question::About::Start ? point.logStart : point.logEnd;
        bound = answer.offset;
        if (answer.error && !point.error)
            point.error = answer.error;
    }
    settle(question, {});
}

/// The points are complete when nothing more is asked about them.
void LibrdkafkaConsumer::settle(const Question &question, const std::optional<Error> &error)
{
    if (question.about == Question::About::Topics)
        return;
    if (question.about == Question::About::Elsewhere) {
        consumed::StartingPoints unknown{.points = {}, .elsewhere = true};
        unknown.points.emplace_back().error = error;
        say(std::move(unknown));
        return;
    }
    if (error)
        for (auto &point : question.points->points)
            if (!point.error)
                point.error = error;
    const bool open = std::any_of(m_questions.begin(), m_questions.end(), [&](const auto &entry) {
        return entry.second.points == question.points;
    });
    if (!open)
        say(std::move(*question.points));
}

void LibrdkafkaConsumer::giveUpLate(MonoTime now)
{
    for (auto it = m_questions.begin(); it != m_questions.end();) {
        if (it->second.deadline > now) {
            ++it;
            continue;
        }
        const Question late = std::move(it->second);
        it = m_questions.erase(it);
        settle(late,
               timedOut(late.about == Question::About::Commits ? attemptedOffsets(m_settings.group)
                                                               : attemptedBounds()));
    }
}

void LibrdkafkaConsumer::askTopicsWhenDue(MonoTime now)
{
    if (!m_asksForTopics || m_closing || now < m_topicsDue)
        return;
    // Until there is an answer, it is taken to have failed.
    m_topicsPause = std::clamp(m_topicsPause * 2, topicsEvery, topicsAtMost);
    m_topicsDue = now + m_topicsPause;
    askTopics(Question::About::Topics, topicsPatience);
}

void LibrdkafkaConsumer::askTopics(Question::About about, Millis timeout)
{
    std::vector<TopicPartition> first;
    for (const auto &topic : m_settings.topics)
        first.push_back({topic, 0});
    const auto options = ask(RD_KAFKA_ADMIN_OP_DESCRIBETOPICS,
                             {.about = about,
                              .points = nullptr,
                              .deadline = monoNow() + timeout + grace,
                              .timeout = timeout},
                             timeout);
    rd_kafka_DescribeTopics(client(), topicNames(first).get(), options.get(),
                            m_handle->events.get());
}

void LibrdkafkaConsumer::lookUpElsewhere(Millis timeout)
{
    askTopics(Question::About::Elsewhere, timeout);
}

void LibrdkafkaConsumer::toldElsewhere(rd_kafka_event_t *event, const Question &question)
{
    const std::string attempted = "asking for the partitions of the topics";
    if (const auto code = rd_kafka_event_error(event); code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        settle(question, makeError(code, rd_kafka_event_error_string(event), attempted));
        return;
    }
    auto points = std::make_shared<consumed::StartingPoints>();
    points->elsewhere = true;
    std::size_t topicCount = 0;
    const auto *const *topics = rd_kafka_DescribeTopics_result_topics(
        rd_kafka_event_DescribeTopics_result(event), &topicCount);
    for (const auto *topic : std::span(topics, topicCount)) {
        std::size_t count = 0;
        const auto *const *partitions = rd_kafka_TopicDescription_partitions(topic, &count);
        for (const auto *partition : std::span(partitions, count)) {
            TopicPartition one{rd_kafka_TopicDescription_name(topic),
                               rd_kafka_TopicPartitionInfo_partition(partition)};
            if (m_mine.count(one) == 0)
                points->points.emplace_back().partition = std::move(one);
        }
    }
    askFor(std::move(points), question.timeout);
}

/// A topic is complained about once for as long as it is not there.
void LibrdkafkaConsumer::toldTopics(rd_kafka_event_t *event)
{
    if (rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return; // What is wrong then comes as an error event.
    m_topicsPause = Millis(0);
    std::vector<TopicPartition> first;
    for (const auto &topic : m_settings.topics)
        first.push_back({topic, 0});
    for (const auto &[partition, answer] :
         toLeaderless(event, first, "consuming as group " + m_settings.group.value())) {
        const bool closed = answer.error && answer.error->kind == Error::Kind::Authorization;
        const bool gone = answer.error && answer.error->code == "UNKNOWN_TOPIC_OR_PARTITION";
        if (!closed && !gone)
            m_missing.erase(partition.topic);
        else if (m_missing.insert(partition.topic).second)
            complain(*answer.error, partition.topic);
    }
}

} // namespace redrive::kafka
