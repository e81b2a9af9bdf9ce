#pragma once

#include "core/base/error.h"
#include "core/base/ids.h"
#include "core/base/time.h"

#include <filesystem>
#include <string>

namespace redrive::offsets {

/// Keeps other Redrives on this machine away from a group while it is changed. An flock(2), so that
/// it ends with its process however that ends; the file stays, since to remove one that others may
/// have open would let two of them in. Across machines Kafka has no such thing.
class GroupLock
{
public:
    /// Does not wait: GROUP_LOCKED names who has it. An empty directory gives a lock on nothing.
    static Result<GroupLock> take(const std::filesystem::path &directory,
                                  const std::string &clusterId, const GroupId &group,
                                  const std::string &user, WallTime now);
    ~GroupLock();
    GroupLock(GroupLock &&other) noexcept;
    GroupLock &operator=(GroupLock &&other) noexcept;
    GroupLock(const GroupLock &) = delete;
    GroupLock &operator=(const GroupLock &) = delete;

private:
    explicit GroupLock(int descriptor)
        : m_descriptor(descriptor)
    {
    }
    int m_descriptor = -1;
};

/// Where the lock of a group is: named after both, escaped, and cut where that would be too long
/// for a file system.
std::filesystem::path lockFile(const std::filesystem::path &directory, const std::string &clusterId,
                               const GroupId &group);

} // namespace redrive::offsets
