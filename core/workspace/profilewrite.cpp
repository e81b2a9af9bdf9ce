#include "core/workspace/profilestore.h"

#include <algorithm>
#include <cctype>

namespace redrive::workspace {

namespace {

std::string tomlString(std::string_view text)
{
    constexpr std::string_view hex = "0123456789abcdef";
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        switch (c) {
        case '"': out += "\\\""; break;
        case '\\': out += "\\\\"; break;
        case '\n': out += "\\n"; break;
        case '\r': out += "\\r"; break;
        case '\t': out += "\\t"; break;
        default:
            if (byte < 0x20 || byte == 0x7f) {
                out += "\\u00";
                out += hex[byte >> 4U];
                out += hex[byte & 0xfU];
            } else {
                out += c;
            }
        }
    }
    return out + '"';
}

std::string keyed(std::string_view key)
{
    const bool bare = !key.empty() && std::all_of(key.begin(), key.end(), [](unsigned char c) {
        return c < 0x80 && (std::isalnum(c) != 0 || c == '-' || c == '_');
    });
    return bare ? std::string(key) : tomlString(key);
}

} // namespace

std::string toToml(const Profile &profile)
{
    const std::string table = "profiles." + keyed(profile.name);
    std::string out = "[" + table + "]\nbootstrap = " + tomlString(profile.bootstrap) + "\n";
    if (profile.mode)
        out += "mode = " + tomlString(kafka::name(*profile.mode)) + "\n";
    if (profile.production)
        out += "production = true\n";
    if (!profile.addressMap.empty()) {
        out += "address-map = [\n";
        for (const auto &[advertised, target] : profile.addressMap)
            out.append("    ").append(tomlString(advertised + "=" + target)).append(",\n");
        out += "]\n";
    }
    if (!profile.properties.empty()) {
        out += "\n[" + table + ".properties]\n";
        for (const auto &[key, value] : profile.properties)
            out += tomlString(key) + " = " + tomlString(value) + "\n";
    }
    return out;
}

} // namespace redrive::workspace
