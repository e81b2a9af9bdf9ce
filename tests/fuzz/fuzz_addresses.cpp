#include "core/base/time.h"
#include "core/kafka/connection.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

// Addresses and durations as people and files give them: refused or understood, and a port is
// always a port.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    using namespace redrive;
    const std::string_view text(reinterpret_cast<const char *>(data), size);
    if (const auto places = kafka::parseBootstrap(text))
        for (const auto &place : *places)
            if (place.host.empty() || place.port < 1 || place.port > 65535)
                std::abort();
    if (const auto mapping = kafka::parseAddressMapping(text))
        if (!kafka::parseHostPort(mapping->target))
            std::abort();
    if (const auto duration = parseDuration(text))
        if (duration->count() < 0)
            std::abort();
    return 0;
}
