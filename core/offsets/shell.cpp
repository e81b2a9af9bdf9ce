#include "core/offsets/shell.h"

#include "core/base/text.h"

#include <algorithm>

namespace redrive::offsets {

namespace {

bool isBareWord(std::string_view word)
{
    return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("._-/:,@%+=").find(c) != std::string_view::npos;
    });
}

/// Whether it has only characters that can be seen: backslashes, which visible() may double, can.
bool isSeen(std::string_view word)
{
    std::string plain(word);
    std::replace(plain.begin(), plain.end(), '\\', '/');
    return visible(plain) == plain || visible("x" + plain + "x") == "x" + plain + "x";
}

std::string inOctal(std::string_view word)
{
    std::string quoted = "$'";
    for (const char c : word) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '\'' || c == '\\') {
            quoted += '\\';
            quoted += c;
        } else if (byte >= 0x20 && byte < 0x7f) {
            quoted += c;
        } else {
            quoted += '\\';
            for (const unsigned shift : {6U, 3U, 0U})
                quoted += static_cast<char>('0' + ((byte >> shift) & 7U));
        }
    }
    return quoted + "'";
}

} // namespace

std::string shellQuoted(std::string_view word)
{
    if (isBareWord(word))
        return std::string(word);
    if (!isSeen(word))
        return inOctal(word);
    std::string quoted = "'";
    for (const char c : word) {
        if (c == '\'')
            quoted += "'\\'";
        quoted += c;
    }
    return quoted + "'";
}

std::string hereDocument(std::string_view lines)
{
    std::string end = "EOF";
    while (("\n" + std::string(lines)).find("\n" + end) != std::string::npos)
        end += "_";
    return "<<'" + end + "'\n" + std::string(lines) + end;
}

} // namespace redrive::offsets
