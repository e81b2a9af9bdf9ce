#include "core/kafka/clusterclient.h"

#include "core/kafka/errors.h"
#include "core/kafka/librdkafkaclient.h"
#include "core/kafka/reaper.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace redrive::kafka {

namespace {

/// The library keeps its own deadlines; ours is the net beneath, so that a reply comes even from a
/// stuck handle.
constexpr Millis grace{1000};
constexpr Millis sweepEvery{250};

/// Requests that wait in the library for a coordinator ask for it again and again, without end.
constexpr std::size_t abandonedAtMost = 64;

/// Longer than any request of ours, and less than the library allows.
constexpr Millis beyondOurs{3'600'000};

} // namespace

LibrdkafkaClient::LibrdkafkaClient(ConnectionSettings settings, std::unique_ptr<Handle> handle)
    : m_settings(std::move(settings))
    , m_handle(std::move(handle))
    , m_writer(std::make_shared<GroupWriter>(m_settings))
{
}

LibrdkafkaClient::~LibrdkafkaClient()
{
    m_handle->worker->requestStop();
    discard([handle = std::shared_ptr<Handle>(std::move(m_handle))]() mutable { handle.reset(); });
}

OptionsPtr LibrdkafkaClient::expect(rd_kafka_admin_op_t operation, Millis timeout, Pending pending)
{
    pending.deadline = monoNow() + timeout + grace;
    return remember(operation, timeout, std::move(pending));
}

/// The library must not give up before we do: when a request that it gave up was waiting for its
/// coordinator to come back, and that comes back, librdkafka 2.15.1 drops the request's reference
/// twice (rd_kafka_admin_coord_request) and aborts the process. So it waits on, and its late
/// answer is dropped here.
OptionsPtr LibrdkafkaClient::expectCoordinator(rd_kafka_admin_op_t operation, MonoTime deadline,
                                               Pending pending)
{
    pending.deadline = deadline;
    pending.staysInLibrary = true;
    return remember(operation, beyondOurs, std::move(pending));
}

OptionsPtr LibrdkafkaClient::remember(rd_kafka_admin_op_t operation, Millis libraryTimeout,
                                      Pending pending)
{
    const auto id = m_nextId++;
    m_pending.emplace(id, std::move(pending));
    OptionsPtr options(rd_kafka_AdminOptions_new(client(), operation));
    const auto bounded = std::clamp(libraryTimeout, Millis(1), beyondOurs);
    rd_kafka_AdminOptions_set_request_timeout(options.get(), static_cast<int>(bounded.count()),
                                              nullptr, 0);
    rd_kafka_AdminOptions_set_opaque(options.get(), reinterpret_cast<void *>(id));
    return options;
}

bool LibrdkafkaClient::isWorn() const
{
    return m_abandoned.size() > abandonedAtMost;
}

bool LibrdkafkaClient::poll(Millis wait)
{
    bool ran = runFinished();
    EventPtr event(rd_kafka_queue_poll(queue(), ran ? 0 : static_cast<int>(wait.count())));
    while (event) {
        dispatch(event.get());
        ran = true;
        event.reset(rd_kafka_queue_poll(queue(), 0));
    }
    ran = runFinished() || ran;
    return runExpired() || ran;
}

bool LibrdkafkaClient::runFinished()
{
    const auto finished = m_handle->worker->takeFinished();
    for (const auto &completion : finished)
        completion();
    return !finished.empty();
}

bool LibrdkafkaClient::runExpired()
{
    const MonoTime now = monoNow();
    if (now < m_nextSweep)
        return false;
    m_nextSweep = now + sweepEvery;
    std::vector<std::function<void()>> expired;
    for (auto it = m_pending.begin(); it != m_pending.end();) {
        if (it->second.deadline > now) {
            ++it;
            continue;
        }
        if (it->second.staysInLibrary)
            m_abandoned.insert(it->first);
        expired.push_back(std::move(it->second.onTimeout));
        it = m_pending.erase(it);
    }
    for (const auto &reply : expired)
        reply();
    return !expired.empty();
}

void LibrdkafkaClient::dispatch(rd_kafka_event_t *event)
{
    if (rd_kafka_event_type(event) == RD_KAFKA_EVENT_ERROR) {
        notice(event);
        return;
    }
    const auto id = reinterpret_cast<std::uintptr_t>(rd_kafka_event_opaque(event));
    const auto found = m_pending.find(id);
    if (found == m_pending.end()) {
        m_abandoned.erase(id);
        return;
    }
    const auto onEvent = std::move(found->second.onEvent);
    m_pending.erase(found);
    onEvent(event);
}

void LibrdkafkaClient::notice(rd_kafka_event_t *event)
{
    const auto code = rd_kafka_event_error(event);
    const bool allDown = code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN;
    // librdkafka also raises this code while it looks for one ("0/1 brokers are down").
    if (allDown && std::string_view(rd_kafka_event_error_string(event)).starts_with("0/"))
        return;
    if (allDown && m_trouble) {
        m_trouble->allBrokersDown = true; // the cause came before it, and says more
        return;
    }
    Trouble trouble;
    trouble.error = makeError(code, withoutTiming(rd_kafka_event_error_string(event)).c_str(),
                              "connecting to " + m_settings.bootstrap);
    trouble.allBrokersDown = allDown || (m_trouble && m_trouble->allBrokersDown);
    {
        auto &context = m_handle->context;
        const std::scoped_lock lock(context.mutex);
        if (trouble.error.kind == Error::Kind::Tls && !context.certificateProblem.empty())
            trouble.error.message +=
                "; the broker's certificate was refused: " + context.certificateProblem;
        if (allDown && !context.brokenConnection.empty())
            trouble.error.message += "; " + context.brokenConnection;
    }
    trouble.hopeless =
        trouble.error.kind == Error::Kind::Authentication || trouble.error.kind == Error::Kind::Tls;
    m_trouble = std::move(trouble);
}

Result<std::unique_ptr<GroupAdmin>> openGroupAdmin(const ConnectionSettings &settings)
{
    auto handle = std::make_unique<Handle>();
    handle->context.addresses = settings.addressMap;
    auto conf = makeConf(settings, Role::Admin, handle->context);
    if (!conf)
        return conf.error();
    auto client = makeClient(std::move(*conf), Role::Admin);
    if (!client)
        return client.error();
    handle->client = std::move(*client);
    handle->queue.reset(rd_kafka_queue_get_main(handle->client.get()));
    handle->worker = std::make_unique<BackgroundWorker>(handle->queue.get());
    return std::unique_ptr<GroupAdmin>(
        std::make_unique<LibrdkafkaClient>(settings, std::move(handle)));
}

Result<std::unique_ptr<ClusterClient>> openCluster(const ConnectionSettings &settings)
{
    auto opened = openGroupAdmin(settings);
    if (!opened)
        return opened.error();
    return std::unique_ptr<ClusterClient>(std::move(*opened));
}

std::string libraryVersion()
{
    return rd_kafka_version_str();
}

} // namespace redrive::kafka
