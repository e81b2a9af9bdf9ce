#pragma once

#include "app/ctl/console.h"
#include "app/ctl/render.h"
#include "core/base/error.h"
#include "core/base/ids.h"
#include "core/base/time.h"
#include "core/model/group.h"

#include <optional>
#include <string>

/// Values that several shapes hold. What is not known is null.
namespace redrive::ctl {

template <typename T>
JsonValue orNull(const std::optional<T> &value)
{
    return value ? JsonValue(*value) : JsonValue();
}

inline JsonValue orNull(const std::optional<std::string> &text)
{
    return text ? jsonText(*text) : JsonValue();
}

inline JsonValue orNull(const std::optional<Offset> &offset)
{
    return offset ? JsonValue(offset->value()) : JsonValue();
}

inline JsonValue orNull(const std::optional<Error> &error)
{
    return error ? toJson(*error) : JsonValue();
}

inline JsonValue orNull(const std::optional<GroupState> &state)
{
    return state ? JsonValue(name(*state)) : JsonValue();
}

inline JsonValue orNull(const std::optional<WallTime> &time)
{
    return time ? JsonValue(toRfc3339(*time)) : JsonValue();
}

} // namespace redrive::ctl
