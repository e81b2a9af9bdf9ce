#include "ui/dialogs/sessionformdraft.h"

#include "core/events/handlers/handlers.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace redrive::ui {

namespace {

using consumer::Advice;
using Kind = consumer::CommitStrategy::Kind;

std::string trimmed(std::string_view text)
{
    constexpr std::string_view blanks = " \t\n";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos)
        return {};
    return std::string(text.substr(first, text.find_last_not_of(blanks) - first + 1));
}

std::vector<std::string> listOf(std::string_view text)
{
    std::vector<std::string> names;
    while (true) {
        const auto comma = text.find(',');
        if (auto name = trimmed(text.substr(0, comma));
            !name.empty() && std::ranges::find(names, name) == names.end())
            names.push_back(std::move(name));
        if (comma == std::string_view::npos)
            return names;
        text.remove_prefix(comma + 1);
    }
}

class Reader
{
public:
    explicit Reader(const SessionDraft &draft)
        : m_draft(draft)
    {
    }

    SessionReading all()
    {
        SessionRequest &request = m_reading.request;
        consumer::SessionOptions &options = request.options;
        options.group = GroupId(trimmed(m_draft.group));
        if (options.group.value().empty())
            refuse(consumer::advised::group, "A group is needed.");
        options.topics = listOf(m_draft.topics);
        if (options.topics.empty())
            refuse(consumer::advised::topics, "At least one topic is needed.");
        request.handler = m_draft.handler;
        request.database = trimmed(m_draft.database);
        request.protocol = m_draft.protocol;
        request.dedupe = m_draft.dedupe;
        options.isKip848 = m_draft.protocol == GroupProtocol::Consumer;
        options.reset = m_draft.reset;
        if (auto id = trimmed(m_draft.instanceId); !id.empty())
            options.instanceId = std::move(id);
        readCommit(options);
        options.workers = static_cast<std::size_t>(std::clamp(m_draft.workers, 1, 64));
        options.ordering = m_draft.ordering;
        options.onPoison = m_draft.onPoison;
        readRetries(options);
        readDeadLetters(options);
        readDuration(consumer::advised::drain, m_draft.drain, options.drain);
        readFaults(request);
        // What core itself would refuse, where nothing was found so far.
        if (m_reading.problems.empty()) {
            if (const auto sound = consumer::check(options); !sound)
                refuse(consumer::advised::topics, sound.error().message + ".");
        }
        return std::move(m_reading);
    }

private:
    void refuse(std::string_view field, std::string sentence)
    {
        m_reading.problems.push_back(
            {Advice::Severity::Refusal, std::string(field), std::move(sentence)});
    }

    void readDuration(std::string_view field, const std::string &text, Millis &into)
    {
        const auto duration = parseDuration(trimmed(text));
        if (!duration)
            refuse(field, duration.error().message + " (such as 250ms, 10s or 2m)");
        else if (*duration <= Millis(0))
            refuse(field, "It has to be more than 0.");
        else
            into = *duration;
    }

    void readCommit(consumer::SessionOptions &options)
    {
        options.commit.kind = m_draft.commit;
        if (m_draft.commit == Kind::Every)
            readDuration(consumer::advised::commit, m_draft.commitInterval,
                         options.commit.interval);
        if (m_draft.commit == Kind::Batch) {
            const auto strategy =
                consumer::parseCommitStrategy("batch:" + trimmed(m_draft.commitBatch));
            if (!strategy)
                refuse(consumer::advised::commit,
                       "After how many records is a whole number from 1.");
            else
                options.commit = *strategy;
        }
    }

    void readRetries(consumer::SessionOptions &options)
    {
        options.retry.retries = static_cast<std::size_t>(std::max(0, m_draft.retries));
        if (options.retry.retries == 0)
            return;
        readDuration(consumer::advised::retries, m_draft.backOff, options.retry.base);
        readDuration(consumer::advised::retries, m_draft.backOffCap, options.retry.cap);
        if (options.retry.base > options.retry.cap)
            refuse(consumer::advised::retries, "The first wait cannot be longer than the longest.");
    }

    void readDeadLetters(consumer::SessionOptions &options)
    {
        using Letters = SessionDraft::DeadLetters;
        options.dlqSuffix.reset();
        options.dlqTopic.reset();
        if (m_draft.onPoison != consumer::OnPoison::DeadLetter ||
            m_draft.deadLetters == Letters::None)
            return;
        const bool bySuffix = m_draft.deadLetters == Letters::Suffix;
        std::string name = trimmed(bySuffix ? m_draft.deadLetterSuffix : m_draft.deadLetterTopic);
        if (name.empty())
            refuse(consumer::advised::deadLetters,
                   bySuffix ? "A suffix is needed, such as .dlq." : "A topic is needed.");
        else
            (bySuffix ? options.dlqSuffix : options.dlqTopic) = std::move(name);
    }

    void readFaults(SessionRequest &request)
    {
        const std::string text = trimmed(m_draft.faults);
        if (text.empty())
            return;
        const auto faults = events::parseFaults(text);
        if (!faults)
            refuse(consumer::advised::faults, faults.error().message + ".");
        else
            request.faults = *faults;
    }

    const SessionDraft &m_draft;
    SessionReading m_reading;
};

} // namespace

SessionReading read(const SessionDraft &draft)
{
    return Reader(draft).all();
}

consumer::AdviceFacts factsOf(const SessionRequest &request, const kafka::AccessPolicy &policy,
                              const workspace::ClusterSnapshot &cluster,
                              const std::vector<const SessionEntry *> &sessions)
{
    consumer::AdviceFacts facts;
    facts.policy = policy;
    if (const auto *kind = events::findHandlerKind(request.handler)) {
        facts.needsDatabase = kind->needsDatabase;
        facts.hasEffects = kind->needsDatabase || kind->needsWriter;
    }
    facts.hasDatabase = !request.database.empty();
    facts.deduplicates = request.dedupe != events::Dedupe::None;
    facts.recordTime = request.faults.delay;
    facts.anyFault = request.faults.any();
    facts.crashes = request.faults.crash.has_value();
    facts.isCooperative = request.protocol == GroupProtocol::CooperativeSticky;

    const GroupId &group = request.options.group;
    for (const SessionEntry *entry : sessions) {
        if (!entry->isAlive() || entry->request.options.group != group)
            continue;
        if (entry->snapshot && entry->snapshot->joinedAt)
            ++facts.ownMembers;
        if (entry->request.options.instanceId)
            facts.ownInstanceIds.insert(*entry->request.options.instanceId);
        // What its handler was seen to take, where that is the same handler.
        if (!facts.recordTime && entry->request.handler == request.handler && entry->snapshot &&
            entry->snapshot->latency.p99)
            facts.recordTime = Millis(static_cast<Millis::rep>(*entry->snapshot->latency.p99));
    }
    if (cluster.focus && cluster.focus->listing.id == group && !cluster.focus->description.error)
        facts.group = cluster.focus->description;
    if (cluster.groups) {
        const auto known = std::ranges::find(
            *cluster.groups, group, [](const GroupSummary &summary) { return summary.listing.id; });
        if (known != cluster.groups->end())
            facts.groupTopics.insert(known->topics.begin(), known->topics.end());
    }
    if (cluster.topics) {
        facts.topics.emplace();
        std::size_t partitions = 0;
        bool allKnown = !request.options.topics.empty();
        for (const workspace::TopicRow &row : *cluster.topics)
            facts.topics->insert(row.info.name);
        for (const std::string &topic : request.options.topics) {
            const auto row =
                std::ranges::find(*cluster.topics, topic,
                                  [](const workspace::TopicRow &each) { return each.info.name; });
            allKnown = allKnown && row != cluster.topics->end() && !row->info.partitions.empty();
            if (row != cluster.topics->end())
                partitions += row->info.partitions.size();
        }
        if (allKnown)
            facts.partitions = partitions;
    }
    return facts;
}

std::vector<Advice> adviseOn(const SessionReading &reading, const consumer::AdviceFacts &facts)
{
    std::vector<Advice> all = reading.problems;
    for (Advice &advice : consumer::advise(reading.request.options, facts)) {
        const bool isSaid = std::ranges::any_of(
            reading.problems, [&](const Advice &problem) { return problem.field == advice.field; });
        if (!isSaid)
            all.push_back(std::move(advice));
    }
    return all;
}

} // namespace redrive::ui
