#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>

#include <functional>
#include <optional>
#include <vector>

namespace redrive::testworld {

/// The redrivectl under test: of this build, or that of $REDRIVE_REDRIVECTL.
QString redrivectl();

/// One `redrivectl consume` as a process of its own. What it says is read from a file, so that it
/// is never held up by a test that does not look. Killed with this object.
class Consumer
{
public:
    /// `arguments` are those behind `redrivectl`; `wrapper` is what redrivectl is run by.
    explicit Consumer(const QStringList &arguments, const QStringList &variables = {},
                      const QStringList &wrapper = {});
    ~Consumer();
    Consumer(const Consumer &) = delete;
    Consumer &operator=(const Consumer &) = delete;

    int processId() const { return static_cast<int>(m_process.processId()); }
    void signal(int number);
    void freeze(); ///< SIGSTOP, and waits until every thread stands still
    void kill();   ///< SIGKILL, and waits until it is gone
    bool isRunning();
    /// Its exit code; none where it did not end in time, or by a signal.
    std::optional<int> exitCode(int patienceMs = 30'000);

    /// All that it has said so far; a line that is not whole yet is left out.
    std::vector<QJsonObject> events() const;
    std::vector<QJsonObject> events(const QString &name) const;
    int count(const QString &name) const { return static_cast<int>(events(name).size()); }
    QByteArray errors() const; ///< what it wrote on stderr

    using Condition = std::function<bool(const QJsonObject &)>;
    bool hasSaid(const QString &name, const Condition &condition = {}) const;
    /// False when time ran out, or the process ended without having said it.
    bool until(const QString &name, const Condition &condition = {}, int patienceMs = 30'000);
    /// "topic/0" of what it owns now, by its own words.
    QStringList owned() const;

private:
    QTemporaryDir m_home;
    QProcess m_process;
};

/// An `error` event with this code.
Consumer::Condition withCode(const QString &code);

/// `redrivectl` with these arguments, in an environment of its own, to its end.
std::optional<int> runConsumer(const QStringList &arguments, int patienceMs = 60'000);

} // namespace redrive::testworld
