#include "core/base/text.h"
#include "core/offsets/tables.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace redrive::offsets {

namespace {

constexpr std::size_t largestFile = 64U << 20U;
constexpr mode_t ownerOnly = 0600;

Error fault(const char *what, const std::filesystem::path &file, const std::string &why)
{
    return {.kind = Error::Kind::Config,
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

/// /dev/stdin and <(…) of a shell may be waited for; a pipe elsewhere would only hold us up.
bool isOfAShell(const std::filesystem::path &file)
{
    return file.string().starts_with("/dev/");
}

Result<void> replace(const std::filesystem::path &file, std::string_view text)
{
    std::string temporary = file.string() + ".XXXXXX";
    Descriptor out(::mkostemp(temporary.data(), O_CLOEXEC));
    if (!out.isOpen())
        return systemFault("writing", file, errno);
    const bool stored = ::fchmod(out.number(), ownerOnly) == 0 && writeAll(out.number(), text) &&
                        ::fsync(out.number()) == 0 && ::close(out.release()) == 0 &&
                        ::rename(temporary.c_str(), file.c_str()) == 0;
    if (!stored) {
        const int number = errno;
        ::unlink(temporary.c_str());
        return systemFault("writing", file, number);
    }
    const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory.isOpen())
        static_cast<void>(::fsync(directory.number()));
    return {};
}

} // namespace

Result<std::string> readFile(const std::filesystem::path &file)
{
    constexpr const char *reading = "reading";
    const int patience = isOfAShell(file) ? 0 : O_NONBLOCK;
    const Descriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC | patience));
    if (!in.isOpen())
        return systemFault(reading, file, errno);
    struct stat about
    {
    };
    if (::fstat(in.number(), &about) != 0)
        return systemFault(reading, file, errno);
    if (S_ISDIR(about.st_mode))
        return fault(reading, file, "it is a directory");
    if (!S_ISREG(about.st_mode) && !isOfAShell(file))
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
            return text;
        text.append(buffer.data(), static_cast<std::size_t>(got));
        if (text.size() > largestFile)
            return fault(reading, file, "it is larger than 64 MiB");
    }
}

Result<void> writeFile(const std::filesystem::path &file, std::string_view text)
{
    std::error_code problem;
    const auto kind = std::filesystem::status(file, problem).type();
    if (kind == std::filesystem::file_type::directory)
        return fault("writing", file, "it is a directory");
    if (kind == std::filesystem::file_type::regular) {
        const auto real = std::filesystem::canonical(file, problem);
        return replace(problem ? file : real, text);
    }
    if (kind == std::filesystem::file_type::not_found || kind == std::filesystem::file_type::none)
        return replace(file, text);
    const Descriptor out(::open(file.c_str(), O_WRONLY | O_CLOEXEC));
    if (!out.isOpen() || !writeAll(out.number(), text))
        return systemFault("writing", file, errno);
    return {};
}

} // namespace redrive::offsets
