#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace redrive::store {

/// What was done to whom by whom (S6). Never a secret, never a payload.
struct AuditEntry
{
    std::string time; ///< RFC 3339 UTC with milliseconds
    std::string user;
    std::string action; ///< `offsets reset`, `session skip`
    std::string target; ///< `group billing`, `orders[3]`
    std::string detail;
    bool operator==(const AuditEntry &) const = default;
};

/// An entry with its place in the chain.
struct AuditLine
{
    std::int64_t seq = 0; ///< from 1, without gaps
    AuditEntry entry;
    std::string hash; ///< 64 lower-case hexadecimal digits
    bool operator==(const AuditLine &) const = default;
};

/// SHA-256 over `previous` (the hash of the line before; empty for the first), seq, time, user,
/// action, target and detail, each written as a netstring (`5:hello,`), so that nothing can be
/// moved from one field to the next. Whoever changes, removes or inserts a line has to change the
/// hashes of all after it.
std::string chainHash(std::string_view previous, std::int64_t seq, const AuditEntry &entry);

} // namespace redrive::store
