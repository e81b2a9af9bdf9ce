#pragma once

#include "core/events/produce.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace redrive::events {

/// An object's members in order: name and JSON value.
using Members = std::vector<std::pair<std::string, std::string>>;
std::string joined(const Members &members);

/// One way to spoil a good event.
struct Malformation
{
    std::string_view name;
    std::optional<std::string> (*spoil)(const Members &members);
};
std::span<const Malformation> malformationsOf(EventKind kind);

} // namespace redrive::events
