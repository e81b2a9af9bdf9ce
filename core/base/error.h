#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace redrive {

/// Why something failed, in the words of whoever said no, with what was being tried.
/// A value: it crosses threads freely. Parts fail apart: an answer about ten groups carries ten of
/// these, not one.
struct Error
{
    enum class Kind
    {
        Usage,          ///< the caller asked for something that makes no sense; nothing was sent
        Config,         ///< a property or profile that cannot be used
        Resolve,        ///< a host name that has no address
        Transport,      ///< no connection, or it broke
        Tls,            ///< the handshake or a certificate was refused
        Authentication, ///< SASL said no
        Authorization,  ///< the broker knows us and does not let us
        Broker,         ///< any other error code from the broker
        Timeout,        ///< no answer in time
        Cancelled,      ///< we stopped asking
        Refused,        ///< our own guard said no
        Unsupported,    ///< this broker or this client library cannot do it
        Internal,       ///< our own fault
    };
    Kind kind = Kind::Internal;
    std::string code; ///< Kafka's name for it (`UNKNOWN_TOPIC_OR_PARTITION`), or librdkafka's with
                      ///< a leading `_`
    std::string message;           ///< in their words
    std::string attempted;         ///< in ours: "describing group orders"
    std::optional<bool> retriable; ///< empty: nobody said

    bool operator==(const Error &) const = default;
};

/// "attempted: message (CODE)", the line that a log or a terminal shows.
std::string describe(const Error &error);

/// Either a value or the reason why there is none.
template <typename T>
class [[nodiscard]] Result
{
public:
    Result(T value)
        : m_state(std::in_place_index<0>, std::move(value))
    {
    }
    Result(Error error)
        : m_state(std::in_place_index<1>, std::move(error))
    {
    }

    explicit operator bool() const noexcept { return m_state.index() == 0; }
    bool hasValue() const noexcept { return m_state.index() == 0; }

    T &value() & { return std::get<0>(m_state); }
    const T &value() const & { return std::get<0>(m_state); }
    T &&value() && { return std::get<0>(std::move(m_state)); }
    T &operator*() & { return value(); }
    const T &operator*() const & { return value(); }
    T *operator->() { return &value(); }
    const T *operator->() const { return &value(); }

    const Error &error() const { return std::get<1>(m_state); }

private:
    std::variant<T, Error> m_state;
};

/// For what either works or says why not.
template <>
class [[nodiscard]] Result<void>
{
public:
    Result() = default;
    Result(Error error)
        : m_error(std::move(error))
    {
    }
    explicit operator bool() const noexcept { return !m_error; }
    bool hasValue() const noexcept { return !m_error; }
    const Error &error() const { return *m_error; }

private:
    std::optional<Error> m_error;
};

} // namespace redrive
