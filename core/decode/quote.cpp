#include "core/decode/quote.h"

namespace redrive::decode {

std::string jsonString(std::string_view characters)
{
    constexpr std::string_view hexDigits = "0123456789abcdef";
    std::string json = "\"";
    json.reserve(characters.size() + 2);
    for (const char c : characters) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            json += '\\';
            json += c;
        } else if (byte < 0x20) {
            json += "\\u00";
            json += hexDigits[byte >> 4U];
            json += hexDigits[byte & 0xfU];
        } else {
            json += c;
        }
    }
    json += '"';
    return json;
}

} // namespace redrive::decode
