#include "core/store/statement.h"

#include "core/store/database.h"
#include "core/store/storeerror.h"

#include <sqlite3.h>

namespace redrive::store {

Statement::Statement(Database &database, std::string_view sql)
    : m_connection(database.connection())
{
    check(sqlite3_prepare_v3(m_connection, sql.data(), static_cast<int>(sql.size()),
                             SQLITE_PREPARE_PERSISTENT, &m_statement, nullptr));
}

Statement::~Statement()
{
    sqlite3_finalize(m_statement);
}

void Statement::bind(int index, std::string_view text)
{
    // A null pointer would be NULL, and an empty text is not. A null destructor is SQLITE_STATIC.
    check(sqlite3_bind_text64(m_statement, index, text.data() != nullptr ? text.data() : "",
                              text.size(), nullptr, SQLITE_UTF8));
}

void Statement::bind(int index, std::int64_t number)
{
    check(sqlite3_bind_int64(m_statement, index, number));
}

void Statement::bind(int index, std::nullopt_t)
{
    check(sqlite3_bind_null(m_statement, index));
}

int Statement::finish()
{
    int code = SQLITE_ROW;
    while (code == SQLITE_ROW)
        code = sqlite3_step(m_statement);
    if (code != SQLITE_DONE)
        fail(code);
    const int changed = sqlite3_changes(m_connection);
    sqlite3_reset(m_statement);
    return changed;
}

bool Statement::finishInsert()
{
    // An update leaves the last rowid as it is, and no row that AUTOINCREMENT makes has this one.
    sqlite3_set_last_insert_rowid(m_connection, 0);
    finish();
    return sqlite3_last_insert_rowid(m_connection) != 0;
}

bool Statement::next()
{
    const int code = sqlite3_step(m_statement);
    if (code == SQLITE_ROW)
        return true;
    if (code != SQLITE_DONE)
        fail(code);
    reset();
    return false;
}

std::int64_t Statement::integer(int column) const
{
    return sqlite3_column_int64(m_statement, column);
}

std::string Statement::text(int column) const
{
    const auto *bytes = static_cast<const char *>(sqlite3_column_blob(m_statement, column));
    const int size = sqlite3_column_bytes(m_statement, column);
    return bytes == nullptr ? std::string() : std::string(bytes, static_cast<std::size_t>(size));
}

std::optional<std::int64_t> Statement::maybeInteger(int column) const
{
    if (sqlite3_column_type(m_statement, column) == SQLITE_NULL)
        return std::nullopt;
    return integer(column);
}

std::optional<std::string> Statement::maybeText(int column) const
{
    if (sqlite3_column_type(m_statement, column) == SQLITE_NULL)
        return std::nullopt;
    return text(column);
}

void Statement::reset() noexcept
{
    sqlite3_reset(m_statement);
}

void Statement::check(int code) const
{
    if (code != SQLITE_OK)
        fail(code);
}

void Statement::fail(int code) const
{
    const int extended = sqlite3_extended_errcode(m_connection);
    const StoreError error((extended & 0xFF) == (code & 0xFF) ? extended : code,
                           sqlite3_errmsg(m_connection));
    sqlite3_reset(m_statement);
    throw error;
}

} // namespace redrive::store
