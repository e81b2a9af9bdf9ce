#pragma once

#include "core/base/error.h"

#include <optional>
#include <string>
#include <string_view>

namespace redrive::kafka {

/// How far a profile lets its cluster be changed (S1).
enum class AccessMode
{
    ReadOnly, ///< nothing is changed, whatever is confirmed
    Confirm,  ///< the name of what is changed has to be typed
    Free,     ///< a plain yes is enough
};

std::string_view name(AccessMode mode); ///< `read-only`, `confirm`, `free`

struct AccessPolicy
{
    AccessMode mode = AccessMode::Free;
    bool production = false;
    bool operator==(const AccessPolicy &) const = default;
};

/// A profile marked production is read-only unless it is set to confirm, and never free.
AccessPolicy effectivePolicy(std::optional<AccessMode> asked, bool production);

/// What is about to be changed, in words that can be shown and journalled.
struct Mutation
{
    std::string action; ///< "reset offsets", "delete group"
    std::string target; ///< the group or topic whose name confirms it
};

/// What the person or script said to it.
struct Confirmation
{
    bool yes = false;
    std::optional<std::string> typedName;
};

/// Leave to send one mutating request. Every function that changes a cluster takes one, and only
/// the guard makes them, so there is no way around it (S1): tests/unit/guard and the build's symbol
/// check hold this to be true.
class Permit
{
public:
    const Mutation &mutation() const noexcept { return m_mutation; }

private:
    friend class WriteGuard;
    explicit Permit(Mutation mutation)
        : m_mutation(std::move(mutation))
    {
    }
    Mutation m_mutation;
};

/// The one guard under every front end. A value made from the profile when a cluster is opened; any
/// thread.
class WriteGuard
{
public:
    explicit WriteGuard(AccessPolicy policy)
        : m_policy(policy)
    {
    }
    const AccessPolicy &policy() const noexcept { return m_policy; }

    /// Refusals carry the codes READ_ONLY, CONFIRMATION_MISSING and CONFIRMATION_MISMATCH.
    Result<Permit> authorise(Mutation mutation, const Confirmation &confirmation) const;

private:
    AccessPolicy m_policy;
};

} // namespace redrive::kafka
