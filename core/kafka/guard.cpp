#include "core/kafka/guard.h"

#include <utility>

namespace redrive::kafka {

namespace {

Error refusal(std::string code, std::string message, const Mutation &mutation)
{
    return Error{.kind = Error::Kind::Refused,
                 .code = std::move(code),
                 .message = std::move(message),
                 .attempted = mutation.action + " on " + mutation.target,
                 .retriable = false};
}

} // namespace

std::string_view name(AccessMode mode)
{
    switch (mode) {
    case AccessMode::ReadOnly: return "read-only";
    case AccessMode::Confirm: return "confirm";
    case AccessMode::Free: return "free";
    }
    return "read-only";
}

AccessPolicy effectivePolicy(std::optional<AccessMode> asked, bool production)
{
    if (!production)
        return {.mode = asked.value_or(AccessMode::Free), .production = false};
    const bool confirms = asked == AccessMode::Confirm;
    return {.mode = confirms ? AccessMode::Confirm : AccessMode::ReadOnly, .production = true};
}

Result<Permit> WriteGuard::authorise(Mutation mutation, const Confirmation &confirmation) const
{
    switch (m_policy.mode) {
    case AccessMode::ReadOnly: return refusal("READ_ONLY", "the profile is read-only", mutation);
    case AccessMode::Confirm:
        if (!confirmation.typedName)
            return refusal("CONFIRMATION_MISSING", "the profile asks for the name to be typed",
                           mutation);
        if (*confirmation.typedName != mutation.target)
            return refusal("CONFIRMATION_MISMATCH",
                           "the name typed is not the name of what would be changed", mutation);
        return Permit(std::move(mutation));
    case AccessMode::Free:
        if (confirmation.typedName && *confirmation.typedName != mutation.target)
            return refusal("CONFIRMATION_MISMATCH",
                           "the name typed is not the name of what would be changed", mutation);
        if (!confirmation.yes && !confirmation.typedName)
            return refusal("CONFIRMATION_MISSING", "nobody confirmed it", mutation);
        return Permit(std::move(mutation));
    }
    return refusal("READ_ONLY", "the profile's mode is not known", mutation);
}

} // namespace redrive::kafka
