#include "core/events/handlers/faults.h"

#include <charconv>
#include <cstdlib>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>

namespace redrive::events {

using consumer::BatchResult;
using consumer::Failure;
using consumer::Handler;
using consumer::Progress;
using consumer::Stage;

namespace {

Error refuse(std::string_view part)
{
    return Error{.kind = Error::Kind::Usage,
                 .code = "INVALID_FAULT",
                 .message = "'" + std::string(part) +
                            "' is not a fault such as fail:1/100, delay:50ms, throw:1/1000 or "
                            "crash:1/5000, each at most once, separated by commas",
                 .attempted = "reading faults",
                 .retriable = false};
}

std::optional<std::uint32_t> parseCount(std::string_view text)
{
    std::uint32_t number = 0;
    const auto *const end = text.data() + text.size();
    const auto [stop, problem] = std::from_chars(text.data(), end, number);
    return problem == std::errc{} && stop == end && number > 0 ? std::optional(number)
                                                               : std::nullopt;
}

std::optional<Rate> parseRate(std::string_view text)
{
    const auto slash = text.find('/');
    if (slash == std::string_view::npos)
        return std::nullopt;
    const auto count = parseCount(text.substr(0, slash));
    const auto of = parseCount(text.substr(slash + 1));
    if (!count || !of || *count > *of)
        return std::nullopt;
    return Rate{*count, *of};
}

class FaultyHandler final : public Handler
{
public:
    FaultyHandler(std::shared_ptr<Handler> handler, const FaultPlan &plan, std::uint64_t seed,
                  FaultTools tools)
        : m_handler(std::move(handler))
        , m_plan(plan)
        , m_tools(std::move(tools))
        , m_random(seed != 0 ? seed : std::random_device{}())
    {
        if (!m_tools.wait)
            m_tools.wait = [](Millis time) { std::this_thread::sleep_for(time); };
        if (!m_tools.crash)
            m_tools.crash = [] { std::abort(); };
    }

    std::string_view name() const override { return m_handler->name(); }

    /// With a delay one record at a time, so that each is done as soon as its time is over.
    std::size_t batchLimit() const override { return m_plan.delay ? 1 : m_handler->batchLimit(); }

    BatchResult process(std::span<const RecordView> records, Progress &progress) override
    {
        if (m_plan.delay && !waitBefore(records, progress))
            return {};
        std::size_t good = 0;
        Fate fate = Fate::Good;
        while (good < records.size() && (fate = roll()) == Fate::Good)
            ++good;
        BatchResult result;
        if (good > 0) {
            result = m_handler->process(records.first(good), progress);
            if (result.failure || result.done < good)
                return result;
        }
        if (fate == Fate::Good || !progress.begin(good))
            return result;
        return spoil(std::move(result), fate);
    }

private:
    enum class Fate
    {
        Good,
        Fail,
        Throw,
        Crash
    };

    bool waitBefore(std::span<const RecordView> records, Progress &progress)
    {
        for (std::size_t index = 0; index < records.size(); ++index) {
            if (!progress.begin(index))
                return false;
            m_tools.wait(*m_plan.delay);
        }
        return true;
    }

    Fate roll()
    {
        const std::scoped_lock lock(m_mutex);
        if (hits(m_plan.crash))
            return Fate::Crash;
        if (hits(m_plan.throwing))
            return Fate::Throw;
        return hits(m_plan.fail) ? Fate::Fail : Fate::Good;
    }

    bool hits(const std::optional<Rate> &rate)
    {
        return rate &&
               std::uniform_int_distribution<std::uint32_t>(1, rate->of)(m_random) <= rate->count;
    }

    /// An exception would lose what is done of the batch, so there it becomes what it means.
    BatchResult spoil(BatchResult result, Fate fate)
    {
        constexpr const char *thrown = "an exception thrown on purpose (--fault throw)";
        if (fate == Fate::Crash)
            m_tools.crash();
        if (fate == Fate::Throw && result.done == 0)
            throw std::runtime_error(thrown);
        const bool failed = fate == Fate::Fail;
        result.failure =
            Failure{.kind = Failure::Kind::Transient,
                    .stage = Stage::Process,
                    .errorClass = failed ? "InjectedFailure" : "InjectedException",
                    .message = failed ? "a failure made on purpose (--fault fail)" : thrown};
        return result;
    }

    const std::shared_ptr<Handler> m_handler;
    const FaultPlan m_plan;
    FaultTools m_tools;
    std::mutex m_mutex;
    std::mt19937_64 m_random; ///< guarded by m_mutex
};

} // namespace

Result<FaultPlan> parseFaults(std::string_view text)
{
    FaultPlan plan;
    const auto once = [](auto &place, const auto &value) {
        if (!value || place)
            return false;
        place = *value;
        return true;
    };
    for (std::string_view rest = text;;) {
        const auto comma = rest.find(',');
        const std::string_view part = rest.substr(0, comma);
        const auto colon = part.find(':');
        if (colon == std::string_view::npos)
            return refuse(part);
        const std::string_view kind = part.substr(0, colon);
        const std::string_view value = part.substr(colon + 1);
        bool good = false;
        if (kind == "fail") {
            good = once(plan.fail, parseRate(value));
        } else if (kind == "throw") {
            good = once(plan.throwing, parseRate(value));
        } else if (kind == "crash") {
            good = once(plan.crash, parseRate(value));
        } else if (kind == "delay") {
            const auto delay = parseDuration(value);
            good = once(plan.delay, delay ? std::optional(*delay) : std::nullopt);
        }
        if (!good)
            return refuse(part);
        if (comma == std::string_view::npos)
            return plan;
        rest.remove_prefix(comma + 1);
    }
}

std::string describe(const FaultPlan &plan)
{
    std::string text;
    const auto add = [&text](const std::string &part) { text += (text.empty() ? "" : ",") + part; };
    const auto addRate = [&add](const char *kind, const std::optional<Rate> &rate) {
        if (rate)
            add(kind + std::to_string(rate->count) + "/" + std::to_string(rate->of));
    };
    addRate("fail:", plan.fail);
    if (plan.delay)
        add("delay:" + std::to_string(plan.delay->count()) + "ms");
    addRate("throw:", plan.throwing);
    addRate("crash:", plan.crash);
    return text;
}

std::shared_ptr<Handler> withFaults(std::shared_ptr<Handler> handler, const FaultPlan &plan,
                                    std::uint64_t seed, FaultTools tools)
{
    if (!plan.any())
        return handler;
    return std::make_shared<FaultyHandler>(std::move(handler), plan, seed, std::move(tools));
}

} // namespace redrive::events
