#include "core/consumer/marks.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace redrive::consumer {

namespace {

constexpr std::size_t mostWorkers = 64;
constexpr std::size_t mostSuspects = 256;
constexpr std::size_t mostProcesses = 64;
constexpr std::size_t longestTopic = 250; ///< Kafka's limit is 249
constexpr std::uint64_t magic = 0x31'4b'52'41'4d'44'52ULL;

Error cannot(const std::filesystem::path &path, int code)
{
    return Error{.kind = Error::Kind::Config,
                 .code = "MARKS",
                 .message = std::system_category().message(code),
                 .attempted = "keeping marks of running records in " + path.string(),
                 .retriable = std::nullopt};
}

/// A group's name as a part of a file's: letters, digits, '-', '_' and '.'; the rest in hex.
std::string fileName(const std::string &group)
{
    std::string name;
    for (const char c : group.substr(0, 80)) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) != 0 || c == '-' || c == '_' || c == '.') {
            name += c;
        } else {
            constexpr std::string_view digits = "0123456789abcdef";
            name += '%';
            name += digits[byte >> 4U];
            name += digits[byte & 15U];
        }
    }
    return group.size() > 80 ? name + "-" + std::to_string(std::hash<std::string>{}(group)) : name;
}

} // namespace

struct RunningMarks::File
{
    struct Slot
    {
        std::array<char, longestTopic> topic;
        std::int32_t partition;
        std::atomic<std::int64_t> offset; ///< -1: nothing is running
    };
    struct Kept
    {
        std::array<char, longestTopic> topic;
        std::int32_t partition;
        std::int64_t offset;
        std::uint32_t starts;
    };
    std::uint64_t magic;
    std::atomic<std::uint64_t> finished; ///< since this process started
    std::array<Slot, mostWorkers> slots;
    std::uint32_t suspects;
    std::array<Kept, mostSuspects> kept;
};

namespace {

template <std::size_t N>
void copyName(std::array<char, N> &to, std::string_view from)
{
    const auto size = std::min(from.size(), N - 1);
    std::memcpy(to.data(), from.data(), size);
    to[size] = '\0';
}

template <std::size_t N>
std::string nameOf(const std::array<char, N> &name)
{
    return {name.data(), strnlen(name.data(), N)};
}

} // namespace

RunningMarks::RunningMarks(int descriptor, File *file, std::filesystem::path path)
    : m_descriptor(descriptor)
    , m_file(file)
    , m_path(std::move(path))
{
}

RunningMarks::~RunningMarks()
{
    std::error_code ignored;
    if (m_suspects.empty())
        std::filesystem::remove(m_path, ignored);
    munmap(m_file, sizeof(File));
    close(m_descriptor);
}

Result<std::unique_ptr<RunningMarks>> RunningMarks::open(const std::filesystem::path &beside,
                                                         const GroupId &group, std::size_t workers)
{
    static_assert(std::atomic<std::int64_t>::is_always_lock_free);
    if (workers > mostWorkers)
        return cannot(beside, E2BIG);
    std::error_code ignored;
    if (beside.has_parent_path())
        std::filesystem::create_directories(beside.parent_path(), ignored);

    std::unique_ptr<RunningMarks> marks;
    std::vector<Suspect> suspects;
    const auto suspect = [&suspects](Suspect found) {
        const auto known = std::find_if(suspects.begin(), suspects.end(), [&](const Suspect &s) {
            return s.partition == found.partition && s.offset == found.offset;
        });
        if (known == suspects.end())
            suspects.push_back(std::move(found));
        else
            known->starts = std::max(known->starts, found.starts);
    };
    for (std::size_t number = 0; number < mostProcesses; ++number) {
        auto path = beside;
        path += "." + fileName(group.value()) + "." + std::to_string(number) + ".running";
        if (marks && !std::filesystem::exists(path, ignored))
            continue;
        const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (descriptor < 0)
            return cannot(path, errno);
        if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
            close(descriptor); // a living process's
            continue;
        }
        struct stat before
        {
        };
        fstat(descriptor, &before);
        const bool isOld = before.st_size == static_cast<off_t>(sizeof(File));
        if (ftruncate(descriptor, sizeof(File)) != 0) {
            const int code = errno;
            close(descriptor);
            return cannot(path, code);
        }
        void *memory =
            mmap(nullptr, sizeof(File), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
        if (memory == MAP_FAILED) {
            const int code = errno;
            close(descriptor);
            return cannot(path, code);
        }
        auto *file = static_cast<File *>(memory);
        if (isOld && file->magic == magic) {
            const auto kept = std::min<std::size_t>(file->suspects, mostSuspects);
            std::vector<Suspect> earlier;
            for (std::size_t i = 0; i < kept; ++i)
                earlier.push_back({{nameOf(file->kept[i].topic), file->kept[i].partition},
                                   file->kept[i].offset,
                                   file->kept[i].starts});
            const bool cameNowhere = file->finished == 0;
            for (const File::Slot &slot : file->slots) {
                if (slot.offset < 0)
                    continue;
                Suspect running{{nameOf(slot.topic), slot.partition}, slot.offset, 0};
                const auto known =
                    std::find_if(earlier.begin(), earlier.end(), [&](const Suspect &s) {
                        return s.partition == running.partition && s.offset == running.offset;
                    });
                running.starts =
                    (known == earlier.end() ? 0 : known->starts) + (cameNowhere ? 1U : 0U);
                suspect(std::move(running));
            }
            for (Suspect &known : earlier)
                suspect(std::move(known));
        }
        if (marks) { // a second dead process's
            munmap(memory, sizeof(File));
            std::filesystem::remove(path, ignored);
            close(descriptor);
            continue;
        }
        std::memset(memory, 0, sizeof(File));
        file->magic = magic;
        for (File::Slot &slot : file->slots)
            slot.offset = -1;
        marks.reset(new RunningMarks(descriptor, file, path));
    }
    if (!marks)
        return cannot(beside, EMFILE);
    if (suspects.size() > mostSuspects)
        suspects.resize(mostSuspects);
    marks->m_suspects = std::move(suspects);
    marks->writeSuspects();
    return marks;
}

void RunningMarks::writeSuspects()
{
    m_file->suspects = 0;
    for (std::size_t i = 0; i < m_suspects.size(); ++i) {
        copyName(m_file->kept[i].topic, m_suspects[i].partition.topic);
        m_file->kept[i].partition = m_suspects[i].partition.partition;
        m_file->kept[i].offset = m_suspects[i].offset;
        m_file->kept[i].starts = m_suspects[i].starts;
    }
    m_file->suspects = static_cast<std::uint32_t>(m_suspects.size());
}

void RunningMarks::acquit(const Suspect &suspect)
{
    std::erase_if(m_suspects, [&](const Suspect &known) {
        return known.partition == suspect.partition && known.offset == suspect.offset;
    });
    writeSuspects();
}

void RunningMarks::start(std::size_t worker, std::string_view topic, std::int32_t partition)
{
    File::Slot &slot = m_file->slots[worker];
    slot.offset.store(-1, std::memory_order_release);
    copyName(slot.topic, topic);
    slot.partition = partition;
}

void RunningMarks::record(std::size_t worker, std::int64_t offset)
{
    m_file->slots[worker].offset.store(offset, std::memory_order_release);
}

void RunningMarks::end(std::size_t worker)
{
    m_file->slots[worker].offset.store(-1, std::memory_order_release);
}

void RunningMarks::finished(std::size_t records)
{
    m_file->finished.fetch_add(records, std::memory_order_relaxed);
}

} // namespace redrive::consumer
