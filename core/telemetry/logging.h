#pragma once

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <string_view>
#include <variant>

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

/// What a line is about, for whoever searches: `group`, `topic`, `partition`, `offset`, `event_id`.
/// Keys are the program's own words, never foreign. Lives as long as what it was made of.
struct Field
{
    Field(std::string_view name, std::string_view text)
        : key(name)
        , value(text)
    {
    }
    template <std::integral Number>
    Field(std::string_view name, Number number)
        : key(name)
        , value(static_cast<std::int64_t>(number))
    {
    }

    std::string_view key;
    std::variant<std::string_view, std::int64_t> value;
    bool isPayload = false;
};
/// Bytes of somebody's record: only lines at Debug show them.
Field payload(std::string_view key, std::string_view bytes);

/// One line: `key=value` behind the message on the terminal, keys of the JSON object in the file.
/// Control characters are escaped, so that foreign text forges no lines; values of secrets never
/// get here. Thread-safe.
void log(Level level, std::string_view component, std::string_view message,
         std::initializer_list<Field> fields = {});

} // namespace redrive::telemetry
