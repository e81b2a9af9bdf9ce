#pragma once

#include "core/base/time.h"
#include "core/kafka/connection.h"
#include "core/model/cluster.h"

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace redrive::kafka {

/// One step on the way to a cluster, as the connect page shows it.
struct ConnectionStep
{
    enum class State
    {
        Running,
        Passed,
        Failed,
        Skipped
    };
    std::string title; ///< "Resolve broker-1:9092", "TLS handshake"
    State state = State::Running;
    std::string detail; ///< what was found, in words: "127.0.0.1", "TLSv1.3, CN=localhost, until
                        ///< 2027-01-01"
    std::optional<Error> error; ///< for Failed, in the words of whoever refused
    std::string advice;         ///< for Failed: what to do next
};

/// Name resolved → TCP → TLS → SASL → metadata → each advertised broker reached. Blocks, so it runs
/// on a thread of its own; calls `report` with the whole list after each change. Stops at the stop
/// token within a second. Returns the cluster when metadata was had.
std::optional<ClusterInfo>
testConnection(const ConnectionSettings &settings, Millis timeout, const std::stop_token &stop,
               const std::function<void(const std::vector<ConnectionStep> &)> &report);

/// For a connection that failed without saying why (it was closed, or nothing came): looks whether
/// the port speaks TLS or HTTP instead. Blocks until the deadline, and for two seconds at most.
/// Returns the advice that fits, advise() otherwise.
std::string diagnose(const Error &error, const ConnectionSettings &settings, MonoTime deadline,
                     const std::stop_token &stop = {});

/// What a person can do about a connection error, in one sentence; empty when there is nothing to
/// add.
std::string advise(const Error &error, const ConnectionSettings &settings);

} // namespace redrive::kafka
