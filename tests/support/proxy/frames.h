#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace redrive::testproxy {

/// Finds the beginnings of Kafka's frames (a 32-bit size, then that many bytes) in a stream that
/// comes in pieces of any size, and hands out the first bytes of each.
class FrameHeads
{
public:
    static constexpr std::size_t headSize = 8; ///< api key, api version, correlation id

    /// Calls head(span of up to headSize bytes) for each frame whose head is complete now.
    template <typename F>
    void feed(std::span<const char> bytes, F head)
    {
        while (!bytes.empty() && !m_broken) {
            if (m_left == 0)
                bytes = bytes.subspan(collect(bytes, 4));
            if (m_left == 0 && m_pending.size() == 4)
                begin();
            if (m_left == 0)
                continue;
            const std::size_t wanted = std::min(headSize, m_size);
            if (m_pending.size() < wanted) {
                const std::size_t taken = collect(bytes, wanted);
                bytes = bytes.subspan(taken);
                m_left -= taken;
                if (m_pending.size() == wanted)
                    head(std::span<const char>(m_pending));
            } else {
                const std::size_t passed = std::min(bytes.size(), m_left);
                bytes = bytes.subspan(passed);
                m_left -= passed;
                m_offset += passed;
            }
            if (m_left == 0)
                m_pending.clear();
        }
    }

    bool broken() const noexcept { return m_broken; } ///< no Kafka: sizes make no sense
    /// Where in the stream the frame under way begins, with its size.
    std::uint64_t frameAt() const noexcept { return m_frameAt; }

private:
    static constexpr std::size_t largest = 100U << 20U;

    std::size_t collect(std::span<const char> bytes, std::size_t upTo)
    {
        const std::size_t taken = std::min(bytes.size(), upTo - m_pending.size());
        m_pending.append(bytes.data(), taken);
        m_offset += taken;
        return taken;
    }

    void begin()
    {
        m_frameAt = m_offset - m_pending.size();
        m_size = 0;
        for (const char byte : m_pending)
            m_size = m_size << 8U | static_cast<unsigned char>(byte);
        m_pending.clear();
        m_left = m_size;
        m_broken = m_size < 4 || m_size > largest;
    }

    std::string m_pending; ///< of the size, then of the head
    std::size_t m_size = 0;
    std::size_t m_left = 0;     ///< of the frame under way
    std::uint64_t m_offset = 0; ///< bytes seen so far
    std::uint64_t m_frameAt = 0;
    bool m_broken = false;
};

inline std::int32_t bigEndian(std::span<const char> bytes)
{
    std::uint32_t value = 0;
    for (const char byte : bytes)
        value = value << 8U | static_cast<unsigned char>(byte);
    return static_cast<std::int32_t>(value);
}

} // namespace redrive::testproxy
