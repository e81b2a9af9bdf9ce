#include "core/model/group.h"

namespace redrive {

std::string_view name(GroupState state)
{
    switch (state) {
    case GroupState::PreparingRebalance: return "PreparingRebalance";
    case GroupState::CompletingRebalance: return "CompletingRebalance";
    case GroupState::Stable: return "Stable";
    case GroupState::Empty: return "Empty";
    case GroupState::Dead: return "Dead";
    }
    return "";
}

std::string_view name(GroupType type)
{
    return type == GroupType::Classic ? "classic" : "consumer";
}

} // namespace redrive
