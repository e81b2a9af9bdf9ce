#include "core/base/text.h"
#include "core/telemetry/httpurl.h"
#include "core/telemetry/logging.h"
#include "core/telemetry/otlpjson.h"
#include "core/telemetry/tracing.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <httplib.h>
#include <iterator>
#include <mutex>
#include <pthread.h>
#include <random>
#include <thread>

namespace redrive::telemetry {

namespace {

constexpr std::size_t mostOfAnAnswer = 64U << 10U;

enum class Outcome
{
    Taken,
    Refused,     ///< trying again cannot help
    Busy,        ///< try again, not before `retryAfter`
    Unreachable, ///< nobody there
};

struct Answer
{
    Outcome outcome = Outcome::Unreachable;
    std::string why;
    std::optional<Millis> retryAfter;
    PartialSuccess partial;
};

std::optional<Millis> readRetryAfter(const std::string &text)
{
    long long seconds = 0;
    const auto *const last = text.data() + text.size();
    const auto [end, problem] = std::from_chars(text.data(), last, seconds);
    constexpr long long aDay = 86'400;
    if (problem != std::errc() || end != last || seconds < 0 || seconds > aDay)
        return std::nullopt;
    return Millis(seconds * 1000);
}

/// Queue and thread of a tracer. Held by both, since a thread that hangs in a name lookup is left
/// behind.
class Exporter
{
public:
    Exporter(OtlpOptions options, const HttpUrl &url)
        : m_options(std::move(options))
        , m_path(url.path + "/v1/traces")
        , m_authority(authority(url))
        , m_client(url.tls ? std::make_unique<httplib::SSLClient>(url.host, url.port)
                           : std::make_unique<httplib::ClientImpl>(url.host, url.port))
    {
        m_client->set_connection_timeout(m_options.timeout);
        m_client->set_read_timeout(m_options.timeout);
        m_client->set_write_timeout(m_options.timeout);
        m_client->set_keep_alive(true);
        m_client->set_tcp_nodelay(true);
    }

    void record(Span span);
    bool flush(Millis timeout);
    void run();
    /// False when the thread was still at it after `timeout`.
    bool stop(Millis timeout);

    std::uint64_t dropped() const { return m_dropped; }
    std::uint64_t exported() const { return m_exported; }

private:
    std::vector<Span> nextBatch();
    void deliver(const std::vector<Span> &batch);
    Answer post(const std::string &body);
    Answer understand(const httplib::Response &response) const;
    void settle(std::size_t count, std::size_t lost);
    void report(const Answer &answer);
    /// False when there is no time left to try again.
    bool waitToTryAgain(std::size_t failures, const Answer &answer);

    const OtlpOptions m_options;
    const std::string m_path;
    const std::string m_authority;
    std::unique_ptr<httplib::ClientImpl> m_client; ///< stop() may be called from any thread
    std::atomic<std::uint64_t> m_dropped = 0;
    std::atomic<std::uint64_t> m_exported = 0;
    bool m_troubled = false; ///< the thread's own: was the last answer a failure
    std::minstd_rand m_jitter{std::random_device{}()};

    std::mutex m_mutex; ///< guards all below
    std::condition_variable m_wake;
    std::condition_variable m_progress;
    std::deque<Span> m_queue;
    std::size_t m_underWay = 0;      ///< taken from the queue, not settled
    std::uint64_t m_accepted = 0;    ///< spans queued, ever
    std::uint64_t m_settled = 0;     ///< of those: exported or dropped
    std::uint64_t m_flushTarget = 0; ///< of m_settled, that somebody waits for
    std::uint64_t m_flushes = 0;     ///< asked for, ever
    std::uint64_t m_flushesSeen = 0; ///< of those: when the last try began
    std::uint64_t m_flushesLost = 0; ///< of those: before a try that reached nobody
    bool m_stopping = false;
    bool m_ended = false;
};

void Exporter::record(Span span)
{
    if (!isSampled(span.context))
        return;
    bool isDue = false;
    {
        const std::scoped_lock lock(m_mutex);
        if (m_stopping || m_queue.size() + m_underWay >= m_options.queueLimit) {
            ++m_dropped;
            return;
        }
        m_queue.push_back(std::move(span));
        ++m_accepted;
        isDue = m_queue.size() == 1 || m_queue.size() == m_options.batch;
    }
    if (isDue)
        m_wake.notify_one();
}

bool Exporter::flush(Millis timeout)
{
    std::unique_lock lock(m_mutex);
    const auto target = m_accepted;
    const auto ours = ++m_flushes;
    m_flushTarget = target;
    m_wake.notify_one();
    m_progress.wait_for(lock, timeout,
                        [&] { return m_settled >= target || m_flushesLost >= ours || m_stopping; });
    return m_settled >= target;
}

void Exporter::run()
{
    pthread_setname_np(pthread_self(), "otlp");
    sigset_t signals;
    sigfillset(&signals); // also SIGPIPE, which the library does not suppress
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    while (true) {
        const auto batch = nextBatch();
        if (batch.empty())
            break;
        deliver(batch);
    }
    const std::scoped_lock lock(m_mutex);
    m_dropped += m_queue.size();
    m_ended = true;
    m_progress.notify_all();
}

bool Exporter::stop(Millis timeout)
{
    constexpr Millis between{50};
    const auto deadline = monoNow() + timeout;
    std::unique_lock lock(m_mutex);
    m_stopping = true;
    m_wake.notify_one();
    m_progress.notify_all();
    // Again and again, since a request that is only beginning does not notice.
    while (!m_ended && monoNow() < deadline) {
        lock.unlock();
        m_client->stop();
        lock.lock();
        m_progress.wait_for(lock, between, [this] { return m_ended; });
    }
    return m_ended;
}

std::vector<Span> Exporter::nextBatch()
{
    std::unique_lock lock(m_mutex);
    m_wake.wait(lock, [this] { return m_stopping || !m_queue.empty(); });
    m_wake.wait_for(lock, m_options.interval, [this] {
        return m_stopping || m_queue.size() >= m_options.batch || m_settled < m_flushTarget;
    });
    if (m_stopping)
        return {};
    const auto count = std::min(m_queue.size(), m_options.batch);
    const auto end = m_queue.begin() + static_cast<std::ptrdiff_t>(count);
    std::vector<Span> batch(std::make_move_iterator(m_queue.begin()), std::make_move_iterator(end));
    m_queue.erase(m_queue.begin(), end);
    m_underWay = count;
    return batch;
}

void Exporter::deliver(const std::vector<Span> &batch)
{
    const std::string body = toOtlpJson(batch, m_options.resource);
    for (std::size_t failures = 0;;) {
        const Answer answer = post(body);
        report(answer);
        if (answer.outcome == Outcome::Taken) {
            const auto rejected = static_cast<std::size_t>(std::clamp<std::int64_t>(
                answer.partial.rejected, 0, static_cast<std::int64_t>(batch.size())));
            return settle(batch.size(), rejected);
        }
        if (answer.outcome == Outcome::Refused || !waitToTryAgain(++failures, answer))
            return settle(batch.size(), batch.size());
    }
}

Answer Exporter::post(const std::string &body)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_flushesSeen = m_flushes;
    }
    httplib::Request request;
    request.method = "POST";
    request.path = m_path;
    request.body = body;
    request.headers = {{"Host", m_authority},
                       {"Content-Type", "application/json"},
                       {"Accept", "application/json"},
                       {"User-Agent", "redrive/" REDRIVE_VERSION}};
    std::string said;
    request.content_receiver = [&said](const char *data, std::size_t size, std::uint64_t,
                                       std::uint64_t) {
        said.append(data, size);
        return said.size() <= mostOfAnAnswer;
    };
    httplib::Response response;
    auto problem = httplib::Error::Success;
    const bool isWhole = m_client->send(request, response, problem);
    if (!isWhole && said.size() <= mostOfAnAnswer)
        return {.outcome = Outcome::Unreachable,
                .why = httplib::to_string(problem),
                .retryAfter = {},
                .partial = {}};
    // The status of an answer that was too long still counts.
    response.body = std::move(said);
    return understand(response);
}

Answer Exporter::understand(const httplib::Response &response) const
{
    Answer answer;
    constexpr int multiple = 300;
    constexpr int ok = 200;
    if (response.status >= ok && response.status < multiple) {
        answer.outcome = Outcome::Taken;
        answer.partial = readPartialSuccess(response.body);
        return answer;
    }
    answer.why = "HTTP status " + std::to_string(response.status);
    switch (response.status) {
    case 429: // the four that the protocol wants to be tried again
    case 502:
    case 503:
    case 504:
        answer.outcome = Outcome::Busy;
        answer.retryAfter = readRetryAfter(response.get_header_value("Retry-After"));
        break;
    default: answer.outcome = Outcome::Refused;
    }
    return answer;
}

void Exporter::settle(std::size_t count, std::size_t lost)
{
    m_exported += count - lost;
    m_dropped += lost;
    const std::scoped_lock lock(m_mutex);
    m_underWay = 0;
    m_settled += count;
    m_progress.notify_all();
}

void Exporter::report(const Answer &answer)
{
    if (answer.outcome == Outcome::Taken) {
        if (answer.partial.rejected > 0)
            log(Level::Warning, "otlp",
                m_authority + " rejected " + std::to_string(answer.partial.rejected) +
                    " spans: " + answer.partial.message);
        else if (std::exchange(m_troubled, false))
            log(Level::Info, "otlp", m_authority + " takes spans again");
        return;
    }
    if (!std::exchange(m_troubled, true))
        log(Level::Warning, "otlp",
            m_authority + " does not take spans: " + answer.why + "; up to " +
                std::to_string(m_options.queueLimit) + " are kept, the rest is dropped");
}

bool Exporter::waitToTryAgain(std::size_t failures, const Answer &answer)
{
    constexpr std::size_t mostDoublings = 16;
    auto delay =
        std::min(m_options.backoffCap,
                 m_options.backoff * (std::int64_t{1} << std::min(failures - 1, mostDoublings)));
    if (delay > Millis(1))
        delay -=
            Millis(std::uniform_int_distribution<std::int64_t>(0, delay.count() / 2)(m_jitter));
    if (answer.retryAfter)
        delay = std::max(delay, std::min(*answer.retryAfter, m_options.backoffCap));
    std::unique_lock lock(m_mutex);
    if (answer.outcome == Outcome::Unreachable) {
        m_flushesLost = m_flushesSeen;
        m_progress.notify_all();
    }
    m_wake.wait_for(lock, delay, [this] { return m_stopping || m_flushes > m_flushesSeen; });
    return !m_stopping;
}

class OtlpTracer final : public Tracer
{
public:
    OtlpTracer(OtlpOptions options, const HttpUrl &url)
        : m_patience(options.timeout)
        , m_exporter(std::make_shared<Exporter>(std::move(options), url))
        , m_thread([exporter = m_exporter] { exporter->run(); })
    {
    }
    ~OtlpTracer() override
    {
        if (m_exporter->stop(m_patience))
            m_thread.join();
        else
            m_thread.detach();
    }

    void record(Span span) override { m_exporter->record(std::move(span)); }
    std::uint64_t dropped() const override { return m_exporter->dropped(); }
    std::uint64_t exported() const override { return m_exporter->exported(); }
    bool flush(Millis timeout) override { return m_exporter->flush(timeout); }

private:
    const Millis m_patience;
    std::shared_ptr<Exporter> m_exporter;
    std::thread m_thread;
};

} // namespace

Result<std::shared_ptr<Tracer>> openOtlp(OtlpOptions options)
{
    auto url = parseHttpUrl(options.url);
    if (!url) {
        Error error = url.error();
        error.attempted = "reading the URL of the trace collector";
        return error;
    }
    options.batch = std::max<std::size_t>(options.batch, 1);
    const auto namesService = [](const Attribute &attribute) {
        return attribute.first == "service.name";
    };
    if (std::none_of(options.resource.begin(), options.resource.end(), namesService))
        options.resource.emplace_back("service.name", "redrive");
    return std::shared_ptr<Tracer>(std::make_shared<OtlpTracer>(std::move(options), *url));
}

} // namespace redrive::telemetry
