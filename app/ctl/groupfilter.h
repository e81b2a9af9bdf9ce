#pragma once

#include "core/base/error.h"
#include "core/model/group.h"

#include <optional>
#include <regex>
#include <set>
#include <string>
#include <string_view>

namespace redrive::ctl {

/// What `groups list` was asked to leave in.
class GroupFilter
{
public:
    /// Empty texts let everything through. What makes no sense is a usage error that names the
    /// option and the value.
    static Result<GroupFilter> parse(std::string_view states, std::string_view type,
                                     const std::string &match);

    bool lets(const GroupListing &listing) const;

private:
    std::set<std::optional<GroupState>> m_states; ///< an empty optional is Unknown
    bool m_anyType = true;
    std::optional<GroupType> m_type;   ///< empty: unknown
    std::optional<std::regex> m_match; ///< matches whole names that the expression is found in
};

} // namespace redrive::ctl
