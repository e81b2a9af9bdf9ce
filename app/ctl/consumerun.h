#pragma once

#include "app/ctl/commands.h"
#include "app/ctl/outputpipe.h"
#include "core/run/sessionhost.h"

#include <memory>
#include <optional>

namespace redrive::ctl {

/// `consume` from its beginning to its end, on the main thread: events to stdout, signals to the
/// session, and an exit code. Neither a slow stdout nor a lost one holds the session up.
class ConsumeRun
{
public:
    /// `createDlq`: missing dead-letter topics are created before the session begins.
    ConsumeRun(Context &context, std::unique_ptr<run::SessionHost> host, bool createDlq);
    /// A session that did not end well may have a handler that never returns: it is left to the end
    /// of the process.
    ~ConsumeRun();
    ConsumeRun(const ConsumeRun &) = delete;
    ConsumeRun &operator=(const ConsumeRun &) = delete;

    /// Returns the exit code.
    int run();

private:
    /// An exit code once it need not go on.
    std::optional<int> prepare();
    void turn();
    void show(consumer::SessionEvent event);
    void judge(const consumer::told::Problem &problem);
    void lookForBroker();
    void giveUp(const Error &error);
    void heedSignals();
    void heedOutput();
    bool isDaemon() const;
    int finish();

    Context &m_context;
    std::unique_ptr<run::SessionHost> m_host;
    const bool m_createDlq;
    const bool m_forPeople;
    const MonoTime m_deadline; ///< for a broker to answer
    OutputPipe m_out;
    std::optional<Error> m_trouble; ///< the newest
    std::optional<Error> m_verdict; ///< why it ended, where the session does not know better
    std::optional<int> m_exit;      ///< of the session's last event
    bool m_stopping = false;
    std::optional<MonoTime> m_endedAt;
};

} // namespace redrive::ctl
