#pragma once

#include "core/kafka/asking.h"
#include "core/kafka/groupadmin.h"

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace redrive::kafka {

/// Sends what changes a group, on a handle of its own, and waits for the answer. A request that
/// waits for its coordinator stays in its handle for as long as that lives, and would be sent long
/// after it was given up: so a handle with a request that was given up is thrown away first, and
/// nothing is sent after the answer. One thread at a time; blocks.
class GroupWriter
{
public:
    explicit GroupWriter(ConnectionSettings settings)
        : m_settings(std::move(settings))
    {
    }

    /// Opens the handle, unless there is one, and has it find the group's coordinator by asking for
    /// the group's description, which nobody waits for (groupprepare.cpp).
    void prepare(const GroupId &group);

    ChangeAnswer alterOffsets(const GroupId &group, const std::vector<NewOffset> &offsets,
                              const Permit &permit, MonoTime deadline, const std::stop_token &stop);
    ChangeAnswer deleteOffsets(const GroupId &group, const std::vector<TopicPartition> &partitions,
                               const Permit &permit, MonoTime deadline,
                               const std::stop_token &stop);
    Result<void> deleteGroup(const GroupId &group, const Permit &permit, MonoTime deadline,
                             const std::stop_token &stop);

private:
    struct Request
    {
        rd_kafka_admin_op_t operation;
        rd_kafka_event_type_t answer;
        std::string attempted;
        std::function<void(const Asking &, const rd_kafka_AdminOptions_t *)> send;
        std::function<ChangeAnswer(rd_kafka_event_t *)> read;
    };

    ChangeAnswer perform(const Request &request, MonoTime deadline, const std::stop_token &stop);
    /// None: to be asked again, since the broker that answered is not the group's coordinator now.
    std::optional<ChangeAnswer> once(const Request &request, MonoTime deadline,
                                     const std::stop_token &stop);
    void throwAway();

    ConnectionSettings m_settings;
    std::shared_ptr<Asking> m_asking; ///< null: none is open
    bool m_answeredBefore = false;    ///< this handle has had an answer
};

} // namespace redrive::kafka
