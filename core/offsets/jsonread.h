#pragma once

#include "core/base/ids.h"
#include "core/base/time.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <simdjson.h>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace redrive::offsets::json {

/// Why a text is not what was expected. Thrown by Part, caught where the reading began.
struct Malformed
{
    std::string why;
};

/// A value in a JSON text and the way to it ("rows[3].target"). Lives as long as its parser.
class Part
{
public:
    Part(simdjson::dom::element element, std::string path)
        : m_element(element)
        , m_path(std::move(path))
    {
    }

    Part at(std::string_view key) const;                  ///< has to be there, and not null
    std::optional<Part> find(std::string_view key) const; ///< none: missing, or null
    std::vector<Part> list() const;

    std::string text() const; ///< bytes
    bool truth() const;
    std::int64_t number(std::int64_t least = std::numeric_limits<std::int64_t>::min(),
                        std::int64_t most = std::numeric_limits<std::int64_t>::max()) const;
    WallTime time() const;
    Offset offset() const { return Offset(number(0)); }
    std::int32_t partition() const;
    std::int32_t epoch() const;

    /// `read` of the value under that key, or none.
    template <typename Read>
    auto maybe(std::string_view key, Read read) const -> std::optional<decltype(read(*this))>
    {
        const auto part = find(key);
        if (!part)
            return {};
        return read(*part);
    }

    [[noreturn]] void fail(const std::string &expected) const;

private:
    simdjson::dom::element m_element;
    std::string m_path;
};

} // namespace redrive::offsets::json
