#pragma once

#include <filesystem>
#include <string_view>

namespace redrive::telemetry {

enum class Level
{
    Debug,
    Info,
    Warning,
    Error
};

struct LogOptions
{
    Level level = Level::Info;
    bool terminal = true; ///< text on stderr
    std::filesystem::path
        directory; ///< JSON lines in redrive.log here, rotating 5 × 5 MB; empty: no file
};

/// Sets logging up for the process, once, before threads start. A directory that cannot be written
/// is no reason not to start: the terminal gets a line instead.
void setUpLogging(const LogOptions &options);

/// One line. Control characters are escaped, so that foreign text forges no lines; values of
/// secrets never get here.
void log(Level level, std::string_view component, std::string_view message);

} // namespace redrive::telemetry
