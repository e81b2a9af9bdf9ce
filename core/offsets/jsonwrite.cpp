#include "core/offsets/jsonwrite.h"

#include "core/base/text.h"
#include "core/decode/quote.h"

namespace redrive::offsets::json {

namespace {

/// What four digits can say of years.
constexpr WallTime first = std::chrono::sys_days(std::chrono::year(0) / std::chrono::January / 1);
constexpr WallTime behindLast =
    std::chrono::sys_days(std::chrono::year(10000) / std::chrono::January / 1);

std::string base64(std::string_view bytes)
{
    constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::string_view part = bytes.substr(i, 3);
        std::uint32_t bits = 0;
        for (std::size_t j = 0; j < 3; ++j)
            bits = (bits << 8U) | (j < part.size() ? static_cast<unsigned char>(part[j]) : 0U);
        for (std::size_t j = 0; j < 4; ++j)
            out += j <= part.size() ? digits[(bits >> (18U - 6U * j)) & 0x3FU] : '=';
    }
    return out;
}

} // namespace

std::string text(std::string_view bytes)
{
    if (isValidUtf8(bytes))
        return decode::jsonString(bytes);
    return Object().add("base64", decode::jsonString(base64(bytes))).onOneLine();
}

std::string number(std::int64_t value)
{
    return std::to_string(value);
}

std::string truth(bool value)
{
    return value ? "true" : "false";
}

std::string time(WallTime value)
{
    return value >= first && value < behindLast ? decode::jsonString(toRfc3339(value))
                                                : number(value.time_since_epoch().count());
}

std::string offset(Offset value)
{
    return number(value.value());
}

} // namespace redrive::offsets::json
