#include "core/offsets/grouplock.h"

#include "core/base/text.h"
#include "core/store/journal.h"

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace redrive::offsets {

namespace {

constexpr std::size_t longestName = 200;
constexpr std::size_t longestHolder = 512;

/// FNV-1a: two long names that share it would only keep each other waiting.
std::string fingerprint(const std::string &text)
{
    constexpr std::uint64_t offsetBasis = 0xcbf29ce484222325U;
    constexpr std::uint64_t prime = 0x100000001b3U;
    constexpr std::string_view digits = "0123456789abcdef";
    std::uint64_t hash = offsetBasis;
    for (const char character : text)
        hash = (hash ^ static_cast<unsigned char>(character)) * prime;
    std::string name;
    for (int shift = 60; shift >= 0; shift -= 4)
        name += digits[(hash >> static_cast<unsigned>(shift)) & 0xFU];
    return name;
}

std::string escaped(const std::string &text)
{
    return store::journalFile({}, text).stem().string();
}

Error notLocked(const GroupId &group, const std::string &why)
{
    return Error{.kind = Error::Kind::Internal,
                 .code = "LOCK_FAILED",
                 .message = why,
                 .attempted = "locking group " + visible(group.value()),
                 .retriable = {}};
}

std::string holderOf(int descriptor)
{
    std::array<char, longestHolder> text{};
    const auto size = ::pread(descriptor, text.data(), text.size(), 0);
    return size > 0 ? visible({text.data(), static_cast<std::size_t>(size)}) : std::string();
}

void writeHolder(int descriptor, const std::string &user, WallTime now)
{
    const std::string text = visible(user).substr(0, longestHolder / 2) + ", process " +
                             std::to_string(::getpid()) + ", since " + toRfc3339(now);
    // A lock without its holder's name still locks.
    if (::ftruncate(descriptor, 0) == 0 && ::pwrite(descriptor, text.data(), text.size(), 0) < 0)
        return;
}

} // namespace

std::filesystem::path lockFile(const std::filesystem::path &directory, const std::string &clusterId,
                               const GroupId &group)
{
    std::string name = escaped(clusterId) + "." + escaped(group.value());
    if (name.size() > longestName)
        name = name.substr(0, longestName) + "." + fingerprint(clusterId + '\n' + group.value());
    return directory / (name + ".lock");
}

Result<GroupLock> GroupLock::take(const std::filesystem::path &directory,
                                  const std::string &clusterId, const GroupId &group,
                                  const std::string &user, WallTime now)
{
    if (directory.empty())
        return GroupLock(-1);
    std::error_code problem;
    if (std::filesystem::create_directories(directory, problem))
        std::filesystem::permissions(directory, std::filesystem::perms::owner_all, problem);
    const auto file = lockFile(directory, clusterId, group);
    GroupLock lock(::open(file.c_str(), O_CREAT | O_CLOEXEC | O_RDWR, 0600));
    if (lock.m_descriptor < 0)
        return notLocked(group, visible(file.string()) + ": " + std::strerror(errno));
    int refused = 0;
    do
        refused = ::flock(lock.m_descriptor, LOCK_EX | LOCK_NB) == 0 ? 0 : errno;
    while (refused == EINTR);
    if (refused == EWOULDBLOCK) {
        const std::string holder = holderOf(lock.m_descriptor);
        return Error{.kind = Error::Kind::Refused,
                     .code = "GROUP_LOCKED",
                     .message = "another Redrive is changing this group" +
                                (holder.empty() ? std::string() : " (" + holder + ")"),
                     .attempted = "locking group " + visible(group.value()),
                     .retriable = true};
    }
    if (refused != 0)
        return notLocked(group, visible(file.string()) + ": " + std::strerror(refused));
    writeHolder(lock.m_descriptor, user, now);
    return lock;
}

GroupLock::~GroupLock()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

GroupLock::GroupLock(GroupLock &&other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1))
{
}

GroupLock &GroupLock::operator=(GroupLock &&other) noexcept
{
    std::swap(m_descriptor, other.m_descriptor);
    return *this;
}

} // namespace redrive::offsets
