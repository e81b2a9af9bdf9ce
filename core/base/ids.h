#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace redrive {

/// A type of its own for an id or a position, so that swapped arguments do not compile.
template <typename Tag, typename T>
class Named
{
public:
    Named() = default;
    explicit Named(T value)
        : m_value(std::move(value))
    {
    }
    const T &value() const noexcept { return m_value; }
    auto operator<=>(const Named &) const = default;

private:
    T m_value{};
};

using GroupId = Named<struct GroupIdTag, std::string>;

/// A position in a partition's log. Always a real one: "none" and "unknown" are
/// std::optional<Offset>.
using Offset = Named<struct OffsetTag, std::int64_t>;

/// Offsets are far apart by a count of offsets, which is not the same as a count of records
/// (markers, compaction).
inline std::int64_t operator-(Offset a, Offset b)
{
    return a.value() - b.value();
}

struct TopicPartition
{
    std::string topic;
    std::int32_t partition = 0;
    auto operator<=>(const TopicPartition &) const = default;
};

} // namespace redrive

template <typename Tag, typename T>
struct std::hash<redrive::Named<Tag, T>>
{
    std::size_t operator()(const redrive::Named<Tag, T> &id) const noexcept
    {
        return std::hash<T>{}(id.value());
    }
};

template <>
struct std::hash<redrive::TopicPartition>
{
    std::size_t operator()(const redrive::TopicPartition &tp) const noexcept
    {
        return std::hash<std::string>{}(tp.topic) * 31U + static_cast<std::size_t>(tp.partition);
    }
};
