#pragma once

#include "core/base/error.h"
#include "core/consumer/handler.h"
#include "core/events/handlers/settings.h"

#include <memory>
#include <string_view>
#include <vector>

namespace redrive::events {

/// One of the ready-made handlers (C8). Each is a file in this folder that defines one of these.
struct HandlerKind
{
    std::string_view name;
    std::string_view about; ///< for people: what it does with a record
    bool needsDatabase = false;
    bool needsWriter = false;
    Result<std::shared_ptr<consumer::Handler>> (*make)(const HandlerSettings &settings) = nullptr;
};

extern const HandlerKind inspectKind;
extern const HandlerKind ordersKind;
extern const HandlerKind auditKind;
extern const HandlerKind notificationsKind;
extern const HandlerKind recurringKind;
extern const HandlerKind liveKind;
extern const HandlerKind statsKind;

/// All of them, in the order in which they are named to people.
const std::vector<const HandlerKind *> &handlerKinds();
const HandlerKind *findHandlerKind(std::string_view name); ///< null: there is none

/// With the faults that were asked for. A usage error where the name is unknown or something that
/// the handler needs is missing; other errors are those of opening the database.
Result<std::shared_ptr<consumer::Handler>> makeHandler(std::string_view name,
                                                       const HandlerSettings &settings);

} // namespace redrive::events
