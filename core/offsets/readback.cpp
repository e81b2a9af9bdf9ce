#include "core/offsets/readback.h"

#include "core/base/text.h"
#include "core/offsets/gather.h"
#include "core/offsets/planfacts.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>

namespace redrive::offsets {

namespace {

using store::JournalOutcome;

constexpr Millis firstPause{100};
constexpr Millis longestPause{2000};
constexpr int leastLooks = 3;

std::string refusalInWords(const Error &error)
{
    std::string text = describe(error);
    if (error.code == "UNKNOWN_MEMBER_ID")
        text += ": somebody joined the group in the meantime";
    return text;
}

/// The rows of one change, and what is known of each.
class Reading
{
public:
    Reading(kafka::GroupAdmin &admin, const GroupId &group, const std::vector<WrittenRow> &rows,
            const ApplyOptions &options, std::stop_token stop)
        : m_admin(admin)
        , m_group(group)
        , m_rows(rows)
        , m_options(options)
        , m_patience(options.readBackPatience, options.clock, std::move(stop))
    {
        m_read.reserve(rows.size());
        for (const WrittenRow &row : rows)
            m_read.push_back(journalRow(row.partition, row.before, row.requested));
    }

    std::vector<store::JournalRow> run()
    {
        Millis wait = firstPause;
        look();
        while (!isSettled() && pause(m_admin, wait, m_patience)) {
            wait = std::min(2 * wait, longestPause);
            look();
        }
        giveUpOnTheRest();
        return std::move(m_read);
    }

private:
    bool isSettled() const
    {
        return std::all_of(m_read.begin(), m_read.end(),
                           [](const store::JournalRow &row) { return row.outcome.has_value(); });
    }

    void look()
    {
        std::optional<GroupOffsets> offsets;
        Gather gather(m_admin);
        m_admin.committedOffsets(m_group, m_options.timeout, gather.into(offsets));
        if (!gather.wait(m_patience))
            return;
        if (offsets->error && offsets->error->code != "GROUP_ID_NOT_FOUND") {
            m_problem = offsets->error;
            return;
        }
        if (m_looks++ == 0)
            m_firstLook = m_patience.now();
        std::map<TopicPartition, const CommittedOffset *> commits;
        for (const CommittedOffset &commit : offsets->offsets)
            commits[commit.partition] = &commit;
        for (std::size_t index = 0; index < m_rows.size(); ++index) {
            if (m_read[index].outcome)
                continue;
            const auto found = commits.find(m_rows[index].partition);
            take(index, found == commits.end() ? nullptr : found->second);
        }
    }

    void take(std::size_t index, const CommittedOffset *commit)
    {
        store::JournalRow &row = m_read[index];
        if (commit != nullptr && commit->error) {
            m_problem = commit->error;
            return;
        }
        const CommitImage now = commit == nullptr ? CommitImage{} : imageOf(*commit);
        row.after = now.offset;
        if (auto verdict = judge(m_rows[index], now, isQuiet())) {
            row.outcome = verdict->outcome;
            row.error = std::move(verdict->error);
        }
    }

    bool isQuiet() const
    {
        return m_looks >= leastLooks &&
               m_patience.now() - m_firstLook >= m_options.readBackPatience / 2;
    }

    void giveUpOnTheRest()
    {
        for (std::size_t index = 0; index < m_rows.size(); ++index) {
            store::JournalRow &row = m_read[index];
            if (row.outcome)
                continue;
            const auto &answered = m_rows[index].error;
            row.outcome = JournalOutcome::Unknown;
            row.error = answered ? describe(*answered) + "; " : std::string();
            *row.error += m_problem ? "it could not be read back: " + describe(*m_problem)
                          : m_looks > 0
                              ? std::string("what was before was still committed when it was last "
                                            "read, and the request may still be on its way")
                              : std::string("it was not read back");
        }
    }

    kafka::GroupAdmin &m_admin;
    const GroupId &m_group;
    const std::vector<WrittenRow> &m_rows;
    const ApplyOptions &m_options;
    Patience m_patience;
    std::vector<store::JournalRow> m_read;
    std::optional<Error> m_problem; ///< of the newest look that had one
    int m_looks = 0;                ///< that were answered
    MonoTime m_firstLook{};
};

} // namespace

bool leavesOpen(const Error &error)
{
    constexpr std::array<std::string_view, 4> open{"NOT_COORDINATOR", "COORDINATOR_NOT_AVAILABLE",
                                                   "REQUEST_TIMED_OUT", "UNKNOWN_SERVER_ERROR"};
    switch (error.kind) {
    case Error::Kind::Timeout:
    case Error::Kind::Transport:
    case Error::Kind::Cancelled:
    case Error::Kind::Internal: return true;
    default: return std::find(open.begin(), open.end(), error.code) != open.end();
    }
}

Answer answerWith(const std::optional<Error> &error)
{
    if (!error)
        return Answer::Done;
    return leavesOpen(*error) ? Answer::Open : Answer::Refused;
}

std::optional<Verdict> judge(const WrittenRow &row, const CommitImage &now, bool quiet)
{
    if (now == row.requested)
        return Verdict{.outcome = JournalOutcome::Confirmed, .error = {}};
    if (row.answer == Answer::Refused)
        return Verdict{.outcome = JournalOutcome::NotApplied,
                       .error =
                           row.error ? std::optional(refusalInWords(*row.error)) : std::nullopt};
    if (now == row.before && row.answer == Answer::Open) {
        if (!quiet)
            return std::nullopt;
        return Verdict{.outcome = JournalOutcome::NotApplied,
                       .error = (row.error ? describe(*row.error) + "; " : std::string()) +
                                inWords(now) + " is still committed"};
    }
    return Verdict{.outcome = JournalOutcome::Unknown,
                   .error = "somebody else committed: " + inWords(now) + " is there, not " +
                            inWords(row.requested)};
}

std::string inWords(const CommitImage &image)
{
    if (!image.offset)
        return "no commit";
    std::string more;
    if (image.leaderEpoch)
        more = "leader epoch " + std::to_string(*image.leaderEpoch);
    if (!image.metadata.empty())
        more += (more.empty() ? "metadata " : ", metadata ") + visible(image.metadata);
    const std::string text = "offset " + std::to_string(image.offset->value());
    return more.empty() ? text : text + " (" + more + ")";
}

CommitImage beforeOf(const store::JournalRow &row)
{
    return {.offset = row.before, .leaderEpoch = row.beforeEpoch, .metadata = row.beforeMetadata};
}

CommitImage requestedOf(const store::JournalRow &row)
{
    return {.offset = row.requested,
            .leaderEpoch = row.requestedEpoch,
            .metadata = row.requestedMetadata};
}

store::JournalRow journalRow(const TopicPartition &partition, const CommitImage &before,
                             const CommitImage &requested)
{
    return {.partition = partition,
            .before = before.offset,
            .requested = requested.offset,
            .after = {},
            .outcome = {},
            .error = {},
            .beforeEpoch = before.leaderEpoch,
            .beforeMetadata = before.metadata,
            .requestedEpoch = requested.leaderEpoch,
            .requestedMetadata = requested.metadata};
}

std::vector<store::JournalRow> readBack(kafka::GroupAdmin &admin, const GroupId &group,
                                        const std::vector<WrittenRow> &rows,
                                        const ApplyOptions &options, std::stop_token stop)
{
    return Reading(admin, group, rows, options, std::move(stop)).run();
}

} // namespace redrive::offsets
