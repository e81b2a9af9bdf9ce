#include "app/ctl/consumerun.h"

#include "app/ctl/eventshapes.h"
#include "app/ctl/exitcode.h"
#include "app/ctl/interrupt.h"
#include "core/kafka/connectiontest.h"
#include "core/run/sessionlog.h"
#include "core/telemetry/logging.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <future>
#include <unistd.h>
#include <utility>
#include <variant>

namespace redrive::ctl {

namespace {

namespace told = consumer::told;

constexpr Millis slice{50};
/// What waits for a slow reader here; beyond it, events stay in the session's mailbox, and when
/// that is full no more records are taken.
constexpr std::size_t mostWaiting = 1U << 20U;
constexpr Millis traceFlush{5000};

void ignoreBrokenPipes()
{
    struct sigaction action = {};
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, nullptr);
}

bool isUnreachable(const Error &error)
{
    return exitCode(error) == exitcode::unreachable;
}

} // namespace

ConsumeRun::ConsumeRun(Context &context, std::unique_ptr<run::SessionHost> host, bool createDlq)
    : m_context(context)
    , m_host(std::move(host))
    , m_createDlq(createDlq)
    , m_forPeople(context.settings.format == Format::Table)
    , m_deadline(monoNow() + context.settings.timeout)
    , m_out(STDOUT_FILENO)
{
}

ConsumeRun::~ConsumeRun()
{
    if (m_exit && *m_exit != exitcode::done)
        static_cast<void>(m_host.release());
}

/// Runs until somebody ends it, and so waits for a broker as long as it takes.
bool ConsumeRun::isDaemon() const
{
    return !m_host->options().untilEnd && !m_host->options().most;
}

int ConsumeRun::run()
{
    ignoreBrokenPipes();
    std::fflush(stdout);
    if (const auto address = m_host->healthAddress())
        telemetry::log(telemetry::Level::Info, "redrivectl",
                       "health on port " + std::to_string(address->port));
    if (const auto exit = prepare())
        return *exit;
    m_host->begin();
    while (true) {
        // To be looked at before the events are taken: none comes after it.
        const bool ended = m_host->session().ended();
        turn();
        if (!ended || m_out.waiting() > 0) {
            // Whoever asked us to stop does not wait for our reader.
            if (ended && !m_endedAt)
                m_endedAt = monoNow();
            if (m_endedAt && m_stopping && monoNow() - *m_endedAt > m_host->options().drain)
                break;
            continue;
        }
        if (m_exit)
            break;
    }
    return finish();
}

void ConsumeRun::turn()
{
    heedSignals();
    if (m_out.waiting() < mostWaiting) {
        for (consumer::SessionEvent &event :
             m_host->session().events().take(m_out.waiting() == 0 ? slice : Millis(0)))
            show(std::move(event));
    }
    m_out.write(slice);
    heedOutput();
    lookForBroker();
}

std::optional<int> ConsumeRun::prepare()
{
    while (m_createDlq) {
        auto created = std::async(std::launch::async, [this] {
            return m_host->createDeadLetterTopics(m_context.settings.timeout);
        });
        while (created.wait_for(slice) != std::future_status::ready) {
            if (interruptSignal() != 0)
                m_host->cancel();
        }
        const auto result = created.get();
        if (interruptSignal() != 0)
            return isDaemon() ? exitcode::done : 128 + interruptSignal();
        if (result)
            break;
        if (!isDaemon() || !isUnreachable(result.error())) {
            Error error = result.error();
            if (isUnreachable(error) &&
                error.attempted.find(m_host->connection().bootstrap) == std::string::npos)
                error.attempted += " at " + m_host->connection().bootstrap;
            return m_context.console.fail(error, kafka::advise(error, m_host->connection()));
        }
        m_context.console.complain(result.error());
    }
    return std::nullopt;
}

void ConsumeRun::show(consumer::SessionEvent event)
{
    if (const auto *problem = std::get_if<told::Problem>(&event.what))
        judge(*problem);
    if (auto *stopped = std::get_if<told::Stopped>(&event.what)) {
        if (m_verdict) {
            stopped->reason = "error";
            stopped->exit = exitCode(*m_verdict);
        }
        m_exit = stopped->exit;
    }
    if (m_context.settings.verbose)
        run::logEvent(m_host->options().group, event);
    m_out.add(m_forPeople ? eventText(event, m_context.settings.local) : eventLine(event));
}

void ConsumeRun::judge(const told::Problem &problem)
{
    m_trouble = problem.error;
    if (problem.fatal) {
        m_verdict = problem.error;
        return;
    }
    const auto snapshot = m_host->session().snapshot();
    if (m_verdict || (snapshot && snapshot->joinedAt))
        return;
    // A password that is wrong stays wrong; leave to read may be given while a service waits.
    const auto kind = problem.error.kind;
    if (kind == Error::Kind::Authentication ||
        (kind == Error::Kind::Authorization && !isDaemon())) {
        m_verdict = problem.error;
        m_host->session().kill();
    }
}

/// Nobody answers, and somebody waits for the result.
void ConsumeRun::lookForBroker()
{
    if (isDaemon() || m_verdict || m_stopping || monoNow() < m_deadline || m_host->isAnswered())
        return;
    const auto snapshot = m_host->session().snapshot();
    if (snapshot && snapshot->connected)
        return;
    Error error = m_trouble && isUnreachable(*m_trouble) ? *m_trouble
                                                         : Error{.kind = Error::Kind::Timeout,
                                                                 .code = "_TIMED_OUT",
                                                                 .message = "no answer in time",
                                                                 .attempted = {},
                                                                 .retriable = true};
    error.attempted = "connecting to " + m_host->connection().bootstrap;
    giveUp(error);
}

void ConsumeRun::giveUp(const Error &error)
{
    m_verdict = error;
    show({.time = wallNow(), .what = told::Problem{.error = error, .fatal = true}});
    m_host->session().kill(); // there is no group to leave
}

void ConsumeRun::heedSignals()
{
    if (m_stopping || interruptSignal() == 0)
        return;
    m_stopping = true;
    m_host->session().stop("signal");
}

void ConsumeRun::heedOutput()
{
    if (m_out.error() == 0 || m_stopping)
        return;
    m_stopping = true;
    m_host->session().stop("error");
}

int ConsumeRun::finish()
{
    if (!m_host->flushTraces(traceFlush))
        telemetry::log(telemetry::Level::Warning, "redrivectl", "some spans were not exported");
    Console &console = m_context.console;
    if (m_verdict) {
        console.complain(*m_verdict);
        if (const auto advice = kafka::advise(*m_verdict, m_host->connection()); !advice.empty())
            console.warn(advice);
    }
    const int exit = m_exit.value_or(exitcode::failed);
    if (m_out.error() == 0 && m_out.waiting() == 0)
        return exit;
    console.warn(
        "writing the events: " +
        std::string(m_out.error() != 0 ? std::strerror(m_out.error()) : "nobody reads them") +
        "; the session was stopped in order");
    return exit == exitcode::done ? exitcode::failed : exit;
}

} // namespace redrive::ctl
