#pragma once

#include "core/base/error.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace redrive::workspace {

/// The file that is meant: the end of a chain of symbolic links, whether it exists or not.
Result<std::filesystem::path> followLinks(std::filesystem::path file);

/// None: there is no such file. Files that are no plain files, or larger than 4 MiB, are refused.
Result<std::optional<std::string>> readSmallFile(const std::filesystem::path &file);

/// Writes a new file beside it, mode 0600, and renames it over the old one, so that whoever reads
/// sees the one or the other, also after a crash. Directories that are missing are made, mode 0700.
Result<void> replaceFile(const std::filesystem::path &file, std::string_view text);

/// Held while a file is read, changed and replaced: by one process at a time. The lock is a file of
/// its own beside it, since the file itself is replaced. Freed with the object.
class FileLock
{
public:
    /// Fails with Timeout when somebody else holds it for longer than two seconds.
    static Result<FileLock> take(const std::filesystem::path &file);
    ~FileLock();
    FileLock(FileLock &&other) noexcept;
    FileLock &operator=(FileLock &&) = delete;
    FileLock(const FileLock &) = delete;
    FileLock &operator=(const FileLock &) = delete;

private:
    explicit FileLock(int descriptor)
        : m_descriptor(descriptor)
    {
    }
    int m_descriptor = -1;
};

} // namespace redrive::workspace
