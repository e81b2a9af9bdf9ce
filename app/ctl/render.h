#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace redrive::ctl {

using JsonValue = nlohmann::ordered_json;

enum class Format
{
    Table,
    Json,
    Ndjson,
    Csv
};
std::optional<Format> parseFormat(std::string_view name);
std::string_view name(Format format);

/// Bytes as a JSON string: what is not UTF-8 becomes U+FFFD.
JsonValue jsonText(std::string_view bytes);
/// A string where it is UTF-8, else {"base64": …}.
JsonValue jsonBytes(std::string_view bytes);

/// One object. `pretty`: indented, for eyes.
std::string renderObject(const JsonValue &object, bool pretty);
/// An array of objects. Not pretty: still one object a line, so that it can be compared and
/// searched by line.
std::string renderArray(const std::vector<JsonValue> &objects, bool pretty);
std::string renderNdjson(const std::vector<JsonValue> &objects);

/// RFC 4180 with a header row of `keys`. A text that a spreadsheet would take for a formula gets a
/// ' before it; null is an empty cell; nested values are JSON text.
std::string renderCsv(const std::vector<std::string> &keys, const std::vector<JsonValue> &objects);

} // namespace redrive::ctl
