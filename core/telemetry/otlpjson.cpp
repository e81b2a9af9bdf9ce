#include "core/telemetry/otlpjson.h"

#include "core/base/text.h"

#include <array>
#include <charconv>
#include <simdjson.h>
#include <type_traits>

namespace redrive::telemetry {

namespace {

constexpr std::string_view hexDigits = "0123456789abcdef";
constexpr int statusError = 2;

void appendEscaped(std::string &out, std::string_view text)
{
    out += '"';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20) {
            out += "\\u00";
            out += hexDigits[byte >> 4U];
            out += hexDigits[byte & 15U];
        } else {
            out += c;
        }
    }
    out += '"';
}

void appendText(std::string &out, std::string_view text)
{
    if (isValidUtf8(text))
        appendEscaped(out, text);
    else
        appendEscaped(out, visible(text));
}

void appendHex(std::string &out, std::span<const std::uint8_t> bytes)
{
    out += '"';
    for (const auto byte : bytes) {
        out += hexDigits[byte >> 4U];
        out += hexDigits[byte & 15U];
    }
    out += '"';
}

void appendNumberText(std::string &out, std::int64_t number)
{
    out += '"';
    out += std::to_string(number);
    out += '"';
}

template <typename Range, typename Append>
void appendList(std::string &out, const Range &range, Append append)
{
    out += '[';
    bool first = true;
    for (const auto &item : range) {
        if (!first)
            out += ',';
        first = false;
        append(out, item);
    }
    out += ']';
}

void appendAttribute(std::string &out, const Attribute &attribute)
{
    out += R"({"key":)";
    appendText(out, attribute.first);
    out += R"(,"value":{)";
    std::visit(
        [&](const auto &value) {
            using Value = std::decay_t<decltype(value)>;
            if constexpr (std::is_same_v<Value, std::string>) {
                out += R"("stringValue":)";
                appendText(out, value);
            } else if constexpr (std::is_same_v<Value, bool>) {
                out += value ? R"("boolValue":true)" : R"("boolValue":false)";
            } else {
                out += R"("intValue":)";
                appendNumberText(out, value);
            }
        },
        attribute.second);
    out += "}}";
}

void appendIds(std::string &out, const TraceContext &context)
{
    out += R"({"traceId":)";
    appendHex(out, context.trace);
    out += R"(,"spanId":)";
    appendHex(out, context.span);
    out += R"(,"flags":)" + std::to_string(context.flags);
}

void appendLink(std::string &out, const SpanLink &link)
{
    appendIds(out, link.context);
    if (!link.attributes.empty()) {
        out += R"(,"attributes":)";
        appendList(out, link.attributes, appendAttribute);
    }
    out += '}';
}

void appendSpan(std::string &out, const Span &span)
{
    appendIds(out, span.context);
    if (span.parent) {
        out += R"(,"parentSpanId":)";
        appendHex(out, *span.parent);
    }
    out += R"(,"name":)";
    appendText(out, span.name);
    out += R"(,"kind":)" + std::to_string(static_cast<int>(span.kind));
    out += R"(,"startTimeUnixNano":)";
    appendNumberText(out, span.startNanos);
    out += R"(,"endTimeUnixNano":)";
    appendNumberText(out, span.endNanos);
    out += R"(,"attributes":)";
    appendList(out, span.attributes, appendAttribute);
    if (!span.links.empty()) {
        out += R"(,"links":)";
        appendList(out, span.links, appendLink);
    }
    if (span.droppedLinks > 0)
        out += R"(,"droppedLinksCount":)" + std::to_string(span.droppedLinks);
    if (span.error) {
        out += R"(,"status":{"code":)" + std::to_string(statusError) + R"(,"message":)";
        appendText(out, *span.error);
        out += '}';
    }
    out += '}';
}

} // namespace

std::string toOtlpJson(std::span<const Span> spans, const std::vector<Attribute> &resource)
{
    std::string out = R"({"resourceSpans":[{"resource":{"attributes":)";
    appendList(out, resource, appendAttribute);
    out += R"(},"scopeSpans":[{"scope":{"name":"redrive","version":)";
    appendEscaped(out, REDRIVE_VERSION);
    out += R"(},"spans":)";
    appendList(out, spans, appendSpan);
    out += "}]}]}";
    return out;
}

PartialSuccess readPartialSuccess(std::string_view body)
{
    PartialSuccess partial;
    simdjson::dom::parser parser;
    simdjson::dom::object told;
    if (parser.parse(simdjson::padded_string(body))["partialSuccess"].get(told) !=
        simdjson::SUCCESS)
        return partial;
    const auto rejected = told["rejectedSpans"];
    std::string_view text;
    if (rejected.get(text) == simdjson::SUCCESS) {
        std::int64_t number = 0;
        const auto *const last = text.data() + text.size();
        const auto [end, problem] = std::from_chars(text.data(), last, number);
        if (problem == std::errc() && end == last)
            partial.rejected = number;
    } else {
        std::int64_t number = 0;
        if (rejected.get(number) == simdjson::SUCCESS)
            partial.rejected = number;
    }
    if (told["errorMessage"].get(text) == simdjson::SUCCESS)
        partial.message = text;
    return partial;
}

} // namespace redrive::telemetry
