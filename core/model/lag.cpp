#include "core/model/lag.h"

namespace redrive {

std::string_view name(Condition condition)
{
    switch (condition) {
    case Condition::TopicDeleted: return "topic_deleted";
    case Condition::BeyondEnd: return "beyond_end";
    case Condition::RecordsLost: return "records_lost";
    case Condition::Unsubscribed: return "unsubscribed";
    case Condition::NoCommit: return "no_commit";
    case Condition::OpenTransaction: return "open_transaction";
    case Condition::MarkersOnly: return "markers_only";
    case Condition::Idle: return "idle";
    case Condition::Ok: return "ok";
    }
    return "";
}

} // namespace redrive
