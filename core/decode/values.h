#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace redrive::decode {

// What a field of a message struct may be: one of these, bool, a described struct, and
// std::optional and std::vector of them. All but unescaped text are views into the bytes that were
// decoded and live as long as those.

/// A string. Looks into the decoded bytes; owns its characters only where it was written with
/// escapes.
class Text
{
public:
    Text() = default;
    explicit Text(std::string_view bytes)
        : m_bytes(bytes)
    {
    }
    static Text owning(std::string characters)
    {
        Text text;
        text.m_owned = std::move(characters);
        text.m_isOwned = true;
        return text;
    }

    std::string_view view() const noexcept
    {
        return m_isOwned ? std::string_view(m_owned) : m_bytes;
    }
    operator std::string_view() const noexcept { return view(); }
    std::string str() const { return std::string(view()); }
    bool operator==(const Text &other) const noexcept { return view() == other.view(); }

private:
    std::string_view m_bytes;
    std::string m_owned;
    bool m_isOwned = false;
};

/// A number as it was written, `12.30` or `1.23e1`: nothing goes through a double.
struct Number
{
    std::string_view digits;
    bool operator==(const Number &) const = default;
};

/// A number that was written without point and exponent. Any size.
struct Integer
{
    std::string_view digits;

    /// None where it does not fit.
    std::optional<std::int64_t> value() const noexcept
    {
        std::int64_t number = 0;
        const auto *const end = digits.data() + digits.size();
        const auto [stop, problem] = std::from_chars(digits.data(), end, number);
        return problem == std::errc{} && stop == end ? std::optional(number) : std::nullopt;
    }
    bool operator==(const Integer &) const = default;
};

/// Any value, checked and kept as the sender wrote it.
struct Raw
{
    std::string_view bytes;
    bool operator==(const Raw &) const = default;
};

/// A value that is decoded and also kept as the sender wrote it.
template <typename T>
struct Kept
{
    T value;
    std::string_view bytes;
    bool operator==(const Kept &) const = default;
};

} // namespace redrive::decode
