#include "app/ctl/displaywidth.h"

#include <algorithm>
#include <array>
#include <clocale>
#include <cwchar>
#include <locale.h>
#include <optional>
#include <utility>

namespace redrive::ctl {

namespace {

/// wcwidth() asks the thread's locale; whatever the terminal's is, ours is one that knows Unicode.
class UnicodeLocale
{
public:
    UnicodeLocale()
        : m_before(uselocale(unicode()))
    {
    }
    ~UnicodeLocale() { uselocale(m_before); }
    UnicodeLocale(const UnicodeLocale &) = delete;
    UnicodeLocale &operator=(const UnicodeLocale &) = delete;

private:
    static locale_t unicode()
    {
        static const locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
        return locale;
    }
    locale_t m_before;
};

/// One code point and how many bytes it took.
std::pair<char32_t, std::size_t> decode(std::string_view text)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    constexpr std::array<unsigned char, 5> leadBits{0, 0x7F, 0x1F, 0x0F, 0x07};
    if (length > text.size() || (lead >= 0x80 && lead < 0xC2) || lead > 0xF4)
        return {lead, 1};
    char32_t point = lead & leadBits.at(length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0U) != 0x80U)
            return {lead, 1};
        point = (point << 6U) | (byte(i) & 0x3FU);
    }
    return {point, length};
}

std::string blanks(std::string_view text, std::size_t width)
{
    const std::size_t taken = displayWidth(text);
    return std::string(taken < width ? width - taken : 0, ' ');
}

} // namespace

std::size_t displayWidth(std::string_view utf8)
{
    const bool ascii = std::all_of(utf8.begin(), utf8.end(),
                                   [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (ascii)
        return utf8.size();
    const UnicodeLocale locale;
    std::size_t width = 0;
    while (!utf8.empty()) {
        const auto [point, length] = decode(utf8);
        const int columns = length == 1 ? 1 : wcwidth(static_cast<wchar_t>(point));
        width += columns < 0 ? 1 : static_cast<std::size_t>(columns);
        utf8.remove_prefix(length);
    }
    return width;
}

std::string padRight(std::string_view utf8, std::size_t width)
{
    return std::string(utf8) + blanks(utf8, width);
}

std::string padLeft(std::string_view utf8, std::size_t width)
{
    return blanks(utf8, width) + std::string(utf8);
}

} // namespace redrive::ctl
