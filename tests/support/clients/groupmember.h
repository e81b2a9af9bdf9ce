#pragma once

#include "tests/support/clients/client.h"

#include <atomic>
#include <stop_token>
#include <thread>
#include <vector>

namespace redrive::testclients {

struct MemberOptions
{
    std::string group;
    std::vector<std::string> topics;
    std::string clientId = "member";
    bool kip848 = false;   ///< group.protocol=consumer
    Millis perRecord{0};   ///< what its handler takes
    bool commits = true;   ///< every half second and when it leaves
    Properties properties; ///< on top of what the above says
};

/// A member of a consumer group on a thread of its own: joins, handles records from the earliest
/// on, commits, and leaves when it is destroyed. Thread-safe.
class GroupMember
{
public:
    GroupMember(const std::string &bootstrap, const MemberOptions &options);
    ~GroupMember() = default;
    GroupMember(const GroupMember &) = delete;
    GroupMember &operator=(const GroupMember &) = delete;

    bool commits() const noexcept { return m_commits; }
    std::uint64_t handled() const noexcept { return m_handled; }
    std::vector<TopicPartition> assignment() const; ///< as this member knows it, sorted
    /// Stops handling, but stays in the group (its thread goes on polling with all paused).
    void setPaused(bool paused);
    /// Commits what was handled and waits for the answer.
    void commit();

private:
    void run(const std::stop_token &stop);
    void applyPause(bool paused);

    Millis m_perRecord;
    bool m_commits;
    std::atomic<std::uint64_t> m_handled{0};
    std::atomic<bool> m_paused{false};
    ClientPtr m_client;
    std::jthread m_thread; ///< last: ends before what it uses
};

/// Waits for `duration` or until asked to stop; true when the time is over.
bool pause(const std::stop_token &stop, Millis duration);

} // namespace redrive::testclients
