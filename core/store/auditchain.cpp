#include "core/store/auditchain.h"

#include <array>
#include <openssl/sha.h>

namespace redrive::store {

std::string chainHash(std::string_view previous, std::int64_t seq, const AuditEntry &entry)
{
    std::string text;
    const auto add = [&text](std::string_view field) {
        text.append(std::to_string(field.size())).append(":").append(field).append(",");
    };
    add(previous);
    add(std::to_string(seq));
    add(entry.time);
    add(entry.user);
    add(entry.action);
    add(entry.target);
    add(entry.detail);

    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char *>(text.data()), text.size(), digest.data());
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hash;
    hash.reserve(2 * digest.size());
    for (const unsigned char byte : digest) {
        hash += digits[byte >> 4U];
        hash += digits[byte & 0xFU];
    }
    return hash;
}

} // namespace redrive::store
