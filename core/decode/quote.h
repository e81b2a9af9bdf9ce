#pragma once

#include <string>
#include <string_view>

namespace redrive::decode {

/// The way back: valid UTF-8 as a JSON string, quotes and all. Escapes what JSON wants escaped and
/// nothing else.
std::string jsonString(std::string_view characters);

} // namespace redrive::decode
