#pragma once

#include <string>
#include <string_view>

namespace redrive::offsets {

/// A word of a shell's command line that means exactly this text. Words with characters that hide
/// or reorder others are written $'\303\244', which bash, zsh, ksh and POSIX since 2024 read.
std::string shellQuoted(std::string_view word);

/// `lines`, each with its end, as what a command reads from its standard input; put after it.
std::string hereDocument(std::string_view lines);

} // namespace redrive::offsets
