#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace redrive::decode {

enum class SyntaxProblem : std::uint8_t
{
    NotUtf8,
    NotJson,
    TooDeep
};

struct SyntaxFault
{
    SyntaxProblem problem;
    std::size_t byte; ///< the first that cannot stand where it does; the size where more was due
    bool operator==(const SyntaxFault &) const = default;
};

/// Where bytes stop being a JSON document (RFC 8259), looked at one by one: the slow way, for
/// telling what is wrong with bytes that were refused. UTF-8 comes first, over all of them.
std::optional<SyntaxFault> firstSyntaxFault(std::string_view bytes, std::size_t depthLimit);

/// The position behind the number that begins at `at`, or where it breaks its grammar.
struct ScannedNumber
{
    std::size_t end;
    bool good;
    bool isInteger; ///< neither point nor exponent
};
ScannedNumber scanNumber(std::string_view bytes, std::size_t at) noexcept;

} // namespace redrive::decode
