#include "core/events/handlers/handlers.h"

#include "core/base/text.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace redrive::events {

namespace {

Error usage(std::string code, std::string message)
{
    return Error{.kind = Error::Kind::Usage,
                 .code = std::move(code),
                 .message = std::move(message),
                 .attempted = "choosing a handler",
                 .retriable = false};
}

constexpr std::array<std::pair<Dedupe, std::string_view>, 3> dedupes{
    {{Dedupe::ByEventId, "event_id"}, {Dedupe::ByOrigin, "origin"}, {Dedupe::None, "none"}}};

} // namespace

std::optional<Dedupe> parseDedupe(std::string_view text)
{
    for (const auto &[dedupe, known] : dedupes) {
        if (known == text)
            return dedupe;
    }
    return std::nullopt;
}

std::string_view name(Dedupe dedupe)
{
    for (const auto &[candidate, known] : dedupes) {
        if (candidate == dedupe)
            return known;
    }
    return {};
}

const std::vector<const HandlerKind *> &handlerKinds()
{
    static const std::vector<const HandlerKind *> kinds{
        &inspectKind,   &ordersKind, &auditKind, &notificationsKind,
        &recurringKind, &liveKind,   &statsKind};
    return kinds;
}

const HandlerKind *findHandlerKind(std::string_view name)
{
    const auto &kinds = handlerKinds();
    const auto found = std::find_if(kinds.begin(), kinds.end(),
                                    [&](const auto *kind) { return kind->name == name; });
    return found != kinds.end() ? *found : nullptr;
}

Result<std::shared_ptr<consumer::Handler>> makeHandler(std::string_view name,
                                                       const HandlerSettings &settings)
{
    const HandlerKind *const kind = findHandlerKind(name);
    if (kind == nullptr) {
        std::string names;
        for (const HandlerKind *known : handlerKinds())
            names += (names.empty() ? "" : ", ") + std::string(known->name);
        return usage("UNKNOWN_HANDLER",
                     "there is no handler '" + visible(name) + "': it is one of " + names);
    }
    if (kind->needsDatabase && settings.database.empty())
        return usage("DATABASE_NEEDED", "the handler " + std::string(kind->name) +
                                            " writes to an SQLite file; name it with --db FILE");
    if (kind->needsWriter && !settings.writer)
        return usage("WRITER_NEEDED", "the handler " + std::string(kind->name) +
                                          " produces records and was given no producer");
    auto handler = kind->make(settings);
    if (!handler)
        return handler.error();
    return withFaults(std::move(*handler), settings.faults, settings.seed);
}

} // namespace redrive::events
