#pragma once

#include "core/decode/values.h"
#include "core/events/domain.h"
#include "core/events/translate.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace redrive::events {

/// What is wrong with an id; empty: nothing. ` is empty`, to be put behind its path.
std::string_view problemOfId(std::string_view id);
/// Likewise of a name or a title.
std::string_view problemOfName(std::string_view name);

/// Checks the fields of one message as they are translated. The first problem counts; what is
/// returned after one is not used.
class Checks
{
public:
    explicit Checks(std::string_view inside = "$") // what the paths begin with
        : m_inside(inside)
    {
    }

    /// Until the next call the fields are those of `list[index]`.
    void enterElement(std::string_view list, std::size_t index);
    void leaveElement() { m_list = {}; }

    std::string id(std::string_view field, const decode::Text &text);
    std::string name(std::string_view field, const decode::Text &text);
    std::optional<std::string> name(std::string_view field,
                                    const std::optional<decode::Text> &text);
    Instant instant(std::string_view field, const decode::Text &text);
    std::optional<Instant> instant(std::string_view field, const std::optional<decode::Text> &text);
    Money money(std::string_view field, const decode::Number &number);
    std::int64_t integer(std::string_view field, const decode::Integer &integer, std::int64_t least,
                         std::int64_t most);

    template <typename Id>
    Id named(std::string_view field, const decode::Text &text)
    {
        return Id(id(field, text));
    }
    template <typename Id>
    std::optional<Id> named(std::string_view field, const std::optional<decode::Text> &text)
    {
        return text ? std::optional(Id(id(field, *text))) : std::nullopt;
    }

    void fail(std::string_view field, std::string_view problem);
    const std::optional<ValidationError> &error() const { return m_error; }

private:
    std::string_view m_inside;
    std::string_view m_list;
    std::size_t m_index = 0;
    std::optional<ValidationError> m_error;
};

} // namespace redrive::events
