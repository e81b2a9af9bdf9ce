#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace redrive::decode {

/// simdjson's first stage behind a wall, since its header is a megabyte.
class Tokenizer
{
public:
    Tokenizer();
    ~Tokenizer();
    Tokenizer(const Tokenizer &) = delete;
    Tokenizer &operator=(const Tokenizer &) = delete;

    /// False where the bytes are not UTF-8, a string does not end or holds a control character, or
    /// there is nothing but blanks. Reads nothing behind `bytes`.
    bool run(std::string_view bytes);
    /// Where each bracket, comma, colon and value begins; behind the last one lies bytes.size().
    const std::uint32_t *tokens() const noexcept { return m_tokens; }
    std::size_t count() const noexcept { return m_count; }

private:
    struct Parser;
    std::unique_ptr<Parser> m_parser;
    const std::uint32_t *m_tokens = nullptr;
    std::size_t m_count = 0;
};

/// What a thread's decoding uses again and again.
struct Scratch
{
    struct Key
    {
        std::string_view name;
        std::size_t at = 0;
    };
    Tokenizer tokenizer;
    std::vector<Key> keys;             ///< of the open objects, those that were not asked for
    std::deque<std::string> unescaped; ///< keys that were written with escapes

    /// Ready for another document.
    void clear();
};

} // namespace redrive::decode
