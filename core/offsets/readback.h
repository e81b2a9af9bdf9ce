#pragma once

#include "core/offsets/apply.h"

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace redrive::offsets {

/// What was answered to a write.
enum class Answer
{
    NotSent, ///< the row was at its target already
    Done,
    Refused, ///< for certain: `error` says why
    Open,    ///< no answer, or one that leaves open whether it was done
};

/// A partition that was written to.
struct WrittenRow
{
    TopicPartition partition;
    CommitImage before;
    CommitImage requested;
    Answer answer = Answer::NotSent;
    std::optional<Error> error;
};

/// Whether an error leaves open that the write was done, or still will be. So do a time-out, a
/// broken connection, and our own confusion; and NOT_COORDINATOR and COORDINATOR_NOT_AVAILABLE, by
/// which Kafka also tells that a commit is in the log, but was not replicated in time
/// (CoordinatorOperationExceptionHelper in 4.x, GroupMetadataManager before).
bool leavesOpen(const Error &error);

/// What an answer with that error, or with none, amounts to.
Answer answerWith(const std::optional<Error> &error);

struct Verdict
{
    store::JournalOutcome outcome = store::JournalOutcome::Unknown;
    std::optional<std::string> error;
    bool operator==(const Verdict &) const = default;
};

/// Pure: what a row that reads back as `now` came to. None: look again. `quiet`: it has been read
/// like that for so long that what is not done by now will not be.
std::optional<Verdict> judge(const WrittenRow &row, const CommitImage &now, bool quiet);

/// `offset 20`, `offset 20 (leader epoch 4, metadata x)`, `no commit`.
std::string inWords(const CommitImage &image);

CommitImage beforeOf(const store::JournalRow &row);
CommitImage requestedOf(const store::JournalRow &row);
store::JournalRow journalRow(const TopicPartition &partition, const CommitImage &before,
                             const CommitImage &requested);

/// Reads what the group has committed until every row is judged, or the patience is over. Errors
/// are tried again, ever more slowly; a row that is certain is not looked at again.
///
/// Where the answer to a write was lost, and what was before still stands there, the request may be
/// on its way: held by a broker that hangs, or waiting for replicas (offsets.commit.timeout.ms, 5 s
/// by default). A read on another connection is not ordered after it, so one look proves nothing.
/// What the coordinator still says after half of the patience (15 s by default), asked at least
/// three times, is believed: NOT_APPLIED. A coordinator that was replaced cannot write any longer,
/// for its leader epoch is fenced; and a network that holds a packet back for longer than that is
/// found by the next plan, which compares.
std::vector<store::JournalRow> readBack(kafka::GroupAdmin &admin, const GroupId &group,
                                        const std::vector<WrittenRow> &rows,
                                        const ApplyOptions &options, std::stop_token stop);

} // namespace redrive::offsets
