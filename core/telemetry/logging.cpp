#include "core/telemetry/logging.h"

#include "core/base/text.h"
#include "core/base/time.h"

#include <cstdio>
#include <memory>
#include <mutex>
#include <spdlog/logger.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <string>
#include <system_error>
#include <utility>

namespace redrive::telemetry {

namespace {

constexpr std::size_t fileSize = 5U << 20U;
constexpr std::size_t olderFiles = 4; // besides the one being written

using LoggerPtr = std::shared_ptr<spdlog::logger>;

struct Loggers
{
    std::mutex mutex;
    Level level = Level::Info; ///< this and the loggers: guarded by mutex
    LoggerPtr terminal;
    LoggerPtr file;
};

/// Never destroyed, since threads may log until the very end of the process.
Loggers &loggers()
{
    static auto *const all = new Loggers;
    return *all;
}

std::string_view name(Level level)
{
    switch (level) {
    case Level::Debug: return "debug";
    case Level::Info: return "info";
    case Level::Warning: return "warning";
    case Level::Error: return "error";
    }
    return "error";
}

/// visible() leaves neither control characters nor invalid bytes.
std::string quoted(std::string_view foreign)
{
    std::string out = "\"";
    for (const char c : visible(foreign)) {
        if (c == '"' || c == '\\')
            out += '\\';
        out += c;
    }
    out += '"';
    return out;
}

void appendKey(std::string &out, std::string_view key)
{
    out += out.empty() ? "{\"" : ",\"";
    out += key;
    out += "\":";
}

void appendJson(std::string &out, std::string_view key, std::string_view value)
{
    appendKey(out, key);
    out += quoted(value);
}

bool isToBeShown(const Field &field, Level level)
{
    return !field.isPayload || level == Level::Debug;
}

std::string jsonLine(std::string_view time, Level level, std::string_view component,
                     std::string_view message, std::initializer_list<Field> fields)
{
    std::string line;
    appendJson(line, "time", time);
    appendJson(line, "level", name(level));
    appendJson(line, "component", component);
    appendJson(line, "message", message);
    for (const auto &field : fields) {
        if (!isToBeShown(field, level))
            continue;
        if (const auto *const text = std::get_if<std::string_view>(&field.value)) {
            appendJson(line, field.key, *text);
        } else {
            appendKey(line, field.key);
            line += std::to_string(std::get<std::int64_t>(field.value));
        }
    }
    return line + "}";
}

/// Values stand in quotes where they would not read as one word.
std::string terminalLine(std::string_view time, Level level, std::string_view component,
                         std::string_view message, std::initializer_list<Field> fields)
{
    std::string line = std::string(time) + " " + std::string(name(level)) + " " +
                       visible(component) + ": " + visible(message);
    for (const auto &field : fields) {
        if (!isToBeShown(field, level))
            continue;
        line.append(" ").append(field.key).append("=");
        if (const auto *const text = std::get_if<std::string_view>(&field.value))
            line += text->empty() || text->find_first_of(" \"=") != std::string_view::npos
                        ? quoted(*text)
                        : visible(*text);
        else
            line += std::to_string(std::get<std::int64_t>(field.value));
    }
    return line;
}

LoggerPtr makeLogger(spdlog::sink_ptr sink)
{
    auto logger = std::make_shared<spdlog::logger>("redrive", std::move(sink));
    logger->set_pattern("%v");
    logger->set_level(spdlog::level::trace);
    logger->flush_on(spdlog::level::trace);
    // A full disk is no reason to fill the terminal.
    logger->set_error_handler([](const std::string &) {});
    return logger;
}

void complain(const std::filesystem::path &directory, std::string_view why)
{
    const auto line =
        "redrive: no log is written to " + visible(directory.string()) + ": " + visible(why) + "\n";
    std::fputs(line.c_str(), stderr);
}

LoggerPtr openFile(const std::filesystem::path &directory)
{
    const bool isNew = std::filesystem::create_directories(directory);
    if (isNew)
        std::filesystem::permissions(directory, std::filesystem::perms::owner_all);
    return makeLogger(std::make_shared<spdlog::sinks::rotating_file_sink_mt>(
        (directory / "redrive.log").string(), fileSize, olderFiles));
}

} // namespace

void setUpLogging(const LogOptions &options)
{
    LoggerPtr terminal;
    LoggerPtr file;
    try {
        if (options.terminal)
            terminal = makeLogger(std::make_shared<spdlog::sinks::stderr_sink_mt>());
        if (!options.directory.empty())
            file = openFile(options.directory);
    } catch (const std::exception &problem) {
        complain(options.directory, problem.what());
    }
    auto &all = loggers();
    const std::scoped_lock lock(all.mutex);
    all.level = options.level;
    all.terminal = std::move(terminal);
    all.file = std::move(file);
}

Field payload(std::string_view key, std::string_view bytes)
{
    Field field(key, bytes);
    field.isPayload = true;
    return field;
}

void log(Level level, std::string_view component, std::string_view message,
         std::initializer_list<Field> fields)
{
    try {
        auto &all = loggers();
        LoggerPtr terminal;
        LoggerPtr file;
        {
            const std::scoped_lock lock(all.mutex);
            if (level < all.level)
                return;
            terminal = all.terminal;
            file = all.file;
        }
        const std::string time = toRfc3339(wallNow());
        if (terminal)
            terminal->info(
                spdlog::string_view_t(terminalLine(time, level, component, message, fields)));
        if (file)
            file->info(spdlog::string_view_t(jsonLine(time, level, component, message, fields)));
    } catch (...) {
        // Whoever logs has something more important to do than to handle this.
    }
}

} // namespace redrive::telemetry
