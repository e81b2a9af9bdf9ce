#pragma once

#include "core/kafka/connection.h"
#include "core/kafka/handles.h"

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace redrive::kafka {

/// What librdkafka's callbacks read and write, on its threads; lives as long as the handle it was
/// given to.
struct HandleContext
{
    std::vector<AddressMapping> addresses; ///< unchanged once the handle is made
    std::mutex mutex;
    std::string certificateProblem; ///< guarded by mutex: why the last certificate was refused, in
                                    ///< OpenSSL's words
    std::string brokenConnection; ///< guarded by mutex: how the last connection ended; only logged
};

enum class Role
{
    Admin,
    Reader
};

/// A configuration for a handle that only reads: no topic is ever created, no telemetry pushed,
/// nothing committed. Every property that librdkafka refuses is named in the error. `book` must
/// outlive the handle.
Result<ConfPtr> makeConf(const ConnectionSettings &settings, Role role, HandleContext &context);

/// A connection error without what differs each time ("after 3ms in state …", "2 identical error(s)
/// suppressed"), so that the same error reads the same.
std::string withoutTiming(std::string text);

/// Creates the handle; the configuration is taken over only when it works.
Result<ClientPtr> makeClient(ConfPtr conf, Role role);

/// The mapped address for an advertised "host:port", if there is one.
const AddressMapping *findMapping(const std::vector<AddressMapping> &addresses,
                                  std::string_view hostPort);

} // namespace redrive::kafka
