#include "core/workspace/profilestore.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

// Whatever is in profiles.toml: it is read without harm, and what was read can be written and read
// again as it was.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    using namespace redrive::workspace;
    const auto loaded = parseProfiles({reinterpret_cast<const char *>(data), size});
    if (!loaded.problems.empty())
        return 0;
    for (const auto &profile : loaded.profiles) {
        const auto again = parseProfiles(toToml(profile));
        if (again.profiles.size() != 1 || !(again.profiles.front() == profile))
            std::abort();
    }
    return 0;
}
