#include "core/decode/syntax.h"

#include "core/base/text.h"

#include <vector>

namespace redrive::decode {

namespace {

bool isDigit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

/// The first byte of the first sequence that is not UTF-8; the size where there is none.
std::size_t firstNotUtf8(std::string_view bytes)
{
    std::size_t good = 0;
    while (good < bytes.size()) {
        std::size_t length = 1;
        const auto lead = static_cast<unsigned char>(bytes[good]);
        if (lead >= 0xf0)
            length = 4;
        else if (lead >= 0xe0)
            length = 3;
        else if (lead >= 0x80)
            length = 2;
        if (length > 1 && !isValidUtf8(bytes.substr(good, length)))
            return good;
        good += length;
    }
    return bytes.size();
}

/// A document read byte by byte, with a stack of its own.
class Reader
{
public:
    Reader(std::string_view bytes, std::size_t depthLimit)
        : m_bytes(bytes)
        , m_depthLimit(depthLimit)
    {
    }

    std::optional<SyntaxFault> fault()
    {
        if (!document())
            return SyntaxFault{m_problem, m_at};
        return {};
    }

private:
    bool atEnd() const { return m_at >= m_bytes.size(); }
    char now() const { return atEnd() ? '\0' : m_bytes[m_at]; }
    void skipBlanks()
    {
        while (now() == ' ' || now() == '\t' || now() == '\n' || now() == '\r')
            ++m_at;
    }
    bool take(char c)
    {
        if (atEnd() || now() != c)
            return false;
        ++m_at;
        return true;
    }

    bool document()
    {
        // One turn: a value begins here. It may be followed by any number of closing brackets.
        for (;;) {
            skipBlanks();
            const char c = now();
            if (c == '{' || c == '[') {
                if (m_open.size() == m_depthLimit) {
                    m_problem = SyntaxProblem::TooDeep;
                    return false;
                }
                ++m_at;
                m_open.push_back(c);
                skipBlanks();
                if (now() != (c == '{' ? '}' : ']')) {
                    if (c == '{' && !name())
                        return false;
                    continue;
                }
            } else if (!scalar()) {
                return false;
            }
            bool more = false;
            if (!close(more))
                return false;
            if (!more)
                return atEnd();
        }
    }

    /// Behind a value: closes what closes here. `more`: another value begins.
    bool close(bool &more)
    {
        for (;;) {
            skipBlanks();
            if (m_open.empty())
                return true;
            if (take(m_open.back() == '{' ? '}' : ']')) {
                m_open.pop_back();
                continue;
            }
            if (!take(','))
                return false;
            more = true;
            return m_open.back() != '{' || name();
        }
    }

    bool name()
    {
        skipBlanks();
        if (!string())
            return false;
        skipBlanks();
        return take(':');
    }

    bool scalar()
    {
        switch (now()) {
        case '"': return string();
        case 't': return word("true");
        case 'f': return word("false");
        case 'n': return word("null");
        default: break;
        }
        const auto number = scanNumber(m_bytes, m_at);
        m_at = number.end;
        return number.good;
    }

    bool word(std::string_view expected)
    {
        for (const char c : expected)
            if (!take(c))
                return false;
        return true;
    }

    bool string()
    {
        if (!take('"'))
            return false;
        while (!atEnd()) {
            const char c = now();
            if (static_cast<unsigned char>(c) < 0x20)
                return false;
            ++m_at;
            if (c == '"')
                return true;
            if (c == '\\' && !escape())
                return false;
        }
        return false;
    }

    bool escape()
    {
        if (atEnd() || std::string_view("\"\\/bfnrtu").find(now()) == std::string_view::npos)
            return false;
        const bool isCode = now() == 'u';
        ++m_at;
        for (int digit = 0; isCode && digit < 4; ++digit) {
            const char c = now();
            if (!isDigit(c) && !(c >= 'a' && c <= 'f') && !(c >= 'A' && c <= 'F'))
                return false;
            ++m_at;
        }
        return true;
    }

    std::string_view m_bytes;
    std::size_t m_depthLimit;
    std::size_t m_at = 0;
    std::vector<char> m_open;
    SyntaxProblem m_problem = SyntaxProblem::NotJson;
};

} // namespace

ScannedNumber scanNumber(std::string_view bytes, std::size_t at) noexcept
{
    const auto now = [&] { return at < bytes.size() ? bytes[at] : '\0'; };
    const auto digits = [&] {
        const std::size_t first = at;
        while (isDigit(now()))
            ++at;
        return at != first;
    };
    bool isInteger = true;
    if (now() == '-')
        ++at;
    if (now() == '0')
        ++at;
    else if (!digits())
        return {at, false, isInteger};
    if (now() == '.') {
        isInteger = false;
        ++at;
        if (!digits())
            return {at, false, isInteger};
    }
    if (now() == 'e' || now() == 'E') {
        isInteger = false;
        ++at;
        if (now() == '+' || now() == '-')
            ++at;
        if (!digits())
            return {at, false, isInteger};
    }
    return {at, true, isInteger};
}

std::optional<SyntaxFault> firstSyntaxFault(std::string_view bytes, std::size_t depthLimit)
{
    if (const auto at = firstNotUtf8(bytes); at != bytes.size())
        return SyntaxFault{SyntaxProblem::NotUtf8, at};
    return Reader(bytes, depthLimit).fault();
}

} // namespace redrive::decode
