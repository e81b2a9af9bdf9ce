#pragma once

#include "core/workspace/snapshot.h"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace redrive::workspace {

using GroupRows = std::vector<GroupSummary>;
using Trends = std::map<GroupId, std::vector<std::optional<std::int64_t>>>;

/// The groups of a cluster as the list shows them: names and states from the listing, lag as it is
/// read. What was read stays while nobody answers, with the error beside it; its own time says from
/// when it is. Not thread-safe.
class GroupList
{
public:
    static constexpr std::size_t trendSamples = 30;

    /// Names that only the deprecated listing knows; remembered between listings.
    void setOthers(std::vector<GroupListing> others);
    /// `errors` say that some are missing from the list: then those known before stay, with the
    /// first of them beside them, and are not asked about.
    void list(std::vector<GroupListing> listed, const std::vector<Error> &errors = {});
    /// Lags that were just read.
    void take(const std::vector<GroupSummary> &read);
    /// Ends a round: trends get one sample a group, unknown where nothing was read since list().
    void endRound();
    void clear();

    bool isListed() const { return m_isListed; }
    /// Those that can be asked about.
    std::vector<GroupListing> askable() const;
    const GroupRows &rows() const { return m_rows; }
    const GroupSummary *find(const GroupId &id) const;
    /// What endRound() took as each row's total.
    const std::vector<std::optional<std::int64_t>> &totals() const { return m_totals; }

    /// The same pointers as before where nothing changed. Null before the first listing.
    std::shared_ptr<const GroupRows> published();
    std::shared_ptr<const Trends> trends() const { return m_trends; }

private:
    void merge();

    bool m_isListed = false;
    bool m_isChanged = false; ///< since published() made its value
    std::vector<GroupListing> m_listed;
    std::vector<GroupListing> m_others;
    std::set<GroupId> m_unlisted; ///< of m_listed, those that only an earlier list had
    GroupRows m_rows;
    std::vector<std::optional<std::int64_t>> m_totals; ///< one a row; of this round
    std::shared_ptr<const GroupRows> m_published;
    std::shared_ptr<const Trends> m_trends;
};

} // namespace redrive::workspace
