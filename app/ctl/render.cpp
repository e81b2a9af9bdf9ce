#include "app/ctl/render.h"

#include "core/base/text.h"

#include <array>
#include <cstdint>
#include <utility>

namespace redrive::ctl {

namespace {

constexpr std::array<std::pair<std::string_view, Format>, 4> formats{{{"table", Format::Table},
                                                                      {"json", Format::Json},
                                                                      {"ndjson", Format::Ndjson},
                                                                      {"csv", Format::Csv}}};

std::string dump(const JsonValue &json, bool pretty)
{
    return json.dump(pretty ? 2 : -1, ' ', false, JsonValue::error_handler_t::replace);
}

std::string base64(std::string_view bytes)
{
    constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::string_view part = bytes.substr(i, 3);
        std::uint32_t bits = 0;
        for (std::size_t j = 0; j < 3; ++j)
            bits = (bits << 8U) | (j < part.size() ? static_cast<unsigned char>(part[j]) : 0U);
        for (std::size_t j = 0; j < 4; ++j)
            out += j <= part.size() ? digits[(bits >> (18U - 6U * j)) & 0x3FU] : '=';
    }
    return out;
}

std::string csvCell(const JsonValue &value)
{
    if (value.is_null())
        return {};
    if (!value.is_string() && !value.is_structured())
        return dump(value, false);
    std::string text =
        value.is_string() ? value.get_ref<const std::string &>() : dump(value, false);
    if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos)
        text.insert(text.begin(), '\'');
    if (text.find_first_of(",\"\r\n") == std::string::npos)
        return text;
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"')
            quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

} // namespace

std::optional<Format> parseFormat(std::string_view name)
{
    for (const auto &[known, format] : formats)
        if (known == name)
            return format;
    return std::nullopt;
}

std::string_view name(Format format)
{
    for (const auto &[known, value] : formats)
        if (value == format)
            return known;
    return {};
}

JsonValue jsonText(std::string_view bytes)
{
    if (isValidUtf8(bytes))
        return bytes;
    return JsonValue::parse(dump(JsonValue(bytes), false));
}

JsonValue jsonBytes(std::string_view bytes)
{
    if (isValidUtf8(bytes))
        return bytes;
    return JsonValue{{"base64", base64(bytes)}};
}

std::string renderObject(const JsonValue &object, bool pretty)
{
    return dump(object, pretty) + '\n';
}

std::string renderArray(const std::vector<JsonValue> &objects, bool pretty)
{
    if (objects.empty())
        return "[]\n";
    if (pretty)
        return dump(JsonValue(objects), true) + '\n';
    std::string out = "[";
    for (const JsonValue &object : objects) {
        out += out.size() == 1 ? "\n" : ",\n";
        out += dump(object, false);
    }
    return out + "\n]\n";
}

std::string renderNdjson(const std::vector<JsonValue> &objects)
{
    std::string out;
    for (const JsonValue &object : objects)
        out += dump(object, false) + '\n';
    return out;
}

std::string renderCsv(const std::vector<std::string> &keys, const std::vector<JsonValue> &objects)
{
    std::string out;
    for (const std::string &key : keys)
        out += (out.empty() ? "" : ",") + key;
    out += '\n';
    for (const JsonValue &object : objects) {
        for (std::size_t i = 0; i < keys.size(); ++i) {
            const auto value = object.find(keys[i]);
            out += i == 0 ? "" : ",";
            out += value != object.end() ? csvCell(*value) : std::string();
        }
        out += '\n';
    }
    return out;
}

} // namespace redrive::ctl
