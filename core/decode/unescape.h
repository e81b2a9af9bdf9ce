#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace redrive::decode {

enum class Unescaped
{
    Good,
    BadEscape,
    LoneSurrogate
};

struct UnescapeResult
{
    Unescaped state;
    std::size_t at; ///< of the first escape that is wrong, in `raw`
};

/// The characters of a JSON string, given what lies between its quotes. `into` may be null: then it
/// is only checked.
UnescapeResult unescape(std::string_view raw, std::string *into);

} // namespace redrive::decode
