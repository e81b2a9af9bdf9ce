#include "ui/shell/history.h"

namespace redrive::ui {

namespace {

constexpr std::size_t mostPlaces = 100;

} // namespace

void History::visit(const Place &place)
{
    if (m_places.empty()) {
        m_places.push_back(place);
        return;
    }
    if (m_places[m_current] == place)
        return;
    m_places.resize(m_current + 1);
    m_places.push_back(place);
    if (m_places.size() > mostPlaces)
        m_places.erase(m_places.begin());
    m_current = m_places.size() - 1;
}

void History::amend(const Place &place)
{
    if (m_places.empty())
        m_places.push_back(place);
    else
        m_places[m_current] = place;
}

} // namespace redrive::ui
