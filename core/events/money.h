#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace redrive::events {

/// An amount, exactly: at most 18 digits, of which at most 4 after the point, never negative. No
/// double and no rounding anywhere. 12.3 and 12.30 are equal and keep their digits.
class Money
{
public:
    static constexpr int mostDigits = 18;
    static constexpr int mostAfterPoint = 4;

    enum class Problem
    {
        NotANumber,
        Negative,
        TooManyDigits,
        TooFine, ///< more than four digits after the point
    };
    struct Parsed;

    Money() = default;

    /// A number as JSON writes it; an exponent is read exactly.
    static Parsed parse(std::string_view digits);
    /// `units` of 10^-afterPoint, as parse() would allow them.
    static std::optional<Money> of(std::int64_t units, int afterPoint);

    /// Plain digits without exponent: `12.30`.
    std::string text() const;

    std::int64_t units() const noexcept { return m_units; }
    int afterPoint() const noexcept { return m_afterPoint; }

    bool operator==(const Money &other) const noexcept { return (*this <=> other) == 0; }
    std::strong_ordering operator<=>(const Money &other) const noexcept;

private:
    std::int64_t m_units = 0;
    int m_afterPoint = 0;
};

struct Money::Parsed
{
    std::optional<Money> money;
    Problem problem{}; ///< where there is none
};

/// The sum of quantity × price, exactly.
class MoneySum
{
public:
    /// `quantity` is at most 1,000,000; ten thousand million such lines fit.
    void add(std::int64_t quantity, const Money &price) noexcept;
    bool is(const Money &total) const noexcept;

private:
    __extension__ typedef __int128 Wide;
    Wide m_units = 0; ///< of 10^-mostAfterPoint
};

/// Three letters of ISO 4217, upper case.
class Currency
{
public:
    Currency() = default; ///< EUR
    /// What the list has today, and what was withdrawn from it since 2020, since records outlive
    /// currencies.
    static std::optional<Currency> parse(std::string_view code);
    std::string_view code() const noexcept { return m_code; }
    bool operator==(const Currency &) const = default;

private:
    std::string_view m_code = "EUR"; ///< in the list, which is constant
};

} // namespace redrive::events
