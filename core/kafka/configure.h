#pragma once

#include "core/kafka/connection.h"
#include "core/kafka/handles.h"

#include <memory>
#include <vector>

namespace redrive::kafka {

/// What the resolve callback reads; lives as long as the handle it was given to.
using AddressBook = std::vector<AddressMapping>;

enum class Role
{
    Admin,
    Reader
};

/// A configuration for a handle that only reads: no topic is ever created, no telemetry pushed,
/// nothing committed. Every property that librdkafka refuses is named in the error. `book` must
/// outlive the handle.
Result<ConfPtr> makeConf(const ConnectionSettings &settings, Role role, const AddressBook &book);

/// Creates the handle; the configuration is taken over only when it works.
Result<ClientPtr> makeClient(ConfPtr conf, Role role);

/// The mapped address for an advertised "host:port", if there is one.
const AddressMapping *findMapping(const AddressBook &book, std::string_view hostPort);

} // namespace redrive::kafka
