#include "ui/bridge/consumersessions.h"

#include "ui/bridge/background.h"

#include <algorithm>
#include <mutex>
#include <utility>

namespace redrive::ui {

namespace {

/// Off the UI thread: stops it, waits as long as is decent, and destroys it.
void end(std::shared_ptr<RunningSession> running, Millis patience)
{
    running->stop("window closed");
    if (!running->wait(patience))
        running->kill();
    running.reset();
}

Millis patienceOf(const SessionRequest &request)
{
    return request.options.drain + ConsumerSessions::endPatience;
}

} // namespace

/// Between the UI thread and the one that opens a session.
struct ConsumerSessions::Opening
{
    std::mutex mutex; ///< guards all below
    std::optional<Result<std::unique_ptr<RunningSession>>> result;
    bool abandoned = false; ///< nobody will take the result
};

struct ConsumerSessions::Held
{
    SessionEntry entry;
    std::shared_ptr<Opening> opening;        ///< null once it was opened
    std::shared_ptr<RunningSession> running; ///< null before and after
    bool stopWanted = false;                 ///< said while it was being opened, as the next
    bool killWanted = false;
};

ConsumerSessions::ConsumerSessions(std::shared_ptr<ConsumerRunner> runner, QString whyNot,
                                   QObject *parent)
    : QObject(parent)
    , m_runner(std::move(runner))
    , m_whyNot(std::move(whyNot))
{
    m_timer.setInterval(refreshMillis);
    connect(&m_timer, &QTimer::timeout, this, &ConsumerSessions::refresh);
}

ConsumerSessions::~ConsumerSessions()
{
    for (const auto &held : m_held) {
        if (held->opening) {
            const std::scoped_lock lock(held->opening->mutex);
            held->opening->abandoned = true;
            if (held->opening->result && *held->opening->result)
                held->running = std::move(*held->opening->result).value();
        }
        if (!held->running)
            continue;
        const bool isOver = held->entry.ended || held->killWanted;
        const Millis patience = isOver ? Millis(0) : patienceOf(held->entry.request);
        runInBackground(
            "end-consumer",
            [running = std::move(held->running), patience]() mutable {
                end(std::move(running), patience);
            },
            patience);
    }
}

std::vector<const SessionEntry *> ConsumerSessions::entries() const
{
    std::vector<const SessionEntry *> entries;
    entries.reserve(m_held.size());
    for (const auto &held : m_held)
        entries.push_back(&held->entry);
    return entries;
}

const SessionEntry *ConsumerSessions::find(int id) const
{
    const auto found =
        std::ranges::find_if(m_held, [id](const auto &held) { return held->entry.id == id; });
    return found == m_held.end() ? nullptr : &(*found)->entry;
}

ConsumerSessions::Held *ConsumerSessions::held(int id)
{
    const auto found =
        std::ranges::find_if(m_held, [id](const auto &held) { return held->entry.id == id; });
    return found == m_held.end() ? nullptr : found->get();
}

std::size_t ConsumerSessions::alive() const
{
    return static_cast<std::size_t>(
        std::ranges::count_if(m_held, [](const auto &held) { return held->entry.isAlive(); }));
}

int ConsumerSessions::start(const SessionRequest &request)
{
    auto held = std::make_unique<Held>();
    held->entry.id = ++m_lastId;
    held->entry.request = request;
    held->entry.asked = wallNow();
    held->opening = std::make_shared<Opening>();
    runInBackground("open-consumer", [runner = m_runner, request, opening = held->opening] {
        auto result = runner->start(request);
        std::shared_ptr<RunningSession> orphan;
        {
            const std::scoped_lock lock(opening->mutex);
            if (opening->abandoned && result)
                orphan = std::move(result).value();
            else
                opening->result.emplace(std::move(result));
        }
        if (orphan)
            end(std::move(orphan), patienceOf(request));
    });
    m_held.push_back(std::move(held));
    m_timer.start();
    emit listChanged();
    return m_lastId;
}

void ConsumerSessions::stop(int id, const std::string &reason)
{
    Held *const target = held(id);
    if (!target || target->entry.ended || target->entry.stopAskedAt)
        return;
    target->entry.stopAskedAt = monoNow();
    target->stopWanted = true;
    if (target->running)
        target->running->stop(reason);
    emit changed();
}

void ConsumerSessions::kill(int id)
{
    Held *const target = held(id);
    if (!target || target->entry.ended)
        return;
    target->killWanted = true;
    if (target->running)
        target->running->kill();
    emit changed();
}

void ConsumerSessions::remove(int id)
{
    const Held *const target = held(id);
    if (!target || !target->entry.ended)
        return;
    std::erase_if(m_held, [target](const auto &each) { return each.get() == target; });
    emit listChanged();
}

void ConsumerSessions::stopAll(const std::string &reason)
{
    for (const SessionEntry *entry : entries())
        stop(entry->id, reason);
}

void ConsumerSessions::killAll()
{
    for (const SessionEntry *entry : entries())
        kill(entry->id);
}

void ConsumerSessions::steer(int id, const std::function<void(RunningSession &)> &how)
{
    Held *const target = held(id);
    if (target && target->running && target->entry.canBeSteered())
        how(*target->running);
}

void ConsumerSessions::pause(int id, const std::vector<TopicPartition> &partitions)
{
    steer(id, [&](RunningSession &running) {
        for (const TopicPartition &partition : partitions)
            running.pause(partition);
    });
}

void ConsumerSessions::resume(int id, const std::vector<TopicPartition> &partitions)
{
    steer(id, [&](RunningSession &running) {
        for (const TopicPartition &partition : partitions)
            running.resume(partition);
    });
}

void ConsumerSessions::seek(int id, const TopicPartition &partition, Offset to)
{
    steer(id, [&](RunningSession &running) { running.seek(partition, to); });
}

void ConsumerSessions::skipOne(int id, const TopicPartition &partition)
{
    steer(id, [&](RunningSession &running) { running.skipOne(partition); });
}

void ConsumerSessions::rewind(int id, const TopicPartition &partition, std::int64_t records)
{
    steer(id, [&](RunningSession &running) { running.rewind(partition, records); });
}

/// True: it was opened, or has ended by failing to.
bool ConsumerSessions::takeOpened(Held &held)
{
    std::optional<Result<std::unique_ptr<RunningSession>>> result;
    {
        const std::scoped_lock lock(held.opening->mutex);
        result = std::exchange(held.opening->result, std::nullopt);
    }
    if (!result)
        return false;
    held.opening.reset();
    if (!*result) {
        held.entry.failure = result->error();
        held.entry.ended = true;
        return true;
    }
    held.running = std::move(*result).value();
    if (held.killWanted)
        held.running->kill();
    else if (held.stopWanted)
        held.running->stop("stopped by hand");
    return true;
}

/// True: it has ended.
bool ConsumerSessions::takeNews(Held &held)
{
    const bool ended = held.running->ended(); // first, so that nothing said before is missed
    SessionEntry &entry = held.entry;
    for (auto &event : held.running->takeEvents())
        entry.diary.add(std::move(event));
    if (auto snapshot = held.running->snapshot())
        entry.snapshot = std::move(snapshot);
    if (entry.snapshot)
        entry.diary.sample(*entry.snapshot, wallNow());
    if (!ended)
        return false;
    entry.ended = true;
    runInBackground("end-consumer",
                    [running = std::move(held.running)]() mutable { running.reset(); });
    return true;
}

void ConsumerSessions::refresh()
{
    bool list = false;
    bool wasAlive = false;
    for (const auto &held : m_held) {
        wasAlive = wasAlive || held->entry.isAlive();
        if (held->opening)
            list = takeOpened(*held) || list;
        if (held->running)
            list = takeNews(*held) || list;
    }
    const bool over = wasAlive && alive() == 0;
    if (over)
        m_timer.stop();
    if (wasAlive)
        emit changed();
    if (list)
        emit listChanged();
    if (over)
        emit allEnded();
}

} // namespace redrive::ui
