#pragma once

#include "core/consumer/advice.h"
#include "core/workspace/snapshot.h"
#include "ui/bridge/consumersessions.h"

#include <string>
#include <vector>

namespace redrive::ui {

/// The form's fields as they were typed. A value.
struct SessionDraft
{
    std::string group;
    std::string topics; ///< separated by commas
    std::string handler = "inspect";
    std::string database;
    GroupProtocol protocol = GroupProtocol::CooperativeSticky;
    std::string instanceId;
    kafka::ResetPolicy reset = kafka::ResetPolicy::Earliest;

    consumer::CommitStrategy::Kind commit = consumer::CommitStrategy::Kind::Every;
    std::string commitBatch = "100";
    std::string commitInterval = "1s";
    int workers = 2;
    consumer::Ordering ordering = consumer::Ordering::Partition;
    int retries = 3;
    std::string backOff = "100ms";
    std::string backOffCap = "10s";
    consumer::OnPoison onPoison = consumer::OnPoison::DeadLetter;
    enum class DeadLetters
    {
        Suffix,
        Topic,
        None
    };
    DeadLetters deadLetters = DeadLetters::Suffix;
    std::string deadLetterSuffix = ".dlq";
    std::string deadLetterTopic;
    events::Dedupe dedupe = events::Dedupe::ByEventId;
    std::string faults;
    std::string drain = "10s";
    bool operator==(const SessionDraft &) const = default;
};

/// What a draft comes to, and what is wrong with it (severity Refusal, by field).
struct SessionReading
{
    SessionRequest request; ///< fields that cannot be read are as by default
    std::vector<consumer::Advice> problems;
};
SessionReading read(const SessionDraft &draft);

/// What the cluster's snapshot and the window's own sessions say about a request.
consumer::AdviceFacts factsOf(const SessionRequest &request, const kafka::AccessPolicy &policy,
                              const workspace::ClusterSnapshot &cluster,
                              const std::vector<const SessionEntry *> &sessions);

/// Problems of the draft first, then what core advises: all that the form shows.
std::vector<consumer::Advice> adviseOn(const SessionReading &reading,
                                       const consumer::AdviceFacts &facts);

} // namespace redrive::ui
