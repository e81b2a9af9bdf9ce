#include "core/base/text.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

// Whatever the bytes: the result is valid UTF-8 without a control character, and two halves never
// read the same unless they are the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view bytes(reinterpret_cast<const char *>(data), size);
    const std::string shown = redrive::visible(bytes);
    if (!redrive::isValidUtf8(shown))
        std::abort();
    for (const char c : shown)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            std::abort();
    const auto left = bytes.substr(0, size / 2);
    const auto right = bytes.substr(size / 2);
    if (left != right && redrive::visible(left) == redrive::visible(right))
        std::abort();
    return 0;
}
