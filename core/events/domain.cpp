#include "core/events/domain.h"

namespace redrive::events {

std::optional<TaskEventType> parseTaskEventType(std::string_view text)
{
    for (const auto type : {TaskEventType::Created, TaskEventType::Updated,
                            TaskEventType::Completed, TaskEventType::Deleted})
        if (text == name(type))
            return type;
    return {};
}

std::string_view name(TaskEventType type)
{
    switch (type) {
    case TaskEventType::Created: return "created";
    case TaskEventType::Updated: return "updated";
    case TaskEventType::Completed: return "completed";
    case TaskEventType::Deleted: return "deleted";
    }
    return "created";
}

} // namespace redrive::events
