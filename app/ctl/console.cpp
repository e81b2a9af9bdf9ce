#include "app/ctl/console.h"

#include "app/ctl/exitcode.h"
#include "app/ctl/options.h"
#include "core/base/text.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <unistd.h>

namespace redrive::ctl {

namespace {

constexpr Millis progressInterval{100};

bool isSet(const char *variable)
{
    const char *value = std::getenv(variable);
    return value != nullptr && *value != '\0';
}

bool isDumb()
{
    const char *terminal = std::getenv("TERM");
    return terminal == nullptr || std::strcmp(terminal, "dumb") == 0;
}

JsonValue orNull(const std::string &text)
{
    return text.empty() ? JsonValue() : jsonText(text);
}

} // namespace

JsonValue toJson(const Error &error)
{
    return JsonValue{{"code", orNull(error.code)},
                     {"message", orNull(error.message)},
                     {"attempted", orNull(error.attempted)}};
}

Console::Console()
    : m_outIsTerminal(isatty(STDOUT_FILENO) == 1)
    , m_errIsTerminal(isatty(STDERR_FILENO) == 1 && !isDumb())
    , m_colour(m_outIsTerminal && !isSet("NO_COLOR") && !isDumb())
{
}

void Console::print(std::string_view text)
{
    clearProgress();
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size())
        m_broken = true;
}

void Console::printObject(const std::vector<std::string> &keys, const JsonValue &object)
{
    switch (m_format) {
    case Format::Json: print(renderObject(object, m_outIsTerminal)); break;
    case Format::Csv: print(renderCsv(keys, {object})); break;
    case Format::Ndjson:
    case Format::Table: print(renderNdjson({object})); break;
    }
}

void Console::printList(const std::vector<std::string> &keys, const std::vector<JsonValue> &objects)
{
    switch (m_format) {
    case Format::Json: print(renderArray(objects, m_outIsTerminal)); break;
    case Format::Csv: print(renderCsv(keys, objects)); break;
    case Format::Ndjson:
    case Format::Table: print(renderNdjson(objects)); break;
    }
}

void Console::toStderr(std::string_view line)
{
    clearProgress();
    std::fprintf(stderr, "redrivectl: %.*s\n", static_cast<int>(line.size()), line.data());
}

Error Console::withoutSecrets(Error error) const
{
    error.message = ctl::withoutSecrets(std::move(error.message), m_arguments);
    error.attempted = ctl::withoutSecrets(std::move(error.attempted), m_arguments);
    return error;
}

void Console::warn(std::string_view message)
{
    toStderr(visible(ctl::withoutSecrets(std::string(message), m_arguments)));
}

void Console::complain(const Error &said)
{
    const Error error = withoutSecrets(said);
    // What was wrong with the command line needs no code: the message names the option.
    toStderr(visible(error.kind == Error::Kind::Usage ? error.message : describe(error)));
}

int Console::fail(const Error &said, std::string_view advice)
{
    const Error error = withoutSecrets(said);
    if (m_format == Format::Json || m_format == Format::Ndjson)
        print(renderObject(JsonValue{{"error", toJson(error)}},
                           m_format == Format::Json && m_outIsTerminal));
    complain(error);
    if (!advice.empty())
        toStderr(visible(advice));
    return exitCode(error);
}

void Console::progress(std::string_view what, std::size_t done, std::size_t total)
{
    if (!m_errIsTerminal || (m_progressShown && monoNow() < m_progressAt + progressInterval))
        return;
    m_progressAt = monoNow();
    m_progressShown = true;
    const std::string count = grouped(static_cast<std::int64_t>(done));
    const std::string all = grouped(static_cast<std::int64_t>(total));
    std::fprintf(stderr, "\r\x1b[K%.*s", static_cast<int>(what.size()), what.data());
    if (total > 0)
        std::fprintf(stderr, " %s of %s", count.c_str(), all.c_str());
    std::fflush(stderr);
}

void Console::clearProgress()
{
    if (!m_progressShown)
        return;
    m_progressShown = false;
    std::fputs("\r\x1b[K", stderr);
    std::fflush(stderr);
}

bool Console::flush()
{
    clearProgress();
    errno = 0;
    if (std::fflush(stdout) == 0 && !m_broken)
        return true;
    std::fprintf(stderr, "redrivectl: writing the result: %s\n", std::strerror(errno));
    return false;
}

} // namespace redrive::ctl
