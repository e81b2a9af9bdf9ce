#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace redrive::ctl {

/// Terminal columns that a line of UTF-8 takes: wide characters two, combining ones none. Bytes
/// that are not UTF-8 count one each. Independent of the process's locale.
std::size_t displayWidth(std::string_view utf8);

/// The text with blanks up to `width` columns; a longer text stays as it is.
std::string padRight(std::string_view utf8, std::size_t width);
std::string padLeft(std::string_view utf8, std::size_t width);

} // namespace redrive::ctl
