#include "core/workspace/safefile.h"

#include "core/base/text.h"
#include "core/base/time.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace redrive::workspace {

namespace {

constexpr std::size_t largestFile = 4U << 20U;
constexpr int mostLinks = 40;
constexpr mode_t ownerOnly = 0600;

Error fault(const char *what, const std::filesystem::path &file, const std::string &why)
{
    return Error{.kind = Error::Kind::Config,
                 .code = "FILE_ERROR",
                 .message = why,
                 .attempted = std::string(what) + " " + visible(file.string()),
                 .retriable = {}};
}

Error systemFault(const char *what, const std::filesystem::path &file, int number)
{
    return fault(what, file, std::generic_category().message(number));
}

class Descriptor
{
public:
    explicit Descriptor(int number)
        : m_number(number)
    {
    }
    ~Descriptor()
    {
        if (m_number >= 0)
            ::close(m_number);
    }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;

    bool isOpen() const { return m_number >= 0; }
    int number() const { return m_number; }
    int release() { return std::exchange(m_number, -1); }

private:
    int m_number;
};

Result<void> makeDirectories(const std::filesystem::path &directory)
{
    if (directory.empty() || ::mkdir(directory.c_str(), 0700) == 0 || errno == EEXIST)
        return {};
    if (errno == ENOENT && directory.has_parent_path() && directory != directory.parent_path()) {
        if (auto made = makeDirectories(directory.parent_path()); !made)
            return made;
        if (::mkdir(directory.c_str(), 0700) == 0 || errno == EEXIST)
            return {};
    }
    return systemFault("creating the directory", directory, errno);
}

bool writeAll(int descriptor, std::string_view text)
{
    while (!text.empty()) {
        const auto written = ::write(descriptor, text.data(), text.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

} // namespace

Result<std::filesystem::path> followLinks(std::filesystem::path file)
{
    std::error_code problem;
    for (int i = 0; i < mostLinks; ++i) {
        if (!std::filesystem::is_symlink(file, problem))
            return file;
        const auto target = std::filesystem::read_symlink(file, problem);
        if (problem)
            return fault("following the link", file, problem.message());
        file = file.parent_path() / target;
    }
    return fault("following the link", file, "it leads in circles");
}

Result<std::optional<std::string>> readSmallFile(const std::filesystem::path &file)
{
    constexpr const char *reading = "reading";
    // Non-blocking, so that a pipe put there does not hold anybody up.
    const Descriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!in.isOpen()) {
        if (errno == ENOENT)
            return std::optional<std::string>();
        return systemFault(reading, file, errno);
    }
    struct stat about
    {
    };
    if (::fstat(in.number(), &about) != 0)
        return systemFault(reading, file, errno);
    if (!S_ISREG(about.st_mode))
        return fault(reading, file, "it is not a plain file");

    std::string text;
    std::array<char, 65536> buffer{};
    for (;;) {
        const auto got = ::read(in.number(), buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return systemFault(reading, file, errno);
        if (got == 0)
            return std::optional(std::move(text));
        text.append(buffer.data(), static_cast<std::size_t>(got));
        if (text.size() > largestFile)
            return fault(reading, file, "it is larger than 4 MiB");
    }
}

Result<void> replaceFile(const std::filesystem::path &file, std::string_view text)
{
    constexpr const char *writing = "writing";
    const auto directory = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    if (auto made = makeDirectories(directory); !made)
        return made;
    std::string temporary = file.string() + ".XXXXXX";
    Descriptor out(::mkostemp(temporary.data(), O_CLOEXEC));
    if (!out.isOpen())
        return systemFault(writing, file, errno);
    const bool stored = ::fchmod(out.number(), ownerOnly) == 0 && writeAll(out.number(), text) &&
                        ::fsync(out.number()) == 0 && ::close(out.release()) == 0 &&
                        ::rename(temporary.c_str(), file.c_str()) == 0;
    if (!stored) {
        const int number = errno;
        ::unlink(temporary.c_str());
        return systemFault(writing, file, number);
    }
    // The rename itself has to reach the disk too; where directories cannot be synced, it does.
    const Descriptor folder(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.isOpen())
        static_cast<void>(::fsync(folder.number()));
    return {};
}

Result<FileLock> FileLock::take(const std::filesystem::path &file)
{
    constexpr const char *locking = "locking";
    constexpr Millis patience(2000);
    constexpr Millis pause(10);
    if (auto made = makeDirectories(file.parent_path()); !made)
        return made.error();
    const auto path = file.parent_path() / ("." + file.filename().string() + ".lock");
    Descriptor lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, ownerOnly));
    if (!lock.isOpen())
        return systemFault(locking, file, errno);
    const auto deadline = monoNow() + patience;
    while (::flock(lock.number(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return systemFault(locking, file, errno);
        if (monoNow() >= deadline) {
            auto error = fault(locking, file, "another Redrive is writing it and does not end");
            error.kind = Error::Kind::Timeout;
            error.retriable = true;
            return error;
        }
        std::this_thread::sleep_for(pause);
    }
    return FileLock(lock.release());
}

FileLock::FileLock(FileLock &&other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1))
{
}

FileLock::~FileLock()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

} // namespace redrive::workspace
