#include "ui/bridge/offsetjobs.h"

#include "ui/bridge/background.h"

#include <algorithm>
#include <utility>

namespace redrive::ui {

using offsets::JobSnapshot;
using offsets::JobState;

struct OffsetJobs::Held
{
    OffsetEntry entry;
    std::unique_ptr<OffsetWork> work;
    /// It was told to apply or to wait, and what it says may still be from before.
    bool awaitsChange = false;
};

namespace {

bool isPlanning(JobState state)
{
    return state == JobState::Planning || state == JobState::Planned;
}

/// The same but for how it was put into words.
bool isSameRequest(const offsets::PlanRequest &a, const offsets::PlanRequest &b)
{
    return a.group == b.group && a.scope == b.scope && a.target == b.target && a.create == b.create;
}

} // namespace

OffsetJobs::OffsetJobs(std::shared_ptr<OffsetRunner> runner, QObject *parent)
    : QObject(parent)
    , m_runner(std::move(runner))
    , m_relay(this)
{
}

OffsetJobs::~OffsetJobs()
{
    m_relay.close();
    for (const auto &held : m_held)
        end(std::move(held->work), held->entry.snapshot->state == JobState::Applying);
}

void OffsetJobs::end(std::unique_ptr<OffsetWork> work, bool isWriting)
{
    work->setWakeUp({});
    work->cancel();
    runInBackground(
        "end-offsets",
        [work = std::shared_ptr<OffsetWork>(std::move(work))]() mutable { work.reset(); },
        isWriting ? endPatience : Millis(0));
}

std::vector<const OffsetEntry *> OffsetJobs::entries() const
{
    std::vector<const OffsetEntry *> entries;
    entries.reserve(m_held.size());
    for (const auto &held : m_held)
        entries.push_back(&held->entry);
    return entries;
}

OffsetJobs::Held *OffsetJobs::held(int id)
{
    const auto found =
        std::ranges::find_if(m_held, [id](const auto &held) { return held->entry.id == id; });
    return found == m_held.end() ? nullptr : found->get();
}

const OffsetEntry *OffsetJobs::find(int id) const
{
    const auto found =
        std::ranges::find_if(m_held, [id](const auto &held) { return held->entry.id == id; });
    return found == m_held.end() ? nullptr : &(*found)->entry;
}

const OffsetEntry *OffsetJobs::ofGroup(const GroupId &group) const
{
    const auto found = std::ranges::find_if(m_held, [&group](const auto &held) {
        return held->entry.group == group && (held->entry.isBusy() || !held->entry.attended);
    });
    return found == m_held.end() ? nullptr : &(*found)->entry;
}

std::size_t OffsetJobs::armed() const
{
    return static_cast<std::size_t>(
        std::ranges::count_if(m_held, [](const auto &held) { return held->entry.isWaiting(); }));
}

int OffsetJobs::begin(const GroupId &group)
{
    auto held = std::make_unique<Held>();
    held->entry.id = ++m_lastId;
    held->entry.group = group;
    auto snapshot = std::make_shared<JobSnapshot>();
    snapshot->state = JobState::Cancelled;
    held->entry.snapshot = std::move(snapshot);
    held->work = m_runner->begin();
    held->work->setWakeUp(
        [relay = m_relay, this, id = m_lastId] { relay.post([this, id] { takeNews(id); }); });
    m_held.push_back(std::move(held));
    emit listChanged();
    return m_lastId;
}

void OffsetJobs::say(Held &held, JobState state)
{
    auto next = std::make_shared<JobSnapshot>(*held.entry.snapshot);
    next->state = state;
    next->error.reset();
    held.entry.snapshot = std::move(next);
    emit changed(held.entry.id);
}

void OffsetJobs::plan(int id, const offsets::PlanRequest &request)
{
    Held *const target = held(id);
    if (!target || target->entry.isBusy())
        return;
    target->awaitsChange = false;
    target->entry.armed = false;
    auto next = std::make_shared<JobSnapshot>();
    next->request = request;
    target->entry.snapshot = std::move(next);
    target->work->plan(request);
    emit changed(id);
}

void OffsetJobs::apply(int id, const offsets::Plan &shown, const kafka::Confirmation &confirmation,
                       const std::string &reason, bool evenIfMoving)
{
    Held *const target = held(id);
    if (!target || target->entry.isBusy())
        return;
    target->awaitsChange = true;
    target->work->apply(shown, confirmation, reason, evenIfMoving);
    say(*target, JobState::Applying);
    emit listChanged();
}

void OffsetJobs::arm(int id, const offsets::Plan &shown, const kafka::Confirmation &confirmation,
                     const std::string &reason, Millis expires)
{
    Held *const target = held(id);
    if (!target || target->entry.isBusy())
        return;
    target->awaitsChange = true;
    target->entry.armed = true;
    target->work->applyWhenEmpty(shown, confirmation, reason, expires);
    say(*target, JobState::Waiting);
    emit listChanged();
}

void OffsetJobs::cancel(int id)
{
    if (Held *const target = held(id))
        target->work->cancel();
}

void OffsetJobs::attend(int id)
{
    if (Held *const target = held(id)) {
        target->entry.attended = true;
        emit listChanged();
    }
}

void OffsetJobs::leave(int id)
{
    Held *const target = held(id);
    if (!target)
        return;
    target->entry.attended = false;
    if (!target->entry.isBusy()) {
        end(std::move(target->work), false);
        std::erase_if(m_held, [target](const auto &each) { return each.get() == target; });
    }
    emit listChanged();
}

void OffsetJobs::takeNews(int id)
{
    Held *const target = held(id);
    const auto news = target ? target->work->take() : nullptr;
    if (!news)
        return;
    const JobState before = target->entry.snapshot->state;
    if (isPlanning(news->state) && (target->awaitsChange || target->entry.armed ||
                                    !isSameRequest(news->request, target->entry.snapshot->request)))
        return;
    target->awaitsChange = false;
    target->entry.snapshot = news;
    emit changed(id);
    if (news->state != before)
        emit listChanged();
}

} // namespace redrive::ui
