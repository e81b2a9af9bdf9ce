#include "core/workspace/profilestore.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

// Whatever is imported: nothing that loads code or runs a command comes through, and no literal
// secret is in the profile.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    using namespace redrive;
    const auto imported =
        workspace::importProperties({reinterpret_cast<const char *>(data), size}, "fuzz");
    if (!imported)
        return 0;
    for (const auto &[key, value] : imported->profile.properties) {
        if (!kafka::checkProperty(key, value))
            std::abort();
        if (kafka::isSecret(key) && !value.starts_with("env:") && !value.starts_with("keychain:"))
            std::abort();
    }
    return 0;
}
