#include "core/monitor/survey.h"

#include "core/monitor/fetch.h"
#include "core/monitor/lag.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <unordered_set>
#include <utility>

namespace redrive::monitor {

namespace {

/// Where the groups that can be asked about stand among all.
struct Askable
{
    std::vector<std::size_t> indices;
    std::vector<GroupId> ids;

    explicit Askable(const std::vector<GroupListing> &groups)
    {
        for (std::size_t i = 0; i < groups.size(); ++i) {
            if (groups[i].error)
                continue;
            indices.push_back(i);
            ids.push_back(groups[i].id);
        }
    }
};

constexpr std::chrono::seconds tailsPause{30};

/// Those that cannot be asked about count as answered from the beginning.
std::function<void(std::size_t)> shifted(std::function<void(std::size_t)> progress, std::size_t by)
{
    if (!progress)
        return {};
    return [progress = std::move(progress), by](std::size_t count) { progress(count + by); };
}

void addCommitted(std::set<TopicPartition> &partitions, const GroupOffsets &commits)
{
    for (const CommittedOffset &commit : commits.offsets)
        partitions.insert(commit.partition);
}

void addOwned(std::set<TopicPartition> &partitions, const GroupDescription &description)
{
    for (const GroupMember &member : description.members) {
        partitions.insert(member.assignment.begin(), member.assignment.end());
        if (member.target)
            partitions.insert(member.target->begin(), member.target->end());
    }
}

class DetailSurvey : public std::enable_shared_from_this<DetailSurvey>
{
public:
    DetailSurvey(kafka::ClusterClient &client, std::vector<GroupListing> groups,
                 SurveyOptions options, std::function<void(std::vector<GroupDetail>)> done)
        : m_client(client)
        , m_listings(std::move(groups))
        , m_descriptions(m_listings.size())
        , m_commits(m_listings.size())
        , m_options(std::move(options))
        , m_done(std::move(done))
    {
        for (std::size_t i = 0; i < m_listings.size(); ++i)
            m_descriptions[i].id = m_commits[i].id = m_listings[i].id;
    }

    void start(std::function<void(std::size_t)> progress)
    {
        const Askable askable(m_listings);
        m_missing = 2;
        fetchDescriptions(m_client, askable.ids, m_options,
                          [self = shared_from_this(), indices = askable.indices](auto answers) {
                              for (std::size_t i = 0; i < indices.size(); ++i)
                                  self->m_descriptions[indices[i]] = std::move(answers[i]);
                              self->countDown();
                          });
        fetchCommits(m_client, askable.ids, m_options,
                     shifted(std::move(progress), m_listings.size() - askable.ids.size()),
                     [self = shared_from_this(), indices = askable.indices](auto answers) {
                         for (std::size_t i = 0; i < indices.size(); ++i)
                             self->m_commits[indices[i]] = std::move(answers[i]);
                         self->countDown();
                     });
    }

private:
    void countDown()
    {
        if (--m_missing > 0)
            return;
        std::set<TopicPartition> partitions;
        for (std::size_t i = 0; i < m_listings.size(); ++i) {
            addCommitted(partitions, m_commits[i]);
            addOwned(partitions, m_descriptions[i]);
        }
        if (partitions.empty()) {
            finish();
            return;
        }
        fetchBounds(m_client, partitions, m_options, [self = shared_from_this()](LogBounds bounds) {
            self->m_bounds = std::move(bounds);
            self->readTails();
        });
    }

    /// Groups share the reads: one tail a partition, the partitions with the smallest lags first.
    void readTails()
    {
        m_details.reserve(m_listings.size());
        std::map<TopicPartition, std::int64_t> lags;
        for (std::size_t i = 0; i < m_listings.size(); ++i) {
            m_details.push_back(detail(i));
            const auto &rows = m_details.back().partitions;
            for (const TopicPartition &suspect : suspects(rows)) {
                const auto row = std::lower_bound(
                    rows.begin(), rows.end(), suspect,
                    [](const PartitionLag &each, const auto &key) { return each.partition < key; });
                const auto [entry, isNew] = lags.try_emplace(suspect, *row->lag);
                if (!isNew)
                    entry->second = std::min(entry->second, *row->lag);
                m_suspicious.insert(i);
            }
        }
        takeKnownTails(lags);
        auto queries = tailQueries(lags);
        if (queries.empty() || (m_options.tails && monoNow() < m_options.tails->notBefore)) {
            takeTails({});
            return;
        }
        const std::size_t asked = queries.size();
        m_client.readTails(std::move(queries), m_options.tailTimeout,
                           [self = shared_from_this(), asked](TailTable tails) {
                               if (self->m_options.tails && tails.size() < asked)
                                   self->m_options.tails->notBefore = monoNow() + tailsPause;
                               self->takeTails(std::move(tails));
                           });
    }

    /// Leaves in `lags` what has to be read.
    void takeKnownTails(std::map<TopicPartition, std::int64_t> &lags)
    {
        if (!m_options.tails)
            return;
        TailCache used{.entries = {}, .notBefore = m_options.tails->notBefore};
        for (const auto &[partition, entry] : m_options.tails->entries) {
            if (lags.contains(partition) && m_bounds.end.at(partition).offset == entry.end) {
                m_bounds.tail.emplace(partition, entry.answer);
                used.entries.emplace(partition, entry);
                lags.erase(partition);
            }
        }
        *m_options.tails = std::move(used);
    }

    void takeTails(TailTable tails)
    {
        if (m_options.tails) {
            for (const auto &[partition, answer] : tails)
                m_options.tails->entries[partition] = {.end = *m_bounds.end.at(partition).offset,
                                                       .answer = answer};
        }
        m_bounds.tail.merge(tails);
        if (!m_bounds.tail.empty()) {
            for (const std::size_t i : m_suspicious)
                m_details[i] = detail(i);
        }
        m_done(std::move(m_details));
    }

    std::vector<kafka::TailQuery>
    tailQueries(const std::map<TopicPartition, std::int64_t> &lags) const
    {
        std::vector<std::pair<std::int64_t, TopicPartition>> nearest;
        nearest.reserve(lags.size());
        for (const auto &[partition, lag] : lags)
            nearest.emplace_back(lag, partition);
        std::sort(nearest.begin(), nearest.end());
        nearest.resize(std::min(nearest.size(), m_options.tailBudget));
        std::vector<kafka::TailQuery> queries;
        queries.reserve(nearest.size());
        for (const auto &[lag, partition] : nearest) {
            const std::int64_t start = m_bounds.start.at(partition).offset->value();
            const Offset end = *m_bounds.end.at(partition).offset;
            queries.push_back({.partition = partition,
                               .from = Offset(std::max(start, end.value() - markerWindow)),
                               .end = end});
        }
        return queries;
    }

    void finish()
    {
        for (std::size_t i = 0; i < m_listings.size(); ++i)
            m_details.push_back(detail(i));
        m_done(std::move(m_details));
    }

    GroupDetail detail(std::size_t i) const
    {
        return groupDetail(m_listings[i], m_descriptions[i], m_commits[i], m_bounds);
    }

    kafka::ClusterClient &m_client;
    std::vector<GroupListing> m_listings;
    std::vector<GroupDescription> m_descriptions;
    std::vector<GroupOffsets> m_commits;
    LogBounds m_bounds;
    std::vector<GroupDetail> m_details;
    std::set<std::size_t> m_suspicious; ///< groups whose rows a tail may complete
    int m_missing = 0;
    SurveyOptions m_options;
    std::function<void(std::vector<GroupDetail>)> m_done;
};

std::vector<GroupSummary> summaries(const std::vector<GroupListing> &groups,
                                    const std::vector<GroupOffsets> &commits,
                                    const OffsetTable &ends)
{
    std::vector<GroupSummary> result;
    result.reserve(groups.size());
    for (std::size_t i = 0, asked = 0; i < groups.size(); ++i) {
        if (groups[i].error) {
            result.emplace_back();
            result.back().listing = groups[i];
        } else {
            result.push_back(groupSummary(groups[i], commits[asked++], ends));
        }
    }
    return result;
}

} // namespace

void surveyLag(kafka::ClusterClient &client, std::vector<GroupListing> groups,
               const SurveyOptions &options, std::function<void(std::size_t)> progress,
               std::function<void(std::vector<GroupSummary>)> done)
{
    struct State
    {
        std::vector<GroupListing> groups;
        std::vector<GroupOffsets> commits;
        std::function<void(std::vector<GroupSummary>)> done;
        void finish(const OffsetTable &ends) const { done(summaries(groups, commits, ends)); }
    };
    const Askable askable(groups);
    auto heard = shifted(std::move(progress), groups.size() - askable.ids.size());
    const auto state = std::make_shared<State>(State{std::move(groups), {}, std::move(done)});
    fetchCommits(client, askable.ids, options, std::move(heard),
                 [&client, state, options](std::vector<GroupOffsets> commits) {
                     state->commits = std::move(commits);
                     std::set<TopicPartition> partitions;
                     for (const GroupOffsets &each : state->commits)
                         addCommitted(partitions, each);
                     if (partitions.empty())
                         state->finish({});
                     else
                         fetchEnds(client, partitions, options,
                                   [state](const OffsetTable &ends) { state->finish(ends); });
                 });
}

void surveyDetail(kafka::ClusterClient &client, std::vector<GroupListing> groups,
                  const SurveyOptions &options, std::function<void(std::size_t)> progress,
                  std::function<void(std::vector<GroupDetail>)> done)
{
    std::make_shared<DetailSurvey>(client, std::move(groups), options, std::move(done))
        ->start(std::move(progress));
}

std::vector<GroupListing> mergeListings(std::vector<GroupListing> listed,
                                        const std::vector<GroupListing> &others)
{
    std::unordered_set<GroupId> known;
    for (const GroupListing &each : listed)
        known.insert(each.id);
    std::copy_if(others.begin(), others.end(), std::back_inserter(listed),
                 [&](const GroupListing &each) { return known.insert(each.id).second; });
    std::sort(listed.begin(), listed.end(),
              [](const GroupListing &a, const GroupListing &b) { return a.id < b.id; });
    return listed;
}

void surveyListing(kafka::ClusterClient &client, const SurveyOptions &options,
                   std::function<void(Result<kafka::GroupListings>)> done)
{
    client.listGroups(options.timeout, [&client, timeout = options.timeout, done = std::move(done)](
                                           Result<kafka::GroupListings> answer) {
        if (!answer) {
            done(std::move(answer));
            return;
        }
        const auto listed = std::make_shared<kafka::GroupListings>(std::move(answer).value());
        std::vector<GroupId> known;
        known.reserve(listed->groups.size());
        for (const GroupListing &each : listed->groups)
            known.push_back(each.id);
        client.listUndescribable(
            std::move(known), timeout, [listed, done](const Result<kafka::GroupListings> &others) {
                if (others) {
                    listed->groups = mergeListings(std::move(listed->groups), others->groups);
                    listed->errors.insert(listed->errors.end(), others->errors.begin(),
                                          others->errors.end());
                } else {
                    listed->errors.push_back(others.error());
                }
                done(std::move(*listed));
            });
    });
}

} // namespace redrive::monitor
