#include "core/events/money.h"

#include <algorithm>
#include <array>

namespace redrive::events {

namespace {

__extension__ typedef __int128 Wide;

constexpr std::array<std::int64_t, Money::mostAfterPoint + 1> powersOfTen{1, 10, 100, 1000, 10000};

Wide inFinestUnits(const Money &money) noexcept
{
    return static_cast<Wide>(money.units()) *
           powersOfTen[static_cast<std::size_t>(Money::mostAfterPoint - money.afterPoint())];
}

// ISO 4217 list one of 2026, with what left it since 2020: ANG BGN CUC HRK SLL ZWL.
constexpr std::string_view currencies[]{
    "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT",
    "BGN", "BHD", "BIF", "BMD", "BND", "BOB", "BOV", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD",
    "CAD", "CDF", "CHE", "CHF", "CHW", "CLF", "CLP", "CNY", "COP", "COU", "CRC", "CUC", "CUP",
    "CVE", "CZK", "DJF", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP",
    "GEL", "GHS", "GIP", "GMD", "GNF", "GTQ", "GYD", "HKD", "HNL", "HRK", "HTG", "HUF", "IDR",
    "ILS", "INR", "IQD", "IRR", "ISK", "JMD", "JOD", "JPY", "KES", "KGS", "KHR", "KMF", "KPW",
    "KRW", "KWD", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL", "LYD", "MAD", "MDL", "MGA",
    "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR", "MWK", "MXN", "MXV", "MYR", "MZN", "NAD",
    "NGN", "NIO", "NOK", "NPR", "NZD", "OMR", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN", "PYG",
    "QAR", "RON", "RSD", "RUB", "RWF", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE",
    "SLL", "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TND", "TOP",
    "TRY", "TTD", "TWD", "TZS", "UAH", "UGX", "USD", "USN", "UYI", "UYU", "UYW", "UZS", "VED",
    "VES", "VND", "VUV", "WST", "XAD", "XAF", "XAG", "XAU", "XBA", "XBB", "XBC", "XBD", "XCD",
    "XCG", "XDR", "XOF", "XPD", "XPF", "XPT", "XSU", "XTS", "XUA", "XXX", "YER", "ZAR", "ZMW",
    "ZWG", "ZWL"};
static_assert(std::is_sorted(std::begin(currencies), std::end(currencies)));

bool isDigit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

/// A decimal as it was written, before it is known whether it is an amount.
struct Written
{
    bool isNegative = false;
    std::string significant; ///< all digits from the first that is not 0; no more than are counted
    std::size_t count = 0;   ///< of the significant digits
    std::int64_t afterPoint = 0; ///< less than 0: so many zeros follow
};

// Far beyond what any amount may have, so that nothing is lost by stopping there.
constexpr std::int64_t exponentLimit = 1'000'000'000;

std::optional<Written> readDecimal(std::string_view text)
{
    Written written;
    std::size_t at = 0;
    const auto now = [&] { return at < text.size() ? text[at] : '\0'; };
    const auto digits = [&] {
        const std::size_t from = at;
        for (; isDigit(now()); ++at) {
            if (written.count == 0 && now() == '0')
                continue;
            if (++written.count <= Money::mostDigits)
                written.significant += now();
        }
        return static_cast<std::int64_t>(at - from);
    };

    if (now() == '-') {
        written.isNegative = true;
        ++at;
    }
    if (digits() == 0)
        return {};
    if (now() == '.') {
        ++at;
        written.afterPoint = digits();
        if (written.afterPoint == 0)
            return {};
    }
    if (now() == 'e' || now() == 'E') {
        ++at;
        const bool isSmall = now() == '-';
        if (isSmall || now() == '+')
            ++at;
        if (!isDigit(now()))
            return {};
        std::int64_t exponent = 0;
        for (; isDigit(now()); ++at)
            exponent = std::min(exponent * 10 + (now() - '0'), exponentLimit);
        written.afterPoint += isSmall ? exponent : -exponent;
    }
    if (at != text.size())
        return {};
    return written;
}

} // namespace

Money::Parsed Money::parse(std::string_view digits)
{
    auto written = readDecimal(digits);
    if (!written)
        return {{}, Problem::NotANumber};
    const bool isZero = written->count == 0;
    if (written->isNegative && !isZero)
        return {{}, Problem::Negative};
    if (written->afterPoint > mostAfterPoint)
        return {{}, Problem::TooFine};
    const std::int64_t zeros = isZero ? 0 : std::max<std::int64_t>(0, -written->afterPoint);
    if (written->count > static_cast<std::size_t>(mostDigits) ||
        static_cast<std::int64_t>(written->count) + zeros > mostDigits)
        return {{}, Problem::TooManyDigits};
    written->significant.append(static_cast<std::size_t>(zeros), '0');

    Money money;
    for (const char c : written->significant)
        money.m_units = money.m_units * 10 + (c - '0');
    money.m_afterPoint = static_cast<int>(std::max<std::int64_t>(0, written->afterPoint));
    return {money, {}};
}

std::optional<Money> Money::of(std::int64_t units, int afterPoint)
{
    constexpr std::int64_t limit = 1'000'000'000'000'000'000;
    if (units < 0 || units >= limit || afterPoint < 0 || afterPoint > mostAfterPoint)
        return {};
    Money money;
    money.m_units = units;
    money.m_afterPoint = afterPoint;
    return money;
}

std::string Money::text() const
{
    std::string digits = std::to_string(m_units);
    if (m_afterPoint == 0)
        return digits;
    const auto after = static_cast<std::size_t>(m_afterPoint);
    if (digits.size() <= after)
        digits.insert(0, after + 1 - digits.size(), '0');
    digits.insert(digits.size() - after, 1, '.');
    return digits;
}

std::strong_ordering Money::operator<=>(const Money &other) const noexcept
{
    const Wide mine = inFinestUnits(*this);
    const Wide theirs = inFinestUnits(other);
    return mine < theirs   ? std::strong_ordering::less
           : mine > theirs ? std::strong_ordering::greater
                           : std::strong_ordering::equal;
}

void MoneySum::add(std::int64_t quantity, const Money &price) noexcept
{
    m_units += inFinestUnits(price) * quantity;
}

bool MoneySum::is(const Money &total) const noexcept
{
    return m_units == inFinestUnits(total);
}

std::optional<Currency> Currency::parse(std::string_view code)
{
    const auto *const found = std::lower_bound(std::begin(currencies), std::end(currencies), code);
    if (found == std::end(currencies) || *found != code)
        return {};
    Currency currency;
    currency.m_code = *found;
    return currency;
}

} // namespace redrive::events
