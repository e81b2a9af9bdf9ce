#pragma once

#include <string>
#include <utility>
#include <variant>

namespace redrive::events {

/// Either a value or why there is none, in the failure's own type.
template <typename T, typename Problem>
class [[nodiscard]] Outcome
{
public:
    Outcome(T value)
        : m_state(std::in_place_index<0>, std::move(value))
    {
    }
    Outcome(Problem problem)
        : m_state(std::in_place_index<1>, std::move(problem))
    {
    }

    explicit operator bool() const noexcept { return m_state.index() == 0; }

    T &operator*() & { return std::get<0>(m_state); }
    const T &operator*() const & { return std::get<0>(m_state); }
    T &&operator*() && { return std::get<0>(std::move(m_state)); }
    T *operator->() { return &std::get<0>(m_state); }
    const T *operator->() const { return &std::get<0>(m_state); }

    Problem &error() & { return std::get<1>(m_state); }
    const Problem &error() const & { return std::get<1>(m_state); }
    Problem &&error() && { return std::get<1>(std::move(m_state)); }

private:
    std::variant<T, Problem> m_state;
};

} // namespace redrive::events
