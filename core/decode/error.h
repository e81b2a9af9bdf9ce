#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace redrive::decode {

/// Why bytes are not the message that was expected. The message is a promise (scripts and dead
/// letters carry it) and holds the path or the byte by itself. Where bytes are not JSON at all that
/// is what is said, whatever else is wrong with them.
struct DecodeError
{
    std::string message; ///< `expected string at $.order_id, got number`, safe to show
    std::string path;    ///< `$.order_id`, safe to show; empty where the bytes are not JSON
    std::optional<std::size_t> byte; ///< where it is, from 0; none for a field that is not there
    bool operator==(const DecodeError &) const = default;
};

} // namespace redrive::decode
