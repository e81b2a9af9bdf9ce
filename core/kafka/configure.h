#pragma once

#include "core/kafka/connection.h"
#include "core/kafka/handles.h"

#include <map>
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
    Reader,
    Consumer, ///< a member of a group
    Writer    ///< an idempotent producer
};

using Properties = std::map<std::string, std::string>;

/// A configuration for a handle. No topic is ever created and no telemetry pushed; an Admin and a
/// Reader only read, and nothing is committed. `own` are properties of this very handle, which the
/// profile's do not override. Every property that librdkafka refuses is named in the error.
/// `context` must outlive the handle.
Result<ConfPtr> makeConf(const ConnectionSettings &settings, Role role, HandleContext &context,
                         const Properties &own = {});

/// A connection error without what differs each time ("after 3ms in state …", "2 identical error(s)
/// suppressed"), so that the same error reads the same.
std::string withoutTiming(std::string text);

/// Creates the handle; the configuration is taken over only when it works.
Result<ClientPtr> makeClient(ConfPtr conf, Role role);

/// The mapped address for an advertised "host:port", if there is one.
const AddressMapping *findMapping(const std::vector<AddressMapping> &addresses,
                                  std::string_view hostPort);

} // namespace redrive::kafka
