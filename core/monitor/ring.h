#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace redrive::monitor {

/// A queue in one block of memory that grows by a quarter, so that thousands of short ones are
/// cheap and long ones waste little. Not thread-safe. Indices count from the oldest.
template <typename T>
class Ring
{
public:
    std::size_t size() const noexcept { return m_size; }
    bool empty() const noexcept { return m_size == 0; }
    std::size_t bytes() const noexcept { return m_slots.capacity() * sizeof(T); }

    T &operator[](std::size_t i) { return m_slots[at(i)]; }
    const T &operator[](std::size_t i) const { return m_slots[at(i)]; }
    T &back() { return (*this)[m_size - 1]; }
    const T &back() const { return (*this)[m_size - 1]; }
    const T &front() const { return (*this)[0]; }

    void push(T value)
    {
        if (m_size == m_slots.size())
            grow();
        ++m_size;
        back() = std::move(value);
    }
    void popFront()
    {
        m_head = at(1);
        --m_size;
    }
    void popBack() { --m_size; }

private:
    std::size_t at(std::size_t i) const
    {
        const std::size_t sum = m_head + i;
        return sum < m_slots.size() ? sum : sum - m_slots.size();
    }

    void grow()
    {
        std::vector<T> larger;
        larger.reserve(m_size + std::max<std::size_t>(4, m_size / 4));
        for (std::size_t i = 0; i < m_size; ++i)
            larger.push_back(std::move((*this)[i]));
        larger.resize(larger.capacity());
        m_slots = std::move(larger);
        m_head = 0;
    }

    std::vector<T> m_slots;
    std::size_t m_head = 0;
    std::size_t m_size = 0;
};

} // namespace redrive::monitor
