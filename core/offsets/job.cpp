#include "core/offsets/jobworker.h"

#include <utility>

namespace redrive::offsets {

OffsetJob::OffsetJob(JobParts parts)
    : m_worker(std::make_unique<Worker>(std::move(parts)))
{
}

OffsetJob::~OffsetJob() = default;

void OffsetJob::plan(const PlanRequest &request)
{
    m_worker->begin(
        [request](Worker &worker, const std::stop_token &stop) { worker.planNow(request, stop); });
}

void OffsetJob::apply(const Plan &shown, const kafka::Confirmation &confirmation,
                      std::string reason, bool evenIfMoving)
{
    m_worker->begin([shown, confirmation, reason = std::move(reason),
                     evenIfMoving](Worker &worker, const std::stop_token &stop) {
        worker.applyNow(shown, confirmation, reason, evenIfMoving, stop);
    });
}

void OffsetJob::applyWhenEmpty(const Plan &shown, const kafka::Confirmation &confirmation,
                               std::string reason, Millis expires)
{
    m_worker->begin([shown, confirmation, reason = std::move(reason),
                     expires](Worker &worker, const std::stop_token &stop) {
        worker.waitAndApply(shown, confirmation, reason, expires, stop);
    });
}

void OffsetJob::cancel()
{
    m_worker->cancel();
}

std::shared_ptr<const JobSnapshot> OffsetJob::take()
{
    return m_worker->mailbox().take();
}

void OffsetJob::setWakeUp(std::function<void()> wakeUp)
{
    m_worker->mailbox().setWakeUp(std::move(wakeUp));
}

} // namespace redrive::offsets
