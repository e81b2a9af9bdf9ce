#pragma once

#include "core/base/error.h"
#include "core/base/ids.h"
#include "core/model/record.h"

#include <cstddef>
#include <memory>
#include <vector>

namespace redrive::kafka {

/// What one take() brought: records in the order of their partitions' logs, and what was said
/// between them. Owns the bytes that the views point to; may be released on any thread.
struct RecordBatch
{
    /// A reader came to the end of a partition for now. Information, not a failure (C1); it also
    /// tells that transaction markers before `position` were passed over.
    struct End
    {
        TopicPartition partition;
        Offset position;
    };
    /// Reading of a partition stopped or stumbled: NO_OFFSET and OFFSET_OUT_OF_RANGE (with
    /// ResetPolicy::Error; it stays stopped), TOPIC_AUTHORIZATION_FAILED, _BAD_MSG (a checksum) …
    struct Broken
    {
        TopicPartition partition;
        std::optional<Offset> at;
        Error error;
    };

    std::vector<RecordView> records;
    std::vector<End> ends;
    std::vector<Broken> broken;
    std::size_t bytes = 0;             ///< keys, values and a fixed share a record
    std::shared_ptr<const void> owner; ///< keeps the bytes alive
};

} // namespace redrive::kafka
