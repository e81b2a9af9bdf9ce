#pragma once

#include "app/ctl/render.h"
#include "core/base/error.h"
#include "core/base/time.h"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace redrive::ctl {

/// The two streams: stdout carries the result alone, stderr everything else. Progress is shown only
/// where a person looks on. Owned by main(); one thread.
class Console
{
public:
    Console();

    void setFormat(Format format) { m_format = format; }
    /// From now on no line and no error repeats a secret that stands in these arguments, wherever
    /// in them it was put.
    void hideSecretsOf(std::vector<std::string> arguments) { m_arguments = std::move(arguments); }
    Format format() const noexcept { return m_format; }
    /// Result to a terminal that takes colours (NO_COLOR, TERM=dumb are respected).
    bool colour() const noexcept { return m_colour; }
    bool outIsTerminal() const noexcept { return m_outIsTerminal; }
    bool errIsTerminal() const noexcept { return m_errIsTerminal; }

    /// Result text; already safe to show.
    void print(std::string_view text);
    /// One object: an object in json, one line in ndjson, one row in csv.
    void printObject(const std::vector<std::string> &keys, const JsonValue &object);
    void printList(const std::vector<std::string> &keys, const std::vector<JsonValue> &objects);

    /// One line on stderr, made visible.
    void warn(std::string_view message);
    /// The line on stderr, with the error object on stdout where the format is json; `advice` may
    /// be empty. Returns the exit code.
    int fail(const Error &said, std::string_view advice = {});
    /// The same without the object: for parts, which stand in the result.
    void complain(const Error &said);

    /// "offsets of 312 of 1,000 groups", rewritten in place until clearProgress(); nothing unless
    /// stderr is a terminal.
    void progress(std::string_view what, std::size_t done, std::size_t total);
    void clearProgress();

    /// Whether all that was printed has arrived; says so on stderr when not (disk full).
    bool flush();

private:
    void toStderr(std::string_view line);
    Error withoutSecrets(Error error) const;

    std::vector<std::string> m_arguments;
    Format m_format = Format::Table;
    bool m_outIsTerminal = false;
    bool m_errIsTerminal = false;
    bool m_colour = false;
    bool m_progressShown = false;
    bool m_broken = false;
    MonoTime m_progressAt{};
};

/// {code, message, attempted}
JsonValue toJson(const Error &error);

} // namespace redrive::ctl
