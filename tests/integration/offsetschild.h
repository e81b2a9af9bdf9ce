#pragma once

#include <QProcess>
#include <QStringList>

#include <optional>

namespace redrive::testworld {

/// The test's own program once more, as a process that does one thing and may be killed meanwhile:
///
///   apply BOOTSTRAP PROXY-PORT DATA-HOME PLAN-FILE PLACE    kills itself at a place of apply()
///   audit FILE USER LINES
///
/// It begins when it is told to. Killed with this object.
class OffsetsChild
{
public:
    explicit OffsetsChild(const QStringList &arguments);
    ~OffsetsChild();
    OffsetsChild(const OffsetsChild &) = delete;
    OffsetsChild &operator=(const OffsetsChild &) = delete;

    void waitUntilReady();
    void go();
    void kill() const; ///< SIGKILL; any thread
    void killAfter(int milliseconds);
    /// Waits for its end. True: by a signal; throws where it says that it failed.
    bool wasKilled();

private:
    QProcess m_process;
    int m_id = 0;
};

/// What such a process does; none: this is the test itself.
std::optional<int> runAsChild(int argc, char **argv);

} // namespace redrive::testworld
