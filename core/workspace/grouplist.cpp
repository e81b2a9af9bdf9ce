#include "core/workspace/grouplist.h"

#include "core/monitor/survey.h"
#include "core/workspace/health.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace redrive::workspace {

namespace {

std::size_t indexOf(const GroupRows &rows, const GroupId &id)
{
    const auto found = std::lower_bound(
        rows.begin(), rows.end(), id,
        [](const GroupSummary &row, const GroupId &key) { return row.listing.id < key; });
    if (found == rows.end() || found->listing.id != id)
        return rows.size();
    return static_cast<std::size_t>(found - rows.begin());
}

/// Nobody answered, and something was read before.
bool keepsOld(const GroupSummary &old, const GroupSummary &read)
{
    return old.offsetsReadAt && read.error && isUnanswered(*read.error) && !read.totalLag;
}

} // namespace

void GroupList::setOthers(std::vector<GroupListing> others)
{
    m_others = std::move(others);
    merge();
}

void GroupList::list(std::vector<GroupListing> listed, const std::vector<Error> &errors)
{
    const auto byId = [](const GroupListing &a, const GroupListing &b) { return a.id < b.id; };
    const std::vector<GroupListing> before = std::exchange(m_listed, std::move(listed));
    std::sort(m_listed.begin(), m_listed.end(), byId);
    m_unlisted.clear();
    if (!errors.empty()) {
        std::vector<GroupListing> missing;
        std::set_difference(before.begin(), before.end(), m_listed.begin(), m_listed.end(),
                            std::back_inserter(missing), byId);
        for (const GroupListing &each : missing)
            m_unlisted.insert(each.id);
        m_listed.insert(m_listed.end(), missing.begin(), missing.end());
        std::sort(m_listed.begin(), m_listed.end(), byId);
    }
    m_isListed = true;
    merge();
    for (GroupSummary &row : m_rows) {
        if (m_unlisted.count(row.listing.id) > 0)
            row.error = errors.front();
    }
    m_totals.assign(m_rows.size(), std::nullopt);
}

void GroupList::merge()
{
    m_isChanged = true;
    const GroupRows old = std::exchange(m_rows, {});
    const auto oldTotals = std::exchange(m_totals, {});
    for (GroupListing &listing : monitor::mergeListings(m_listed, m_others)) {
        GroupSummary row;
        std::optional<std::int64_t> total;
        if (const std::size_t i = indexOf(old, listing.id); i < old.size()) {
            row = old[i];
            total = oldTotals[i];
        }
        row.listing = std::move(listing);
        m_rows.push_back(std::move(row));
        m_totals.push_back(total);
    }
}

void GroupList::take(const std::vector<GroupSummary> &read)
{
    m_isChanged = true;
    for (const GroupSummary &each : read) {
        const std::size_t i = indexOf(m_rows, each.listing.id);
        if (i == m_rows.size())
            continue;
        if (keepsOld(m_rows[i], each)) {
            m_rows[i].error = each.error;
            continue;
        }
        m_rows[i] = each;
        m_totals[i] = each.totalLag;
    }
}

void GroupList::endRound()
{
    auto next = std::make_shared<Trends>();
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const GroupId &id = m_rows[i].listing.id;
        if (m_rows[i].listing.error)
            continue;
        auto &samples = (*next)[id];
        if (m_trends) {
            if (const auto old = m_trends->find(id); old != m_trends->end())
                samples = old->second;
        }
        if (samples.size() == trendSamples)
            samples.erase(samples.begin());
        samples.push_back(m_totals[i]);
    }
    m_trends = std::move(next);
}

void GroupList::clear()
{
    *this = GroupList();
}

std::vector<GroupListing> GroupList::askable() const
{
    std::vector<GroupListing> result;
    result.reserve(m_rows.size());
    for (const GroupSummary &row : m_rows) {
        if (!row.listing.error && m_unlisted.count(row.listing.id) == 0)
            result.push_back(row.listing);
    }
    return result;
}

const GroupSummary *GroupList::find(const GroupId &id) const
{
    const std::size_t i = indexOf(m_rows, id);
    return i < m_rows.size() ? &m_rows[i] : nullptr;
}

std::shared_ptr<const GroupRows> GroupList::published()
{
    if (m_isListed && std::exchange(m_isChanged, false) && (!m_published || *m_published != m_rows))
        m_published = std::make_shared<const GroupRows>(m_rows);
    return m_published;
}

} // namespace redrive::workspace
