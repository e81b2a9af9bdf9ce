#include "core/offsets/jobworker.h"

#include "core/base/text.h"

#include <exception>
#include <pthread.h>
#include <utility>

namespace redrive::offsets {

namespace {

/// After one of these the handle may still be busy with what nobody waits for any longer.
bool spoilsHandle(const Error &error)
{
    return error.kind == Error::Kind::Timeout || error.kind == Error::Kind::Transport;
}

PlanRequest requestOf(const Plan &plan)
{
    return {.group = plan.group,
            .scope = plan.scope,
            .target = plan.target,
            .spec = plan.spec,
            .create = plan.create};
}

} // namespace

OffsetJob::Worker::Worker(JobParts parts)
    : m_parts(std::move(parts))
    , m_thread([this](const std::stop_token &stop) { run(stop); })
{
}

OffsetJob::Worker::~Worker()
{
    m_mailbox.setWakeUp({});
    {
        const std::scoped_lock lock(m_mutex);
        m_waiting.reset();
        m_current.request_stop();
    }
    m_thread.request_stop();
    m_thread.join();
}

void OffsetJob::Worker::begin(Work work)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_waiting = std::move(work);
        m_current.request_stop();
    }
    m_filled.notify_all();
}

void OffsetJob::Worker::cancel()
{
    const std::scoped_lock lock(m_mutex);
    m_waiting.reset();
    m_current.request_stop();
}

void OffsetJob::Worker::run(const std::stop_token &stop)
{
    pthread_setname_np(pthread_self(), "offsets");
    Work work;
    while (const auto current = next(stop, work))
        this->work(work, *current);
}

std::optional<std::stop_token> OffsetJob::Worker::next(const std::stop_token &stop, Work &work)
{
    std::unique_lock lock(m_mutex);
    if (!m_filled.wait(lock, stop, [this] { return m_waiting.has_value(); }))
        return std::nullopt;
    work = std::move(*m_waiting);
    m_waiting.reset();
    m_current = std::stop_source();
    return m_current.get_token();
}

void OffsetJob::Worker::work(const Work &work, const std::stop_token &stop)
{
    try {
        work(*this, stop);
    } catch (const std::exception &error) {
        fail({.kind = Error::Kind::Internal,
              .code = "JOB_FAILED",
              .message = error.what(),
              .attempted = "changing group " + visible(m_snapshot.request.group.value()),
              .retriable = {}});
    }
}

void OffsetJob::Worker::planNow(const PlanRequest &request, const std::stop_token &stop)
{
    m_snapshot = {};
    m_snapshot.request = request;
    tell();
    const auto client = admin();
    if (!client)
        return fail(client.error());
    if (m_parts.guard.policy().mode != kafka::AccessMode::ReadOnly)
        (*client)->prepareChange(request.group, m_parts.timeout);
    ReadOptions options = readOptions();
    options.onProgress = [this](const Plan &known) {
        m_snapshot.plan = known;
        tell();
    };
    auto planned = offsets::plan(**client, request, options, stop);
    if (!planned)
        return fail(planned.error());
    m_snapshot.plan = std::move(*planned);
    m_snapshot.state = JobState::Planned;
    tell();
}

void OffsetJob::Worker::applyNow(const Plan &shown, const kafka::Confirmation &confirmation,
                                 const std::string &reason, bool evenIfMoving,
                                 const std::stop_token &stop)
{
    takeShown(shown, JobState::Applying);
    auto opened = open(shown, confirmation);
    if (!opened)
        return fail(opened.error());
    const auto client = admin();
    if (!client)
        return fail(client.error());
    ApplyOptions options = applyOptions(reason);
    options.evenIfMoving = evenIfMoving;
    end(offsets::apply(**client, shown, *opened->journal, opened->permit, options, stop));
}

void OffsetJob::Worker::waitAndApply(const Plan &shown, const kafka::Confirmation &confirmation,
                                     const std::string &reason, Millis expires,
                                     const std::stop_token &stop)
{
    takeShown(shown, JobState::Waiting);
    m_snapshot.expires = wallNow() + expires;
    tell();
    auto opened = open(shown, confirmation);
    if (!opened)
        return fail(opened.error());
    const auto client = admin();
    if (!client)
        return fail(client.error());
    ArmedOptions options;
    options.expires = expires;
    options.reading = readOptions();
    options.applying = applyOptions(reason);
    options.onLook = [this](const Waiting &waiting) {
        m_snapshot.state = JobState::Waiting;
        m_snapshot.waiting = waiting;
        tell();
    };
    options.onFire = [this](const Plan &fired) {
        m_snapshot.state = JobState::Applying;
        m_snapshot.plan = fired;
        tell();
    };
    options.renew = [this]() -> kafka::GroupAdmin * {
        const auto fresh = admin();
        return fresh ? *fresh : nullptr;
    };
    const PlanRequest request = m_snapshot.request;
    end(offsets::applyWhenEmpty(**client, request, shown, *opened->journal, opened->permit, options,
                                stop));
}

Result<kafka::GroupAdmin *> OffsetJob::Worker::admin()
{
    if (!m_admin || m_admin->isWorn()) {
        auto opened = m_parts.open();
        if (!opened)
            return opened.error();
        m_admin = std::move(*opened);
    }
    return m_admin.get();
}

Result<OffsetJob::Worker::Opened> OffsetJob::Worker::open(const Plan &shown,
                                                          const kafka::Confirmation &confirmation)
{
    auto permit = m_parts.guard.authorise(
        {.action = "reset offsets", .target = shown.group.value()}, confirmation);
    if (!permit)
        return permit.error();
    auto journal = m_parts.journal(shown.clusterId);
    if (!journal)
        return journal.error();
    return Opened{.permit = std::move(*permit), .journal = std::move(*journal)};
}

ApplyOptions OffsetJob::Worker::applyOptions(const std::string &reason) const
{
    ApplyOptions options;
    options.user = m_parts.user;
    options.reason = reason;
    options.timeout = m_parts.timeout;
    options.lockDirectory = m_parts.lockDirectory;
    return options;
}

ReadOptions OffsetJob::Worker::readOptions() const
{
    ReadOptions options;
    options.timeout = m_parts.timeout;
    return options;
}

void OffsetJob::Worker::takeShown(const Plan &shown, JobState state)
{
    // The request that was planned says more than the plan does; another's plan says what it is.
    const bool isOurs = m_snapshot.request.group == shown.group &&
                        m_snapshot.request.target == shown.target &&
                        m_snapshot.request.scope == shown.scope;
    const PlanRequest request = isOurs ? m_snapshot.request : requestOf(shown);
    m_snapshot = {};
    m_snapshot.state = state;
    m_snapshot.request = request;
    m_snapshot.plan = shown;
    tell();
}

void OffsetJob::Worker::end(Result<Applied> result)
{
    if (!result)
        return fail(result.error());
    m_snapshot.applied = std::move(*result);
    m_snapshot.state = JobState::Done;
    // An outcome that had to be left open may have left its requests open, too.
    if (m_snapshot.applied->state == store::JournalState::Unknown)
        m_admin.reset();
    tell();
}

void OffsetJob::Worker::fail(const Error &error)
{
    const bool isRefusal = error.kind == Error::Kind::Refused || error.kind == Error::Kind::Usage ||
                           error.code == "GROUP_ID_NOT_FOUND";
    m_snapshot.state = error.kind == Error::Kind::Cancelled ? JobState::Cancelled
                       : isRefusal                          ? JobState::Refused
                                                            : JobState::Failed;
    m_snapshot.error = error;
    if (spoilsHandle(error))
        m_admin.reset();
    {
        // What was ended for the sake of something newer is not worth telling.
        const std::scoped_lock lock(m_mutex);
        if (m_waiting && m_snapshot.state == JobState::Cancelled)
            return;
    }
    tell();
}

void OffsetJob::Worker::tell()
{
    m_mailbox.put(std::make_shared<const JobSnapshot>(m_snapshot));
}

} // namespace redrive::offsets
