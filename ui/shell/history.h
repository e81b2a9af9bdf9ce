#pragma once

#include <QString>

#include <cstddef>
#include <vector>

namespace redrive::ui {

/// Where the user is: a page, and a place within it.
struct Place
{
    QString page;
    QString within;
    bool operator==(const Place &) const = default;
};

/// Back and forward over places. A value; holds at most 100 of them.
class History
{
public:
    /// A new place: forgets what lay ahead. Where it is the current one, nothing happens.
    void visit(const Place &place);
    /// The current place has come to be called this, without being a new one.
    void amend(const Place &place);

    bool canGoBack() const { return m_current > 0; }
    bool canGoForward() const { return m_current + 1 < m_places.size(); }
    /// Only where that can be done.
    const Place &back() { return m_places[--m_current]; }
    const Place &forward() { return m_places[++m_current]; }

private:
    std::vector<Place> m_places;
    std::size_t m_current = 0;
};

} // namespace redrive::ui
