#include "core/consumer/metrics.h"

#include "core/base/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <string_view>
#include <utility>
#include <vector>

namespace redrive::consumer {

namespace {

using Labels = std::vector<std::pair<std::string_view, std::string>>;

std::string digits(double value)
{
    std::array<char, 64> text{};
    const auto [end, problem] = std::to_chars(text.data(), text.data() + text.size(), value);
    return problem == std::errc() ? std::string(text.data(), end) : "NaN";
}

double seconds(std::chrono::nanoseconds duration)
{
    return std::chrono::duration<double>(duration).count();
}

/// Families of samples, one after the other: all samples of one name stand together.
class Page
{
public:
    explicit Page(const SessionSnapshot &session)
        : m_common{{"group", session.group.value()}, {"handler", session.handler}}
    {
    }

    void family(std::string_view name, std::string_view type, std::string_view help)
    {
        m_name = name;
        m_text.append("# HELP redrive_").append(name).append(" ").append(help);
        m_text.append("\n# TYPE redrive_").append(name).append(" ").append(type).append("\n");
    }
    void sample(const std::string &value, const Labels &labels = {})
    {
        m_text.append("redrive_").append(m_name);
        char before = '{';
        for (const auto *const list : {&m_common, &labels}) {
            for (const auto &[label, content] : *list) {
                m_text += before;
                m_text.append(label).append("=\"").append(escaped(content)).append("\"");
                before = ',';
            }
        }
        m_text.append("} ").append(value).append("\n");
    }
    void counter(std::string_view name, std::string_view help, std::uint64_t value)
    {
        family(name, "counter", help);
        sample(std::to_string(value));
    }
    void gauge(std::string_view name, std::string_view help, double value)
    {
        family(name, "gauge", help);
        sample(digits(value));
    }
    std::string take() { return std::move(m_text); }

private:
    /// visible() leaves valid UTF-8 on one line; quotes and backslashes are the format's.
    static std::string escaped(const std::string &foreign)
    {
        std::string text;
        for (const char c : visible(foreign)) {
            if (c == '"' || c == '\\')
                text += '\\';
            text += c;
        }
        return text;
    }

    const Labels m_common;
    std::string_view m_name;
    std::string m_text;
};

void addCounters(Page &page, const Counters &counts)
{
    page.counter("records_received_total", "Records taken from Kafka.", counts.received);
    page.counter("records_processed_total", "Records processed.", counts.processed);
    page.counter("records_dead_lettered_total", "Records written to a dead-letter topic.",
                 counts.deadLettered);
    page.counter("records_skipped_total",
                 "Records finished without effect: duplicates, poison that is skipped, by hand.",
                 counts.skipped);
    page.counter("records_dropped_total",
                 "Records given back unfinished with their partition; its next owner has them.",
                 counts.dropped);
    page.counter("records_retried_total", "Tries that failed and were followed by another.",
                 counts.retried);
    page.counter("late_acknowledgements_total", "Records finished after their partition had gone.",
                 counts.lateAcks);
    page.counter("commits_requested_total", "Commits sent.", counts.commitsRequested);
    page.counter("commits_acknowledged_total", "Commits that the broker acknowledged.",
                 counts.commitsAcknowledged);
    page.counter("commits_failed_total", "Commits that failed.", counts.commitsFailed);
    page.counter("rebalances_total", "Rebalances that this member took part in.",
                 counts.rebalances);
    page.counter("events_dropped_total", "Events that their reader was too slow for.",
                 counts.eventsDropped);
}

void addState(Page &page, const SessionSnapshot &session, MonoTime now)
{
    page.family("build_info", "gauge", "Always 1; the version is a label.");
    page.sample("1", {{"version", REDRIVE_VERSION}});
    page.family("session_state", "gauge", "1 for the state that the session is in.");
    for (const auto state : {SessionState::Joining, SessionState::Running, SessionState::Draining,
                             SessionState::Stopped, SessionState::Failed, SessionState::Killed})
        page.sample(state == session.state ? "1" : "0", {{"state", std::string(name(state))}});
    page.gauge("session_start_time_seconds", "When the session began, since the epoch.",
               seconds(session.since.time_since_epoch()));
    page.gauge("connected", "1 while a broker answers.", session.connected ? 1 : 0);
    page.gauge("joined", "1 once the group has let this member in.", session.joinedAt ? 1 : 0);
    page.gauge("poll_loop_age_seconds", "Since the poll loop last turned.",
               std::max(0.0, seconds(now - session.loopTurnedAt)));
    page.gauge("breaker_open", "1 while the breaker holds everything back.",
               session.breaker.open ? 1 : 0);
    page.gauge("oldest_unfinished_record_age_seconds",
               "Age of the record that has been unfinished for longest; 0 where there is none.",
               session.oldest ? std::max(0.0, seconds(now - session.oldest->since)) : 0);
    page.gauge("records_per_second", "Records finished in a second, lately.",
               session.recordsPerSecond);
    if (session.latency.p50 || session.latency.p99) {
        page.family("handler_duration_seconds", "summary",
                    "Handler time a record, over the last minute.");
        constexpr double millisecond = 1e-3;
        if (session.latency.p50)
            page.sample(digits(*session.latency.p50 * millisecond), {{"quantile", "0.5"}});
        if (session.latency.p99)
            page.sample(digits(*session.latency.p99 * millisecond), {{"quantile", "0.99"}});
    }
}

void addLanes(Page &page, const std::vector<LaneSnapshot> &lanes)
{
    std::size_t buffered = 0;
    for (const auto &lane : lanes)
        buffered += lane.buffered;
    const auto paused = std::count_if(lanes.begin(), lanes.end(), [](const auto &lane) {
        return lane.state == LaneState::Paused;
    });
    page.gauge("partitions_assigned", "Partitions that this member owns.",
               static_cast<double>(lanes.size()));
    page.gauge("partitions_paused", "Partitions that a person has paused.",
               static_cast<double>(paused));
    page.gauge("records_unfinished", "Records taken and not finished.",
               static_cast<double>(buffered));

    const auto eachPartition = [&](std::string_view name, std::string_view help, auto number) {
        bool begun = false;
        for (const auto &lane : lanes) {
            const std::optional<std::int64_t> value = number(lane);
            if (!value)
                continue;
            if (!std::exchange(begun, true))
                page.family(name, "gauge", help);
            page.sample(std::to_string(*value),
                        {{"topic", lane.partition.topic},
                         {"partition", std::to_string(lane.partition.partition)}});
        }
    };
    const auto plain = [](const std::optional<Offset> &offset) {
        return offset ? std::optional(offset->value()) : std::nullopt;
    };
    eachPartition("lag", "Log end offset minus committed offset.",
                  [](const auto &lane) { return lane.lag; });
    eachPartition("committed_offset", "Offset that the group will go on from.",
                  [&](const auto &lane) { return plain(lane.committed); });
    eachPartition("position", "Offset of the next record to be processed in order.",
                  [&](const auto &lane) { return plain(lane.position); });
    eachPartition("log_end_offset", "Where the partition ends.",
                  [&](const auto &lane) { return plain(lane.logEnd); });
}

} // namespace

std::string prometheusText(const SessionSnapshot &session, const std::optional<SpanCounts> &spans,
                           MonoTime now)
{
    Page page(session);
    addState(page, session, now);
    addCounters(page, session.counters);
    addLanes(page, session.lanes);
    if (spans) {
        page.counter("spans_exported_total", "Spans that the collector took.", spans->exported);
        page.counter("spans_dropped_total", "Spans lost: queue full, or refused.", spans->dropped);
    }
    return page.take();
}

} // namespace redrive::consumer
