#pragma once

#include "core/kafka/groupadmin.h"
#include "core/offsets/apply.h"
#include "core/offsets/planner.h"
#include "core/store/journal.h"

#include <QString>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace redrive::testworld {

/// Groups are moved in this process as redrivectl moves them, so that a test can step in at a named
/// place of apply(). Journal and locks are where redrivectl with the same data directory has them.
/// Functions block; what a test only needs throws std::runtime_error when it fails.
class OffsetsDesk
{
public:
    /// With a port, brokers are reached there, whatever they advertise: of a cluster of one node.
    OffsetsDesk(const std::string &bootstrap, const QString &dataHome, int proxyPort = 0);

    offsets::Plan plan(const std::string &group, const std::string &topic,
                       const offsets::Target &target, bool create = false);
    using FailPoint = std::function<void(const char *place)>;
    Result<offsets::Applied> apply(const offsets::Plan &plan, FailPoint failPoint = {});
    /// Commits exactly that, whatever was there.
    void put(const std::string &group, const offsets::CommitTable &commits);
    /// By an undo like any other.
    Result<offsets::Applied> undo(const store::JournalEntry &entry);

    offsets::CommitTable committed(const std::string &group);
    /// The id of the broker that coordinates a group.
    int coordinator(const std::string &group);
    store::Journal &journal() { return *m_journal; }
    store::JournalEntry entry(const std::string &id) const;
    std::vector<store::JournalEntry> entries(const std::string &group) const;
    /// Its rows by what is committed now.
    std::vector<store::JournalRow> settled(const store::JournalEntry &entry);
    std::filesystem::path journalFile() const;

    offsets::ApplyOptions options;

private:
    offsets::Plan makePlan(const offsets::PlanRequest &request);

    std::filesystem::path m_directory;
    kafka::ConnectionSettings m_settings;
    std::unique_ptr<kafka::GroupAdmin> m_admin;
    std::string m_clusterId;
    std::unique_ptr<store::Journal> m_journal;
};

/// What came of the rows of a change, once each, in words: `CONFIRMED`, or `CONFIRMED UNKNOWN`.
std::string outcomesOf(const std::vector<store::JournalRow> &rows);

/// `REFUSED_CODE`, or what came of it with the state: `CONFIRMED, done`.
std::string inWords(const Result<offsets::Applied> &applied);

} // namespace redrive::testworld
