#pragma once

#include "core/base/ids.h"
#include "core/base/time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// JSON as redrivectl's contract has it: null is unknown, times are RFC 3339, and bytes that are no
/// text are {"base64": …}. Every function answers JSON.
namespace redrive::offsets::json {

std::string text(std::string_view bytes);
std::string number(std::int64_t value);
std::string truth(bool value);
/// A time that RFC 3339 cannot say (a record's may be anything) is milliseconds since 1970.
std::string time(WallTime value);
std::string offset(Offset value);

/// `write` of the value, or null.
template <typename T, typename Write>
std::string orNull(const std::optional<T> &value, Write write)
{
    return value ? write(*value) : std::string("null");
}

template <typename Range, typename Write>
std::string list(const Range &range, Write write, std::string_view between = ", ")
{
    std::string out = "[";
    bool isFirst = true;
    for (const auto &item : range) {
        if (!isFirst)
            out += between;
        isFirst = false;
        out += write(item);
    }
    return out + "]";
}

/// The same with each item on a line of its own, two deep.
template <typename Range, typename Write>
std::string linedList(const Range &range, Write write)
{
    if (range.empty())
        return "[]";
    const std::string items = list(range, write, ",\n    ");
    return "[\n    " + items.substr(1, items.size() - 2) + "\n  ]";
}

class Object
{
public:
    Object &add(std::string_view key, std::string_view value)
    {
        m_fields.emplace_back("\"" + std::string(key) + "\": " + std::string(value));
        return *this;
    }
    std::string onOneLine() const { return "{" + joined(", ") + "}"; }
    std::string onLines() const { return "{\n  " + joined(",\n  ") + "\n}\n"; }

private:
    std::string joined(std::string_view between) const
    {
        std::string out;
        for (const std::string &field : m_fields) {
            out += out.empty() ? "" : between;
            out += field;
        }
        return out;
    }
    std::vector<std::string> m_fields;
};

} // namespace redrive::offsets::json
