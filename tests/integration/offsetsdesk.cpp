#include "tests/integration/offsetsdesk.h"

#include "core/kafka/guard.h"
#include "core/offsets/gather.h"
#include "core/offsets/planfacts.h"

#include <set>
#include <stdexcept>
#include <utility>

namespace redrive::testworld {

namespace {

template <typename T>
T must(Result<T> result)
{
    if (!result)
        throw std::runtime_error(describe(result.error()));
    return std::move(*result);
}

kafka::ConnectionSettings settingsFor(const std::string &bootstrap, int proxyPort)
{
    kafka::ConnectionSettings settings{.bootstrap = bootstrap, .properties = {}, .addressMap = {}};
    if (proxyPort != 0)
        settings.addressMap.push_back(
            {.advertised = bootstrap, .target = "127.0.0.1:" + std::to_string(proxyPort)});
    return settings;
}

} // namespace

OffsetsDesk::OffsetsDesk(const std::string &bootstrap, const QString &dataHome, int proxyPort)
    : m_directory((dataHome + "/redrive").toStdString())
    , m_settings(settingsFor(bootstrap, proxyPort))
    , m_admin(must(kafka::openGroupAdmin(m_settings)))
{
    std::optional<Result<ClusterInfo>> info;
    offsets::Gather gather(*m_admin);
    m_admin->describeCluster(Millis(20'000), gather.into(info));
    gather.wait(std::stop_token());
    m_clusterId = must(*info).clusterId;
    m_journal = must(store::Journal::open(journalFile()));
    options.user = "ann";
    options.lockDirectory = m_directory;
}

std::filesystem::path OffsetsDesk::journalFile() const
{
    return store::journalFile(m_directory, m_clusterId);
}

offsets::Plan OffsetsDesk::makePlan(const offsets::PlanRequest &request)
{
    offsets::ReadOptions reading;
    reading.mostGlances = 0;
    m_admin->prepareChange(request.group, reading.timeout);
    return must(offsets::plan(*m_admin, request, reading, {}));
}

offsets::Plan OffsetsDesk::plan(const std::string &group, const std::string &topic,
                                const offsets::Target &target, bool create)
{
    offsets::PlanRequest request{.group = GroupId(group),
                                 .scope = offsets::toScope({must(offsets::parseTopicScope(topic))}),
                                 .target = target,
                                 .spec = {},
                                 .create = create};
    return makePlan(request);
}

Result<offsets::Applied> OffsetsDesk::apply(const offsets::Plan &plan, FailPoint failPoint)
{
    const kafka::WriteGuard guard({.mode = kafka::AccessMode::Free, .production = false});
    const auto permit =
        guard.authorise({.action = plan.action + " offsets", .target = plan.group.value()},
                        {.yes = true, .typedName = {}});
    offsets::ApplyOptions how = options;
    how.failPoint = std::move(failPoint);
    return offsets::apply(*m_admin, plan, *m_journal, must(permit), how, {});
}

void OffsetsDesk::put(const std::string &group, const offsets::CommitTable &commits)
{
    offsets::PlanRequest request{
        .group = GroupId(group),
        .scope = {},
        .target = offsets::to::Table{.commits = commits, .clusterId = m_clusterId},
        .spec = "what there is before",
        .create = true};
    std::set<std::string> topics;
    for (const auto &[partition, image] : commits)
        topics.insert(partition.topic);
    for (const std::string &topic : topics)
        request.scope.topics.push_back({.topic = topic, .partitions = {}});
    const auto applied = must(apply(makePlan(request)));
    if (applied.state != store::JournalState::Done)
        throw std::runtime_error("group " + group + " is not where the test wants it");
}

Result<offsets::Applied> OffsetsDesk::undo(const store::JournalEntry &entry)
{
    return apply(makePlan(must(offsets::undoOf(entry))));
}

offsets::CommitTable OffsetsDesk::committed(const std::string &group)
{
    std::optional<GroupOffsets> answer;
    offsets::Gather gather(*m_admin);
    m_admin->committedOffsets(GroupId(group), Millis(20'000), gather.into(answer));
    gather.wait(std::stop_token());
    if (answer->error)
        throw std::runtime_error(describe(*answer->error));
    offsets::CommitTable table;
    for (const CommittedOffset &commit : answer->offsets) {
        if (commit.error)
            throw std::runtime_error(describe(*commit.error));
        if (commit.offset)
            table[commit.partition] = offsets::imageOf(commit);
    }
    return table;
}

int OffsetsDesk::coordinator(const std::string &group)
{
    std::vector<GroupDescription> groups;
    offsets::Gather gather(*m_admin);
    m_admin->describeGroups({GroupId(group)}, Millis(20'000), gather.into(groups));
    gather.wait(std::stop_token());
    if (groups.size() != 1 || !groups.front().coordinator)
        throw std::runtime_error("who coordinates " + group + " is not known");
    return groups.front().coordinator->id;
}

store::JournalEntry OffsetsDesk::entry(const std::string &id) const
{
    auto found = must(m_journal->entry(id));
    if (!found)
        throw std::runtime_error("there is no entry " + id);
    return std::move(*found);
}

std::vector<store::JournalEntry> OffsetsDesk::entries(const std::string &group) const
{
    return must(m_journal->entries(GroupId(group)));
}

std::vector<store::JournalRow> OffsetsDesk::settled(const store::JournalEntry &entry)
{
    std::optional<GroupOffsets> answer;
    offsets::Gather gather(*m_admin);
    m_admin->committedOffsets(entry.group, Millis(20'000), gather.into(answer));
    gather.wait(std::stop_token());
    return offsets::settle(entry, *answer);
}

std::string outcomesOf(const std::vector<store::JournalRow> &rows)
{
    std::set<std::string> words;
    for (const store::JournalRow &row : rows)
        words.emplace(row.outcome ? name(*row.outcome) : "none");
    std::string text;
    for (const std::string &word : words)
        text += (text.empty() ? "" : " ") + word;
    return text;
}

std::string inWords(const Result<offsets::Applied> &applied)
{
    if (!applied)
        return applied.error().code;
    return outcomesOf(applied->rows) + ", " + std::string(name(applied->state));
}

} // namespace redrive::testworld
