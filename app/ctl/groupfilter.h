#pragma once

#include "core/base/error.h"
#include "core/model/group.h"

#include <optional>
#include <regex>
#include <set>
#include <string>

namespace redrive::ctl {

/// What `groups list` was asked to leave in.
class GroupFilter
{
public:
    /// What was not given lets everything through. What makes no sense, also an empty list of
    /// states or an empty type, is a usage error that names the option and the value.
    static Result<GroupFilter> parse(const std::optional<std::string> &states,
                                     const std::optional<std::string> &type,
                                     const std::optional<std::string> &match);

    bool lets(const GroupListing &listing) const;

private:
    std::set<std::optional<GroupState>> m_states; ///< an empty optional is Unknown
    bool m_anyType = true;
    std::optional<GroupType> m_type;   ///< empty: unknown
    std::optional<std::regex> m_match; ///< matches whole names that the expression is found in
};

} // namespace redrive::ctl
