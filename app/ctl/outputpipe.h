#pragma once

#include "core/base/time.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace redrive::ctl {

/// Lines on their way to a descriptor whose reader may be slow, or gone: what does not go yet is
/// kept, and nobody waits longer than they said. The descriptor's flags are left alone, since it is
/// shared with whoever started us. SIGPIPE must be ignored. One thread.
class OutputPipe
{
public:
    explicit OutputPipe(int descriptor)
        : m_descriptor(descriptor)
    {
    }

    void add(std::string_view text) { m_waiting += text; }
    std::size_t waiting() const noexcept { return m_waiting.size() - m_begin; }

    /// Writes as much as goes within `patience`; returns early on a signal.
    void write(Millis patience);

    /// What write(2) said, once nothing can be written any more (EPIPE, ENOSPC …); 0: all is well.
    int error() const noexcept { return m_error; }

private:
    bool isReady(int wait);

    int m_descriptor;
    std::string m_waiting;
    std::size_t m_begin = 0;
    int m_error = 0;
};

} // namespace redrive::ctl
