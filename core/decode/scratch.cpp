#include "core/decode/scratch.h"

#include <new>
#include <simdjson.h>
#include <stdexcept>

namespace redrive::decode {

namespace {

// Room for what most records are; what a rare large one needed beyond the second is given back by
// the next that is small.
constexpr std::size_t usualCapacity = std::size_t{64} * 1024;
constexpr std::size_t keptCapacity = std::size_t{1024} * 1024;
constexpr std::size_t keptKeys = 4096;

} // namespace

struct Tokenizer::Parser
{
    std::unique_ptr<simdjson::internal::dom_parser_implementation> stages;

    void reserve(std::size_t size)
    {
        const std::size_t has = stages ? stages->capacity() : 0;
        if (size <= has && (has <= keptCapacity || size > usualCapacity))
            return;
        stages.reset();
        if (simdjson::get_active_implementation()->create_dom_parser_implementation(
                std::max(std::bit_ceil(size), usualCapacity), 1, stages) != simdjson::SUCCESS)
            throw std::bad_alloc();
    }
};

Tokenizer::Tokenizer()
    : m_parser(std::make_unique<Parser>())
{
}

Tokenizer::~Tokenizer() = default;

bool Tokenizer::run(std::string_view bytes)
{
    m_parser->reserve(bytes.size());
    auto &stages = *m_parser->stages;
    // Stage 1 copies the last partial block before it looks at it: no padding is needed behind
    // `bytes`, unlike in the stages after it.
    const auto problem = stages.stage1(reinterpret_cast<const std::uint8_t *>(bytes.data()),
                                       bytes.size(), simdjson::stage1_mode::regular);
    m_tokens = stages.structural_indexes.get();
    m_count = stages.n_structural_indexes;
    return problem == simdjson::SUCCESS;
}

void Scratch::clear()
{
    keys.clear();
    if (keys.capacity() > keptKeys)
        keys.shrink_to_fit();
    if (!unescaped.empty())
        unescaped.clear();
}

} // namespace redrive::decode
