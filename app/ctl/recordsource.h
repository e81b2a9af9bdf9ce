#pragma once

#include "core/base/error.h"
#include "core/events/produce.h"

#include <cstdint>
#include <istream>
#include <memory>
#include <optional>
#include <string>

namespace redrive::ctl {

/// Key and value of a record to be written; null is not empty.
struct SourceRecord
{
    std::optional<std::string> key;
    std::optional<std::string> value;
    bool operator==(const SourceRecord &) const = default;
};

/// Where `produce` takes its records from, one after the other. One thread.
class RecordSource
{
public:
    RecordSource() = default;
    RecordSource(const RecordSource &) = delete;
    RecordSource &operator=(const RecordSource &) = delete;
    virtual ~RecordSource() = default;

    /// None: there are no more.
    virtual Result<std::optional<SourceRecord>> next() = 0;
    /// How many there are in all, where that is known.
    virtual std::optional<std::uint64_t> total() const { return std::nullopt; }
};

/// Each line is one value; with a delimiter, what is before its first occurrence is the key, and a
/// line without one has none. Bytes stay as they are, an empty line is an empty value, and a line
/// break at the very end is not followed by a record. `name` is for errors.
std::unique_ptr<RecordSource> linesOf(std::unique_ptr<std::istream> lines, std::string name,
                                      std::optional<std::string> key,
                                      std::optional<std::string> delimiter);
/// All of it is one value.
std::unique_ptr<RecordSource> wholeOf(std::unique_ptr<std::istream> file, std::string name,
                                      std::optional<std::string> key);
/// Seeded sample events, keyed by their user.
std::unique_ptr<RecordSource> eventsOf(const events::ProducePlan &plan, std::uint64_t count);

} // namespace redrive::ctl
