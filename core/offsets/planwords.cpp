#include "core/offsets/planwords.h"

#include <array>
#include <utility>

namespace redrive::offsets {

namespace {

using Kind = Error::Kind;

constexpr std::array<std::pair<Kind, std::string_view>, 13> kinds{
    {{Kind::Usage, "usage"},
     {Kind::Config, "config"},
     {Kind::Resolve, "resolve"},
     {Kind::Transport, "transport"},
     {Kind::Tls, "tls"},
     {Kind::Authentication, "authentication"},
     {Kind::Authorization, "authorization"},
     {Kind::Broker, "broker"},
     {Kind::Timeout, "timeout"},
     {Kind::Cancelled, "cancelled"},
     {Kind::Refused, "refused"},
     {Kind::Unsupported, "unsupported"},
     {Kind::Internal, "internal"}}};

/// In the order of the variant.
constexpr std::array<std::string_view, std::variant_size_v<Target>> targets{
    "earliest", "latest", "time",  "ago",    "shift", "latest_minus",
    "offset",   "table",  "group", "delete", "undo"};

} // namespace

std::string_view wordOf(Error::Kind kind)
{
    for (const auto &[known, word] : kinds)
        if (known == kind)
            return word;
    return {};
}

std::optional<Error::Kind> kindFrom(std::string_view word)
{
    for (const auto &[kind, known] : kinds)
        if (known == word)
            return kind;
    return {};
}

std::optional<GroupState> stateFrom(std::string_view word)
{
    for (const auto state : {GroupState::PreparingRebalance, GroupState::CompletingRebalance,
                             GroupState::Stable, GroupState::Empty, GroupState::Dead})
        if (name(state) == word)
            return state;
    return {};
}

std::string_view wordOf(const Target &target)
{
    return targets.at(target.index());
}

} // namespace redrive::offsets
