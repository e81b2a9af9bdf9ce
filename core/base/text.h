#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace redrive {

/// Foreign text as a person may safely see it: printable characters stay, and what would hide,
/// reorder or command (controls, bidirectional and zero-width characters, bytes that are not UTF-8)
/// becomes a visible escape such as \n, \x1b, \u202e or \xff. So do blanks at either end and more
/// than eight combining marks on one letter. Two different names never look the same: a backslash
/// is doubled wherever it could be mistaken for an escape. The result is valid UTF-8 on one line.
std::string visible(std::string_view foreign);

bool isValidUtf8(std::string_view bytes) noexcept;

/// 18402 -> "18,402": for people. Scripts get plain digits.
std::string grouped(std::int64_t number);

} // namespace redrive
