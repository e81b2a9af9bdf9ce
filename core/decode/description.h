#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <type_traits>

namespace redrive::decode {

enum class Presence : std::uint8_t
{
    Required,
    RequiredUnlessNext, ///< either this one or the one described after it
    Optional,
    Nullable, ///< optional, and null is as good as absent
};

/// How the bytes of a field may be written, where its type leaves a choice.
enum class Form : std::uint8_t
{
    Plain,
    StringOrInteger, ///< for Text: an integer becomes its digits
};

template <typename Struct, typename Member>
struct Field
{
    std::string_view name;
    Member Struct::*member = nullptr;
    Presence presence = Presence::Required;
    Form form = Form::Plain;
};

template <typename Struct, typename Member>
constexpr auto required(std::string_view name, Member Struct::*member, Form form = Form::Plain)
{
    return Field<Struct, Member>{name, member, Presence::Required, form};
}
template <typename Struct, typename Member>
constexpr auto requiredUnlessNext(std::string_view name, Member Struct::*member,
                                  Form form = Form::Plain)
{
    return Field<Struct, Member>{name, member, Presence::RequiredUnlessNext, form};
}
template <typename Struct, typename Member>
constexpr auto optional(std::string_view name, Member Struct::*member, Form form = Form::Plain)
{
    return Field<Struct, Member>{name, member, Presence::Optional, form};
}
template <typename Struct, typename Member>
constexpr auto nullable(std::string_view name, Member Struct::*member, Form form = Form::Plain)
{
    return Field<Struct, Member>{name, member, Presence::Nullable, form};
}

template <typename... Fields>
struct Description
{
    static_assert(sizeof...(Fields) > 0 && sizeof...(Fields) <= 64);
    std::tuple<Fields...> fields;
    bool open; ///< other fields are part of the message and never refused
};

template <typename... Fields>
constexpr auto describe(Fields... fields)
{
    return Description<Fields...>{{fields...}, false};
}
/// Of an object that anybody may put more into.
template <typename... Fields>
constexpr auto describeOpen(Fields... fields)
{
    return Description<Fields...>{{fields...}, true};
}

/// The one table that says how a struct is read. Specialise it beside the struct:
///
///     template <>
///     inline constexpr auto decode::description<Order> = decode::describe(
///         decode::required("order_id", &Order::orderId), …);
template <typename Struct>
inline constexpr auto description = nullptr;

template <typename T>
concept Described = !std::is_same_v<std::remove_cv_t<decltype(description<T>)>, std::nullptr_t>;

} // namespace redrive::decode
