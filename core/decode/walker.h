#pragma once

#include "core/decode/description.h"
#include "core/decode/error.h"
#include "core/decode/values.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace redrive::decode {

struct Options
{
    bool refuseUnknownFields = false;
    std::size_t maxValue = std::size_t{4} * 1024 * 1024;
};

inline constexpr std::size_t depthLimit = 128;

struct Scratch;

/// One walk over the tokens of one document, filling structs as it goes: what decode() is made of.
/// The tokens are simdjson's (stage 1, which also checks UTF-8 and control characters); that they
/// make JSON is checked here, for what is read and for what is skipped alike. A function that
/// returns false has left its reason in m_fault.
class Walker
{
public:
    explicit Walker(const Options &options)
        : m_options(options)
    {
    }

    bool begin(std::optional<std::string_view> value);
    template <typename T>
    bool document(T &into)
    {
        return read(into, Form::Plain) && (m_token == m_lastToken || syntax());
    }
    /// After a false. Looks through the whole document first: what is not JSON is said to be that,
    /// whatever else is wrong with it.
    DecodeError explain() const;

private:
    enum class Kind : std::uint8_t
    {
        None,
        NullValue,
        EmptyValue,
        ValueTooLarge,
        Syntax,
        TooDeep,
        WrongType,
        Missing,
        Unknown,
        Duplicate,
        LoneSurrogate
    };
    struct Fault
    {
        Kind kind = Kind::None;
        std::string_view expected; ///< of WrongType
        std::string path;          ///< from the part that is wrong outwards, as the calls return
        std::optional<std::size_t> byte;
    };

    // Tokens

    /// The byte that begins the next token; NUL at the end, which begins none.
    char peek() const noexcept { return m_token != m_lastToken ? m_data[*m_token] : '\0'; }
    char take() noexcept { return m_token != m_lastToken ? m_data[*m_token++] : '\0'; }
    static bool isBlank(char c) noexcept { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
    /// Where the token or value before the next token ends.
    std::size_t endOfLast() const noexcept
    {
        std::size_t end = *m_token; // behind the last token lies the document's size
        while (end > 0 && isBlank(m_data[end - 1]))
            --end;
        return end;
    }
    /// What lies between the quotes, escapes and all.
    bool rawString(std::string_view &raw)
    {
        const std::size_t start = *m_token++ + std::size_t{1};
        const std::size_t end = endOfLast();
        if (end <= start || m_data[end - 1] != '"')
            return syntax();
        raw = {m_data + start, end - 1 - start};
        return true;
    }
    bool hasEscapes(std::string_view raw) const noexcept
    {
        return m_hasEscapes && std::memchr(raw.data(), '\\', raw.size()) != nullptr;
    }
    bool key(std::string_view &name)
    {
        if (peek() != '"' || !rawString(name))
            return syntax();
        if (hasEscapes(name) && !unescapedKey(name))
            return false;
        return take() == ':' || syntax();
    }
    bool unescapedKey(std::string_view &name);
    bool unescape(std::string_view raw, std::string *into);
    bool number(std::string_view &digits, bool &isInteger);
    bool literal(std::string_view word);

    bool open(char bracket, std::string_view expected)
    {
        if (peek() != bracket) [[unlikely]]
            return wrongType(expected);
        if (++m_depth > depthLimit) [[unlikely]]
            return fail(Kind::TooDeep);
        ++m_token;
        return true;
    }

    // Values, by the type that they go into

    bool read(Text &into, Form form)
    {
        if (peek() != '"') [[unlikely]]
            return textOfInteger(into, form);
        std::string_view raw;
        if (!rawString(raw))
            return false;
        if (hasEscapes(raw)) [[unlikely]]
            return unescapedText(raw, into);
        into = Text(raw);
        return true;
    }
    bool textOfInteger(Text &into, Form form);
    bool unescapedText(std::string_view raw, Text &into);
    bool read(Number &into, Form form);
    bool read(Integer &into, Form form);
    bool read(bool &into, Form form);
    bool read(Raw &into, Form)
    {
        const std::size_t start = *m_token;
        if (!skip())
            return false;
        into.bytes = {m_data + start, endOfLast() - start};
        return true;
    }
    template <typename T>
    bool read(Kept<T> &into, Form form)
    {
        const std::size_t start = *m_token;
        if (!read(into.value, form))
            return false;
        into.bytes = {m_data + start, endOfLast() - start};
        return true;
    }
    template <typename T>
    bool read(std::optional<T> &into, Form form)
    {
        return read(into.emplace(), form);
    }
    template <typename T>
    bool read(std::vector<T> &into, Form form)
    {
        into.clear();
        if (!open('[', "array"))
            return false;
        if (peek() == ']') {
            ++m_token;
        } else {
            for (char after = ','; after != ']';) {
                if (!read(into.emplace_back(), form)) [[unlikely]]
                    return insideElement(into.size() - 1);
                after = take();
                if (after != ',' && after != ']') [[unlikely]]
                    return syntax();
            }
        }
        --m_depth;
        return true;
    }
    template <Described T>
    bool read(T &into, Form)
    {
        return object(into, std::make_index_sequence<fieldCount<T>>());
    }

    template <typename T>
    static constexpr std::size_t fieldCount =
        std::tuple_size_v<std::remove_cvref_t<decltype(description<T>.fields)>>;

    template <typename T, std::size_t... I>
    bool object(T &into, std::index_sequence<I...> fields)
    {
        if (!open('{', "object"))
            return false;
        std::uint64_t seen = 0;
        const std::size_t othersFrom = otherKeys();
        if (peek() == '}') {
            ++m_token;
        } else {
            for (char after = ','; after != '}';) {
                const std::size_t at = *m_token;
                std::string_view name;
                if (!key(name)) [[unlikely]]
                    return false;
                bool good = true;
                const bool known = (field<T, I>(into, name, seen, at, good) || ...);
                if (!known)
                    good = otherField(name, at, description<T>.open);
                if (!good) [[unlikely]]
                    return false;
                after = take();
                if (after != ',' && after != '}') [[unlikely]]
                    return syntax();
            }
        }
        --m_depth;
        if (otherKeys() != othersFrom && !othersDiffer(othersFrom))
            return false;
        return finish(into, seen, fields);
    }

    /// Whether this is the field called `name`; `good` becomes false where its value is not.
    template <typename T, std::size_t I>
    bool field(T &into, std::string_view name, std::uint64_t &seen, std::size_t at, bool &good)
    {
        constexpr auto &described = std::get<I>(description<T>.fields);
        if (name.size() != described.name.size() ||
            std::memcmp(name.data(), described.name.data(), described.name.size()) != 0)
            return false;
        if (((seen >> I) & 1U) != 0) [[unlikely]] {
            good = failAt(at, Kind::Duplicate, described.name);
            return true;
        }
        seen |= std::uint64_t{1} << I;
        auto &member = into.*(described.member);
        if constexpr (described.presence == Presence::Nullable) {
            if (peek() == 'n') {
                member = {};
                good = literal("null");
                return true;
            }
        }
        good = read(member, described.form) || insideField(described.name);
        return true;
    }

    template <typename T, std::size_t... I>
    bool finish(T &into, std::uint64_t seen, std::index_sequence<I...>)
    {
        return (finishField<T, I>(into, seen) && ...);
    }
    template <typename T, std::size_t I>
    bool finishField(T &into, std::uint64_t seen)
    {
        if (((seen >> I) & 1U) != 0)
            return true;
        constexpr auto &described = std::get<I>(description<T>.fields);
        if constexpr (described.presence == Presence::Required)
            return missing(described.name);
        if constexpr (described.presence == Presence::RequiredUnlessNext) {
            if (((seen >> (I + 1)) & 1U) == 0)
                return missing(described.name);
        }
        into.*(described.member) = {};
        return true;
    }

    // What nobody asked for

    bool skip();
    bool skipObject();
    bool skipArray();
    bool skipString();
    bool otherField(std::string_view name, std::size_t at, bool isOpen);
    std::size_t otherKeys() const noexcept;
    bool othersDiffer(std::size_t from);

    // Faults. All return false; the path grows from the inside out.

    bool fail(Kind kind);
    bool failAt(std::size_t at, Kind kind, std::string_view name);
    bool syntax() { return fail(Kind::Syntax); }
    bool wrongType(std::string_view expected);
    bool missing(std::string_view name);
    bool insideField(std::string_view name);
    bool insideElement(std::size_t index);

    Options m_options;
    std::optional<std::string_view> m_value;
    const char *m_data = nullptr;
    std::size_t m_size = 0;
    const std::uint32_t *m_token = nullptr;
    const std::uint32_t *m_lastToken = nullptr; ///< one behind the last; holds the document's size
    std::size_t m_depth = 0;
    bool m_hasEscapes = false;
    Scratch *m_scratch = nullptr; ///< the thread's
    Fault m_fault;
};

} // namespace redrive::decode
