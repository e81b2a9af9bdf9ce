#pragma once

#include "core/base/error.h"
#include "core/base/ids.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

namespace redrive::consumer {

/// A record that was with a handler when its process died.
struct Suspect
{
    TopicPartition partition;
    std::int64_t offset = 0;
    /// Starts that count against it: it was running when the process died, and nothing had been
    /// finished since that process started.
    std::uint32_t starts = 0;
    bool operator==(const Suspect &) const = default;
};

/// Which records are with a handler now, kept where the death of the process leaves it readable
/// a small file of this process's own, mapped into memory, so that marking costs two
/// stores. A process that is killed from outside leaves marks as well; they only count when it
/// happens again before anything was finished. Files of dead processes are taken over, those of
/// living ones (they hold a lock) are left alone.
class RunningMarks
{
public:
    /// `beside` is the path that file names begin with. `group` is part of the name.
    static Result<std::unique_ptr<RunningMarks>> open(const std::filesystem::path &beside,
                                                      const GroupId &group, std::size_t workers);
    /// Removes the file: whoever gets here did not die.
    ~RunningMarks();
    RunningMarks(const RunningMarks &) = delete;
    RunningMarks &operator=(const RunningMarks &) = delete;

    const std::vector<Suspect> &suspects() const noexcept { return m_suspects; }
    void acquit(const Suspect &suspect);

    /// From a worker's thread, each with its own number.
    void start(std::size_t worker, std::string_view topic, std::int32_t partition);
    void record(std::size_t worker, std::int64_t offset);
    void end(std::size_t worker);

    void finished(std::size_t records); ///< from the session's thread

private:
    struct File;
    RunningMarks(int descriptor, File *file, std::filesystem::path path);
    void writeSuspects();

    int m_descriptor;
    File *m_file;
    std::filesystem::path m_path;
    std::vector<Suspect> m_suspects;
};

} // namespace redrive::consumer
