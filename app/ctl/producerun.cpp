#include "app/ctl/producerun.h"

#include "app/ctl/exitcode.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace redrive::ctl {

namespace {

constexpr Millis slice{50};
constexpr std::size_t mostOpen = 20'000;
constexpr std::size_t mostOpenBytes = 32U << 20U;

/// What the writer's thread tells this one.
struct Answers
{
    std::mutex mutex;
    std::condition_variable arrived;
    std::size_t open = 0;      ///< all guarded by mutex
    std::size_t openBytes = 0; ///<
    std::uint64_t acknowledged = 0;
    std::uint64_t failed = 0;
    std::map<std::string, ProduceResult::Refusal> refusals;
    bool isUnreachable = false;

    void take(const Result<kafka::Delivered> &outcome, std::size_t bytes)
    {
        const std::scoped_lock lock(mutex);
        --open;
        openBytes -= bytes;
        if (outcome) {
            ++acknowledged;
        } else {
            ++failed;
            auto &refusal = refusals[outcome.error().code];
            if (refusal.count++ == 0)
                refusal.error = outcome.error();
            isUnreachable = isUnreachable || exitCode(outcome.error()) == exitcode::unreachable;
        }
        arrived.notify_all();
    }
};

std::size_t sizeOf(const SourceRecord &record)
{
    return (record.key ? record.key->size() : 0) + (record.value ? record.value->size() : 0);
}

} // namespace

ProduceResult produceAll(ProduceRequest request, kafka::RecordWriter &writer,
                         const std::function<bool()> &stop,
                         const std::function<void(std::uint64_t)> &progress)
{
    const auto answers = std::make_shared<Answers>();
    ProduceResult result;
    const MonoTime began = monoNow();
    /// Waits until `ready`, or until there is no use in going on; tells progress.
    const auto waitFor = [&](const auto &ready, const std::optional<MonoTime> &until,
                             bool whatever) {
        std::unique_lock lock(answers->mutex);
        while (!ready() && (whatever || (!stop() && !answers->isUnreachable))) {
            const MonoTime turn = monoNow() + slice;
            if (until && monoNow() >= *until)
                break;
            answers->arrived.wait_until(lock, until ? std::min(*until, turn) : turn);
            const auto acknowledged = answers->acknowledged;
            lock.unlock();
            progress(acknowledged);
            lock.lock();
        }
        return !stop() && !answers->isUnreachable;
    };

    while (!stop()) {
        auto record = request.from->next();
        if (!record) {
            result.sourceError = record.error();
            break;
        }
        if (!*record || stop())
            break;
        if (request.perSecond) {
            const auto due =
                began +
                std::chrono::duration_cast<MonoTime::duration>(std::chrono::duration<double>(
                    static_cast<double>(result.sent) / *request.perSecond));
            if (!waitFor([] { return false; }, due, false))
                break;
        }
        const std::size_t bytes = sizeOf(**record);
        const auto hasRoom = [&] {
            return answers->open == 0 ||
                   (answers->open < mostOpen && answers->openBytes + bytes <= mostOpenBytes);
        };
        if (!waitFor(hasRoom, std::nullopt, false))
            break;
        {
            const std::scoped_lock lock(answers->mutex);
            ++answers->open;
            answers->openBytes += bytes;
        }
        ++result.sent;
        writer.send(OutgoingRecord{.topic = request.topic,
                                   .partition = {},
                                   .key = std::move((*record)->key),
                                   .value = std::move((*record)->value),
                                   .headers = request.headers,
                                   .timestamp = {}},
                    [answers, bytes](const Result<kafka::Delivered> &outcome) {
                        answers->take(outcome, bytes);
                    });
    }
    // The writer answers each within its own limit.
    waitFor([&] { return answers->open == 0; }, std::nullopt, true);
    const std::scoped_lock lock(answers->mutex);
    result.acknowledged = answers->acknowledged;
    result.failed = answers->failed;
    result.refusals = answers->refusals;
    return result;
}

} // namespace redrive::ctl
