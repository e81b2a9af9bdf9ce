#include "core/decode/walker.h"

#include "core/base/text.h"
#include "core/decode/scratch.h"
#include "core/decode/syntax.h"
#include "core/decode/unescape.h"

#include <algorithm>

namespace redrive::decode {

namespace {

constexpr std::size_t longestNameShown = 64; ///< bytes; a key may be as long as its record
constexpr std::size_t fewKeys = 16;

Scratch &scratchOfThisThread()
{
    thread_local Scratch scratch;
    return scratch;
}

/// `.name` as a path has it.
std::string segment(std::string_view name)
{
    if (name.size() <= longestNameShown)
        return "." + visible(name);
    std::size_t end = longestNameShown;
    while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xc0U) == 0x80U)
        --end;
    return "." + visible(name.substr(0, end)) + "…";
}

bool endsValue(char c) noexcept
{
    return c == ',' || c == '}' || c == ']' || c == ' ' || c == '\n' || c == '\r' || c == '\t' ||
           c == ':' || c == '[' || c == '{';
}

std::string_view typeThatBeginsWith(char c)
{
    switch (c) {
    case '"': return "string";
    case '{': return "object";
    case '[': return "array";
    case 't':
    case 'f': return "boolean";
    case 'n': return "null";
    default: return "number";
    }
}

} // namespace

bool Walker::begin(std::optional<std::string_view> value)
{
    m_value = value;
    if (!value)
        return fail(Kind::NullValue);
    if (value->empty())
        return fail(Kind::EmptyValue);
    if (value->size() > m_options.maxValue)
        return fail(Kind::ValueTooLarge);
    m_data = value->data();
    m_size = value->size();
    m_scratch = &scratchOfThisThread();
    m_scratch->clear();
    if (!m_scratch->tokenizer.run(*value))
        return fail(Kind::Syntax);
    m_token = m_scratch->tokenizer.tokens();
    m_lastToken = m_token + m_scratch->tokenizer.count();
    m_hasEscapes = std::memchr(m_data, '\\', m_size) != nullptr;
    return true;
}

bool Walker::unescape(std::string_view raw, std::string *into)
{
    const auto result = decode::unescape(raw, into);
    if (result.state == Unescaped::Good)
        return true;
    if (result.state == Unescaped::BadEscape)
        return syntax();
    fail(Kind::LoneSurrogate);
    m_fault.byte = static_cast<std::size_t>(raw.data() - m_data) + result.at;
    return false;
}

bool Walker::unescapedKey(std::string_view &name)
{
    std::string characters;
    if (!unescape(name, &characters))
        return false;
    name = m_scratch->unescaped.emplace_back(std::move(characters));
    return true;
}

bool Walker::unescapedText(std::string_view raw, Text &into)
{
    std::string characters;
    if (!unescape(raw, &characters))
        return false;
    into = Text::owning(std::move(characters));
    return true;
}

bool Walker::number(std::string_view &digits, bool &isInteger)
{
    const std::size_t start = *m_token;
    const auto scanned = scanNumber({m_data, m_size}, start);
    if (!scanned.good || (scanned.end < m_size && !endsValue(m_data[scanned.end])))
        return syntax();
    ++m_token;
    digits = {m_data + start, scanned.end - start};
    isInteger = scanned.isInteger;
    return true;
}

bool Walker::literal(std::string_view word)
{
    const std::size_t start = *m_token;
    const std::size_t end = start + word.size();
    if (std::string_view(m_data, m_size).substr(start, word.size()) != word ||
        (end < m_size && !endsValue(m_data[end])))
        return syntax();
    ++m_token;
    return true;
}

bool Walker::textOfInteger(Text &into, Form form)
{
    if (form != Form::StringOrInteger)
        return wrongType("string");
    constexpr std::string_view expected = "string or integer";
    if (typeThatBeginsWith(peek()) != "number")
        return wrongType(expected);
    const std::size_t start = *m_token;
    std::string_view digits;
    bool isInteger = false;
    if (!number(digits, isInteger))
        return false;
    if (!isInteger) {
        --m_token;
        return wrongType(expected);
    }
    into = Text(std::string_view(m_data + start, digits.size()));
    return true;
}

bool Walker::read(Number &into, Form)
{
    bool isInteger = false;
    if (typeThatBeginsWith(peek()) != "number")
        return wrongType("number");
    return number(into.digits, isInteger);
}

bool Walker::read(Integer &into, Form)
{
    bool isInteger = false;
    if (typeThatBeginsWith(peek()) != "number")
        return wrongType("integer");
    if (!number(into.digits, isInteger))
        return false;
    if (!isInteger) {
        --m_token;
        return wrongType("integer");
    }
    return true;
}

bool Walker::read(bool &into, Form)
{
    into = peek() == 't';
    if (!into && peek() != 'f')
        return wrongType("boolean");
    return literal(into ? "true" : "false");
}

bool Walker::skip()
{
    switch (peek()) {
    case '"': return skipString();
    case '{': return skipObject();
    case '[': return skipArray();
    case 't': return literal("true");
    case 'f': return literal("false");
    case 'n': return literal("null");
    default: break;
    }
    if (m_token == m_lastToken)
        return syntax();
    std::string_view digits;
    bool isInteger = false;
    return number(digits, isInteger);
}

bool Walker::skipString()
{
    std::string_view raw;
    return rawString(raw) && (!hasEscapes(raw) || unescape(raw, nullptr));
}

bool Walker::skipArray()
{
    if (!open('[', "array"))
        return false;
    if (peek() == ']') {
        ++m_token;
    } else {
        std::size_t index = 0;
        for (char after = ','; after != ']'; ++index) {
            if (!skip())
                return insideElement(index);
            after = take();
            if (after != ',' && after != ']')
                return syntax();
        }
    }
    --m_depth;
    return true;
}

bool Walker::skipObject()
{
    if (!open('{', "object"))
        return false;
    const std::size_t keysFrom = otherKeys();
    if (peek() == '}') {
        ++m_token;
    } else {
        for (char after = ','; after != '}';) {
            const std::size_t at = *m_token;
            std::string_view name;
            if (!key(name) || !otherField(name, at, true))
                return false;
            after = take();
            if (after != ',' && after != '}')
                return syntax();
        }
    }
    --m_depth;
    return othersDiffer(keysFrom);
}

bool Walker::otherField(std::string_view name, std::size_t at, bool isOpen)
{
    if (m_options.refuseUnknownFields && !isOpen)
        return failAt(at, Kind::Unknown, name);
    m_scratch->keys.push_back({name, at});
    return skip() || insideField(name);
}

std::size_t Walker::otherKeys() const noexcept
{
    return m_scratch->keys.size();
}

/// Whether the keys from there on are all different; they are forgotten then.
bool Walker::othersDiffer(std::size_t from)
{
    auto &keys = m_scratch->keys;
    const auto first = keys.begin() + static_cast<std::ptrdiff_t>(from);
    const Scratch::Key *twice = nullptr;
    if (keys.size() - from <= fewKeys) {
        for (auto later = first; later != keys.end() && twice == nullptr; ++later)
            for (auto earlier = first; earlier != later; ++earlier)
                if (earlier->name == later->name)
                    twice = &*later;
    } else {
        std::sort(first, keys.end(), [](const auto &a, const auto &b) {
            return a.name != b.name ? a.name < b.name : a.at < b.at;
        });
        for (auto later = first + 1; later != keys.end(); ++later)
            if ((later - 1)->name == later->name && (twice == nullptr || later->at < twice->at))
                twice = &*later;
    }
    if (twice != nullptr)
        return failAt(twice->at, Kind::Duplicate, twice->name);
    keys.resize(from);
    return true;
}

bool Walker::fail(Kind kind)
{
    m_fault.kind = kind;
    if (m_token != nullptr)
        m_fault.byte = *m_token;
    return false;
}

bool Walker::failAt(std::size_t at, Kind kind, std::string_view name)
{
    m_fault.kind = kind;
    m_fault.byte = at;
    m_fault.path = segment(name);
    return false;
}

bool Walker::wrongType(std::string_view expected)
{
    m_fault.expected = expected;
    return fail(m_token == m_lastToken ? Kind::Syntax : Kind::WrongType);
}

bool Walker::missing(std::string_view name)
{
    m_fault.kind = Kind::Missing;
    m_fault.path = segment(name);
    return false;
}

bool Walker::insideField(std::string_view name)
{
    m_fault.path.insert(0, segment(name));
    return false;
}

bool Walker::insideElement(std::size_t index)
{
    m_fault.path.insert(0, "[" + std::to_string(index) + "]");
    return false;
}

DecodeError Walker::explain() const
{
    switch (m_fault.kind) {
    case Kind::NullValue: return {.message = "null value", .path = {}, .byte = {}};
    case Kind::EmptyValue: return {.message = "empty value", .path = {}, .byte = {}};
    case Kind::ValueTooLarge:
        return {.message = "value of " + std::to_string(m_value->size()) +
                           " bytes is over the limit of " + std::to_string(m_options.maxValue),
                .path = {},
                .byte = {}};
    default: break;
    }

    const auto at = [](std::size_t byte) { return " at byte " + std::to_string(byte); };
    if (const auto wrong = firstSyntaxFault(*m_value, depthLimit)) {
        switch (wrong->problem) {
        case SyntaxProblem::NotUtf8:
            return {.message = "invalid UTF-8" + at(wrong->byte), .path = {}, .byte = wrong->byte};
        case SyntaxProblem::TooDeep:
            return {.message =
                        "nesting deeper than " + std::to_string(depthLimit) + at(wrong->byte),
                    .path = {},
                    .byte = wrong->byte};
        case SyntaxProblem::NotJson: break;
        }
        return {.message = "invalid JSON" + at(wrong->byte), .path = {}, .byte = wrong->byte};
    }

    DecodeError error{.message = {}, .path = "$" + m_fault.path, .byte = m_fault.byte};
    switch (m_fault.kind) {
    case Kind::WrongType:
        error.message = "expected " + std::string(m_fault.expected) + " at " + error.path +
                        ", got " + std::string(typeThatBeginsWith((*m_value)[*m_fault.byte]));
        break;
    case Kind::Missing: error.message = "missing required field " + error.path; break;
    case Kind::Unknown: error.message = "unknown field " + error.path; break;
    case Kind::Duplicate: error.message = "duplicate key " + error.path; break;
    case Kind::LoneSurrogate: error.message = "lone surrogate at " + error.path; break;
    default:
        // Not reached while both readers agree on what JSON is, which a test and a fuzzer hold.
        error = {.message = "invalid JSON" + at(m_fault.byte.value_or(0)),
                 .path = {},
                 .byte = m_fault.byte};
    }
    return error;
}

} // namespace redrive::decode
