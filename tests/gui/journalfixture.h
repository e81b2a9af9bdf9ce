#pragma once

#include "groupsfixture.h"
#include "ui/bridge/journalreader.h"

#include <condition_variable>
#include <mutex>

namespace redrive::test {

/// A journal in memory, which answers what a test gives it. Shared between the test and the window;
/// thread-safe.
class TwinReader final : public ui::JournalReader
{
public:
    Result<std::shared_ptr<const ui::JournalReading>> read(const std::string &clusterId,
                                                           const std::string &mark) override
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return !m_holds; });
        m_asked.push_back(clusterId);
        if (m_problem)
            return *m_problem;
        if (m_reading->mark == mark)
            return std::shared_ptr<const ui::JournalReading>();
        return m_reading;
    }
    Result<store::AuditCheck> verify(const std::string &) override
    {
        const std::scoped_lock lock(m_mutex);
        if (m_problem)
            return *m_problem;
        return check;
    }
    Result<std::int64_t> exportAudit(const std::string &,
                                     const std::filesystem::path &file) override
    {
        const std::scoped_lock lock(m_mutex);
        if (m_problem)
            return *m_problem;
        exported.push_back(file.string());
        return check.lines;
    }

    void give(std::vector<store::JournalEntry> entries, bool hasMore = false)
    {
        auto reading = std::make_shared<ui::JournalReading>();
        reading->exists = true;
        reading->entries = std::move(entries);
        reading->hasMore = hasMore;
        const std::scoped_lock lock(m_mutex);
        reading->mark = std::to_string(++m_given);
        m_reading = std::move(reading);
        m_problem.reset();
    }
    void fail(const Error &error)
    {
        const std::scoped_lock lock(m_mutex);
        m_problem = error;
    }
    void hold(bool holds)
    {
        const std::scoped_lock lock(m_mutex);
        m_holds = holds;
        m_changed.notify_all();
    }
    std::vector<std::string> asked() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_asked;
    }

    store::AuditCheck check{.lines = 42, .brokenAt = {}}; ///< set before it is asked for
    std::vector<std::string> exported;                    ///< read after it was answered

private:
    mutable std::mutex m_mutex; ///< guards all below
    std::condition_variable m_changed;
    std::shared_ptr<const ui::JournalReading> m_reading =
        std::make_shared<const ui::JournalReading>(
            ui::JournalReading{.mark = "none", .exists = false, .entries = {}, .hasMore = false});
    std::optional<Error> m_problem;
    std::vector<std::string> m_asked;
    int m_given = 0;
    bool m_holds = false;
};

inline store::JournalRow journalRow(const std::string &topic, std::int32_t partition,
                                    std::optional<std::int64_t> before,
                                    std::optional<std::int64_t> requested,
                                    std::optional<store::JournalOutcome> outcome)
{
    const auto offset = [](const std::optional<std::int64_t> &value) {
        return value ? std::optional(Offset(*value)) : std::nullopt;
    };
    store::JournalRow row;
    row.partition = {topic, partition};
    row.before = offset(before);
    row.requested = offset(requested);
    row.outcome = outcome;
    if (outcome == store::JournalOutcome::Confirmed)
        row.after = row.requested;
    else if (outcome == store::JournalOutcome::NotApplied)
        row.after = row.before;
    return row;
}

inline store::JournalEntry journalEntry(const std::string &id, const std::string &group,
                                        const std::string &action, store::JournalState state,
                                        std::vector<store::JournalRow> rows)
{
    store::JournalEntry entry;
    entry.id = id;
    entry.time = noon();
    entry.user = "anna";
    entry.group = GroupId(group);
    entry.action = action;
    entry.state = state;
    entry.rows = std::move(rows);
    return entry;
}

/// A day of changes, newest first: one of each kind.
inline std::vector<store::JournalEntry> storyJournal(WallTime now)
{
    using store::JournalOutcome;
    using store::JournalState;
    const auto row = journalRow;
    const auto confirmed = JournalOutcome::Confirmed;
    std::vector<store::JournalEntry> story;
    story.push_back(journalEntry("j19", "billing", "reset", JournalState::Begun,
                                 {row("orders", 0, 18'220, 12'001, {})}));
    story.push_back(journalEntry("j18", "billing", "undo", JournalState::Done,
                                 {row("orders", 0, 12'001, 18'220, confirmed),
                                  row("orders", 1, 11'840, 17'990, confirmed)}));
    story.push_back(journalEntry("j17", "billing", "reset", JournalState::Partial,
                                 {row("orders", 0, 18'220, 12'001, confirmed),
                                  row("orders", 1, 17'990, 11'840, confirmed),
                                  row("orders", 2, 18'402, 12'377, JournalOutcome::NotApplied),
                                  row("orders", 3, 36'622, 30'114, JournalOutcome::Unknown),
                                  row("payments", 0, std::nullopt, 4'200, confirmed)}));
    story.push_back(journalEntry("j16", "search-indexer", "session skip", JournalState::Asked,
                                 {row("orders", 3, 18'220, 18'221, {})}));
    story.push_back(
        journalEntry("j15", "audit", "reset", JournalState::Begun,
                     {row("task-events", 0, 9'120, 0, {}), row("task-events", 1, 8'871, 0, {})}));
    story.push_back(journalEntry("j14", "legacy", "delete", JournalState::Done,
                                 {row("orders", 0, 17, std::nullopt, confirmed)}));
    story.push_back(journalEntry("j13", "audit", "reset", JournalState::Failed,
                                 {row("task-events", 0, 9'120, 0, JournalOutcome::NotApplied)}));
    story[0].time = now - Millis(4'000);
    story[0].reason = "INC-4712: the fix for duplicate invoices is out";
    story[1].time = now - Millis(900'000);
    story[1].reason = "INC-4711: wrong time, back again";
    story[1].plan = "sha256:7c1f0a7be2d94e4ab1d5f2f9c0a9e1b7d6c5a4f3e2d1c0b9a8f7e6d5c4b3a291";
    story[2].time = now - Millis(1'260'000);
    story[2].reason = "INC-4711: process the morning's orders again";
    story[2].plan = "sha256:3fd1c93a2b7e6d5c4b3a2910f7e6d5c4b3a29180f7e6d5c4b3a29180f7e6d5c4";
    story[2].rows[2].error = "committing offsets of billing: Broker: Group authorization failed "
                             "(GROUP_AUTHORIZATION_FAILED)";
    story[2].rows[3].error = "reading back: Local: Timed out (_TIMED_OUT)";
    story[2].rows[0].beforeEpoch = 7;
    story[2].rows[0].beforeMetadata = "by consumer-1";
    story[3].time = now - Millis(7'300'000);
    story[4].time = now - Millis(86'400'000);
    story[4].user = "deploy-bot";
    story[4].reason = "rebuild of the projection";
    story[5].time = now - Millis(90'000'000);
    story[5].reason = "no longer used";
    story[6].time = now - Millis(180'000'000);
    story[6].user = "deploy-bot";
    story[6].rows[0].error = "committing offsets of audit: Broker: Unknown member";
    return story;
}

} // namespace redrive::test
