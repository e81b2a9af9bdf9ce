#include "app/ctl/groupfilter.h"

#include "app/ctl/exitcode.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace redrive::ctl {

namespace {

constexpr std::array knownStates{GroupState::Stable, GroupState::Empty,
                                 GroupState::PreparingRebalance, GroupState::CompletingRebalance,
                                 GroupState::Dead};

/// libstdc++'s usual matcher recurses once a character, which a long name turns into a stack
/// overflow, and takes exponential time where an expression invites it; its other one does neither,
/// for the price of back-references.
#ifdef __GLIBCXX__
constexpr auto matching =
    std::regex::ECMAScript | std::regex::nosubs | std::regex_constants::__polynomial;
#else
constexpr auto matching = std::regex::ECMAScript | std::regex::nosubs;
#endif

/// Finds by matching the whole: a search would begin anew at every character.
std::regex finder(const std::string &expression)
{
    const std::regex alone(expression, matching); // so that "a)(b" is refused
    return std::regex("[^]*(?:" + expression + ")[^]*", matching);
}

std::string lower(std::string_view text)
{
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

Result<std::optional<GroupState>> parseState(std::string_view text)
{
    for (const GroupState state : knownStates)
        if (lower(name(state)) == lower(text))
            return std::optional<GroupState>(state);
    if (lower(text) == "unknown")
        return std::optional<GroupState>();
    if (lower(text) == "assigning" || lower(text) == "reconciling")
        return usageError("--state '" + std::string(text) +
                          "': librdkafka cannot tell this state; such groups are found by Unknown");
    return usageError("--state '" + std::string(text) +
                      "' is none of Stable, Empty, PreparingRebalance, CompletingRebalance, Dead, "
                      "Unknown");
}

} // namespace

Result<GroupFilter> GroupFilter::parse(const std::optional<std::string> &states,
                                       const std::optional<std::string> &type,
                                       const std::optional<std::string> &match)
{
    GroupFilter filter;
    for (std::size_t at = 0; states && at <= states->size();) {
        const std::size_t end = std::min(states->find(',', at), states->size());
        const auto state = parseState(std::string_view(*states).substr(at, end - at));
        if (!state)
            return state.error();
        filter.m_states.insert(*state);
        at = end + 1;
    }
    if (type) {
        filter.m_anyType = false;
        if (lower(*type) == "classic")
            filter.m_type = GroupType::Classic;
        else if (lower(*type) == "consumer")
            filter.m_type = GroupType::Consumer;
        else if (lower(*type) != "unknown")
            return usageError("--type '" + *type + "' is none of classic, consumer, unknown");
    }
    if (!match)
        return filter;
    try {
        filter.m_match = finder(*match);
    } catch (const std::regex_error &error) {
        return usageError("--match '" + *match + "' is not a regular expression: " + error.what());
    }
    return filter;
}

bool GroupFilter::lets(const GroupListing &listing) const
{
    if (!m_states.empty() && !m_states.contains(listing.state))
        return false;
    if (!m_anyType && listing.type != m_type)
        return false;
    return !m_match || std::regex_match(listing.id.value(), *m_match);
}

} // namespace redrive::ctl
