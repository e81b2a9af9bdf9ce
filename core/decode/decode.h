#pragma once

#include "core/decode/error.h"
#include "core/decode/walker.h"

#include <optional>
#include <string_view>

namespace redrive::decode {

/// JSON bytes straight into a described struct, in one pass and without a tree between. Every byte
/// is checked, also of what is not read: syntax, UTF-8, escapes, keys that come twice, nesting
/// beyond 128. Text, Number, Integer and Raw look into `value` afterwards, so it must outlive
/// `into`. What `into` held before is replaced; after an error it holds anything. `T` is a
/// described struct, Kept of one, or anything else that a field may be.
///
/// Thread-safe: each thread has its own scratch memory, some five times the largest value, which
/// shrinks again with the first small value after a large one. Throws std::bad_alloc and nothing
/// else.
template <typename T>
[[nodiscard]] std::optional<DecodeError> decode(std::optional<std::string_view> value, T &into,
                                                const Options &options = {})
{
    Walker walker(options);
    if (walker.begin(value) && walker.document(into)) [[likely]]
        return {};
    return walker.explain();
}

} // namespace redrive::decode
