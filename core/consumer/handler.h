#pragma once

#include "core/model/record.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace redrive::consumer {

/// Where a record failed (`dlq.error.stage`).
enum class Stage
{
    Decode,
    Validate,
    Process
};
std::string_view name(Stage stage); ///< `decode`, `validate`, `process`

/// Why a record was not processed.
struct Failure
{
    enum class Kind
    {
        Permanent, ///< trying again cannot help: bytes that are no message, or a message no domain
                   ///< object can be made of (R-23)
        Transient, ///< tried again with back-off, then dead-lettered
        Environment, ///< nobody's record: database or disk. Never dead-lettered; opens the breaker
    };
    Kind kind = Kind::Transient;
    Stage stage = Stage::Process;
    std::string errorClass; ///< low cardinality: "DecodeError", "ConstraintViolation"
    std::string message;
    bool operator==(const Failure &) const = default;
};

/// What a live handler tells the window about a record.
struct Update
{
    std::string eventId;
    std::string eventType;
    std::string taskId;
    std::string userId;
    std::string taskData; ///< the sender's JSON bytes
};

/// Something to say about a record that was finished.
struct Note
{
    std::size_t index = 0;  ///< in the batch
    bool duplicate = false; ///< had been processed before: skipped without effect
    std::string eventId{};  ///< where the message carries one
    std::optional<Update> update{};
};

/// How far a handler came: records [0, done) are finished, their effects durable. Where there is a
/// failure, it is that of record `done`; those behind it were not touched.
struct BatchResult
{
    std::size_t done = 0;
    std::optional<Failure> failure;
    std::string failedEventId{}; ///< of record `done`, where it could be read
    std::vector<Note> notes;
};

/// Told by the handler which record it is about to touch, so that a record that kills the process
/// is known afterwards, and the record in flight can be shown.
class Progress
{
public:
    virtual ~Progress() = default;
    /// False: the session is stopping or gives the partition back; the handler makes durable what
    /// it has done and returns, with `done` = index.
    virtual bool begin(std::size_t index) = 0;
};

/// What is done with records. One object a session; process() is called from several workers at
/// once, but never at once for records of one lane (a partition, or a key where so ordered), and in
/// offset order there. It may block and throw whatever it likes: an exception is a transient
/// failure of the record that was begun last, and nothing after the last durable one counts as done
///
class Handler
{
public:
    Handler() = default;
    Handler(const Handler &) = delete;
    Handler &operator=(const Handler &) = delete;
    virtual ~Handler() = default;

    virtual std::string_view name() const = 0;
    virtual BatchResult process(std::span<const RecordView> records, Progress &progress) = 0;
    /// The most records that one call should get; one transaction may hold them all.
    virtual std::size_t batchLimit() const { return 500; }
};

} // namespace redrive::consumer
