#pragma once

#include "core/base/error.h"

#include <stdexcept>
#include <string>

namespace redrive::store {

/// Whose fault it is that SQLite said no (events.md §9).
enum class Blame
{
    Record,      ///< these values cannot be stored: a constraint, a trigger, too large
    Environment, ///< nothing can be stored now: busy, full, unreadable, damaged
};

/// The rule for an SQLite result code, primary or extended.
Blame blameOf(int code) noexcept;
/// `SQLITE_CONSTRAINT_TRIGGER`; the primary code's name where the extended one is unknown.
std::string codeName(int code);

/// Thrown by what works inside a transaction; openers and the journal catch it and answer a Result.
class StoreError : public std::runtime_error
{
public:
    StoreError(int code, const std::string &message)
        : std::runtime_error(message)
        , m_code(code)
    {
    }
    int code() const noexcept { return m_code; } ///< SQLite's extended result code
    int primaryCode() const noexcept { return m_code & 0xFF; }
    Blame blame() const noexcept { return blameOf(m_code); }

private:
    int m_code;
};

Error toError(const StoreError &error, std::string attempted);

} // namespace redrive::store
