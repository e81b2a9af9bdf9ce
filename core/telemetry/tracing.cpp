#include "core/telemetry/tracing.h"

#include <algorithm>
#include <chrono>
#include <random>
#include <span>

namespace redrive::telemetry {

namespace {

// version "-" trace "-" span "-" flags
constexpr std::size_t traceAt = 3;
constexpr std::size_t spanAt = 36;
constexpr std::size_t flagsAt = 53;
constexpr std::size_t wholeLength = 55;

std::optional<std::uint8_t> digit(char c)
{
    if (c >= '0' && c <= '9')
        return static_cast<std::uint8_t>(c - '0');
    if (c >= 'a' && c <= 'f')
        return static_cast<std::uint8_t>(c - 'a' + 10);
    return std::nullopt;
}

bool readHex(std::string_view text, std::span<std::uint8_t> into)
{
    for (std::size_t i = 0; i < into.size(); ++i) {
        const auto high = digit(text[2 * i]);
        const auto low = digit(text[2 * i + 1]);
        if (!high || !low)
            return false;
        into[i] = static_cast<std::uint8_t>(*high << 4U | *low);
    }
    return true;
}

void appendHex(std::string &out, std::span<const std::uint8_t> bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    for (const auto byte : bytes) {
        out += digits[byte >> 4U];
        out += digits[byte & 15U];
    }
}

bool isZero(std::span<const std::uint8_t> bytes)
{
    return std::all_of(bytes.begin(), bytes.end(), [](auto byte) { return byte == 0; });
}

std::mt19937_64 &generator()
{
    thread_local std::mt19937_64 numbers = [] {
        std::random_device device;
        std::seed_seq seed{device(), device(), device(), device(),
                           device(), device(), device(), device()};
        return std::mt19937_64(seed);
    }();
    return numbers;
}

void fillWithRandom(std::span<std::uint8_t> bytes)
{
    do {
        std::uint64_t number = 0;
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            if (i % sizeof number == 0)
                number = generator()();
            bytes[i] = static_cast<std::uint8_t>(number);
            number >>= 8U;
        }
    } while (isZero(bytes));
}

} // namespace

std::optional<TraceContext> parseTraceparent(std::string_view text)
{
    if (text.size() < wholeLength || text[traceAt - 1] != '-' || text[spanAt - 1] != '-' ||
        text[flagsAt - 1] != '-')
        return std::nullopt;
    std::array<std::uint8_t, 1> version{};
    std::array<std::uint8_t, 1> flags{};
    TraceContext context;
    if (!readHex(text, version) || !readHex(text.substr(traceAt), context.trace) ||
        !readHex(text.substr(spanAt), context.span) || !readHex(text.substr(flagsAt), flags))
        return std::nullopt;
    const bool isWhole = text.size() == wholeLength;
    if (version[0] == 0xff || (version[0] == 0 && !isWhole) ||
        (!isWhole && text[wholeLength] != '-'))
        return std::nullopt;
    if (isZero(context.trace) || isZero(context.span))
        return std::nullopt;
    context.flags = flags[0];
    return context;
}

std::string toTraceparent(const TraceContext &context)
{
    std::string text = "00-";
    appendHex(text, context.trace);
    text += '-';
    appendHex(text, context.span);
    text += '-';
    appendHex(text, std::array{context.flags});
    return text;
}

TraceContext newContext(const std::optional<TraceContext> &parent)
{
    TraceContext context;
    if (parent) {
        context.trace = parent->trace;
        context.flags = parent->flags & 1U;
    } else {
        fillWithRandom(context.trace);
    }
    fillWithRandom(context.span);
    return context;
}

std::int64_t wallNanos()
{
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

} // namespace redrive::telemetry
