#include "core/run/sessiontraces.h"

#include <array>
#include <cstdlib>
#include <map>
#include <unistd.h>
#include <utility>

namespace redrive::run {

namespace {

std::int64_t nanos(WallTime time)
{
    return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

std::string hostName()
{
    std::array<char, 256> name{};
    return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

} // namespace

consumer::spans::Scope spanScope(const kafka::ConnectionSettings &settings, const GroupId &group)
{
    consumer::spans::Scope scope{.group = group, .clientId = "redrive", .serverAddress = {}};
    if (const auto id = settings.properties.find("client.id"); id != settings.properties.end())
        scope.clientId = id->second;
    if (auto server = consumer::spans::firstServer(settings.bootstrap)) {
        scope.serverAddress = std::move(server->first);
        scope.serverPort = server->second;
    }
    return scope;
}

std::vector<telemetry::Attribute> traceResource()
{
    const char *named = std::getenv("OTEL_SERVICE_NAME");
    const std::string host = hostName();
    const auto process = static_cast<std::int64_t>(getpid());
    std::vector<telemetry::Attribute> resource{
        {"service.name", std::string(named != nullptr && *named != '\0' ? named : "redrive")},
        {"service.version", std::string(REDRIVE_VERSION)},
        {"service.instance.id", host + ":" + std::to_string(process)},
        {"process.pid", process}};
    if (!host.empty())
        resource.emplace_back("host.name", host);
    return resource;
}

void trace(consumer::SessionParts &parts, const std::shared_ptr<telemetry::Tracer> &tracer,
           const consumer::spans::Scope &scope)
{
    namespace spans = consumer::spans;
    using spans::Period;
    parts.traceRecord = [tracer, scope](const RecordView &record, WallTime begun, WallTime ended,
                                        std::size_t /*attempt*/, const consumer::Failure *failure) {
        tracer->record(spans::process(scope, record, spans::contextOf(record.headers()),
                                      Period{.start = nanos(begun), .end = nanos(ended)}, failure));
    };
    parts.traceCommit = [tracer, scope](const consumer::told::Committed &committed) {
        const std::int64_t end = nanos(wallNow());
        const Period when{.start = end - nanos(WallTime(committed.latency)), .end = end};
        for (auto &span : spans::commit(scope, committed.positions, when, committed.error))
            tracer->record(std::move(span));
    };
    parts.traceSend = [tracer, scope](const OutgoingRecord &letter, WallTime begun,
                                      const Result<kafka::Delivered> &result) {
        tracer->record(spans::send(scope, letter,
                                   Period{.start = nanos(begun), .end = nanos(wallNow())}, result));
    };
    parts.tracePoll = [tracer, scope](const std::vector<RecordView> &records, WallTime begun) {
        const Period when{.start = nanos(begun), .end = nanos(wallNow())};
        std::map<std::string, std::vector<spans::Taken>> topics;
        for (const RecordView &record : records)
            topics[std::string(record.topic)].push_back(
                {.partition = record.partition,
                 .offset = record.offset,
                 .sender = spans::contextOf(record.headers())});
        for (const auto &[topic, taken] : topics)
            tracer->record(spans::poll(scope, topic, taken, when));
    };
}

} // namespace redrive::run
