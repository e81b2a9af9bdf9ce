#include "app/ctl/runner.h"

#include "app/ctl/exitcode.h"
#include "app/ctl/interrupt.h"
#include "core/telemetry/logging.h"

#include <algorithm>

namespace redrive::ctl {

namespace {

constexpr Millis pollSlice{100};

bool isAllBrokersDown(const Error &error)
{
    return error.code == "_ALL_BROKERS_DOWN";
}

} // namespace

Runner::Runner(std::unique_ptr<kafka::ClusterClient> client, std::string address, Millis timeout,
               Millis downTolerance)
    : m_client(std::move(client))
    , m_address(std::move(address))
    , m_deadline(monoNow() + timeout)
    , m_downTolerance(downTolerance)
{
}

Millis Runner::left() const
{
    return std::max(Millis(1), std::chrono::duration_cast<Millis>(m_deadline - monoNow()));
}

Millis Runner::requestTimeout() const
{
    return std::max(Millis(50), left() / 2);
}

monitor::SurveyOptions Runner::surveyOptions() const
{
    // A survey asks in four steps at most, one after the other.
    const Millis share = std::max(Millis(50), left() / 4);
    monitor::SurveyOptions options;
    options.timeout = std::min(share, options.timeout);
    options.tailTimeout = std::min(share, options.tailTimeout);
    return options;
}

std::string Runner::connecting() const
{
    return "connecting to " + m_address;
}

Result<void> Runner::checkTrouble()
{
    if (auto trouble = m_client->takeTrouble()) {
        telemetry::log(telemetry::Level::Info, "kafka", describe(trouble->error));
        if (trouble->allBrokersDown && !m_downSince)
            m_downSince = monoNow();
        // "All brokers are down" says less than why the last of them is.
        const bool saysLess = m_trouble && isAllBrokersDown(trouble->error);
        if (!saysLess)
            m_trouble = std::move(trouble);
        if (m_trouble->hopeless && !m_answered)
            return explain(m_trouble->error);
    }
    if (m_downSince && !m_answered && monoNow() - *m_downSince >= m_downTolerance)
        return explain(m_trouble->error);
    return {};
}

Result<void> Runner::waitFor(const std::function<bool()> &done)
{
    const MonoTime began = monoNow();
    while (!done()) {
        if (const int signal = interruptSignal(); signal != 0)
            return Error{.kind = Error::Kind::Cancelled,
                         .code = "INTERRUPTED",
                         .message = signal == 2 ? "ended by SIGINT" : "ended by SIGTERM",
                         .attempted = "waiting for " + m_address,
                         .retriable = true};
        if (monoNow() >= m_deadline)
            return explain(Error{.kind = Error::Kind::Timeout,
                                 .code = "_TIMED_OUT",
                                 .message = "no answer in time",
                                 .attempted = "waiting for " + m_address,
                                 .retriable = true});
        m_client->poll(std::min(pollSlice, left()));
        if (auto hopeless = checkTrouble(); !hopeless)
            return hopeless;
    }
    const Millis took = std::chrono::duration_cast<Millis>(monoNow() - began);
    telemetry::log(telemetry::Level::Debug, "redrivectl", "answered after " + humanDuration(took));
    return {};
}

Error Runner::explain(Error error) const
{
    const bool unanswered =
        error.kind == Error::Kind::Timeout || error.kind == Error::Kind::Transport;
    if (unanswered && !m_answered && m_trouble)
        error = m_trouble->error;
    // Whoever did answer needs no address; what did not come about does.
    if (exitCode(error) != exitcode::unreachable ||
        error.attempted.find(m_address) != std::string::npos)
        return error;
    error.attempted = error.attempted.empty() || !m_answered ? connecting()
                                                             : error.attempted + " at " + m_address;
    return error;
}

} // namespace redrive::ctl
