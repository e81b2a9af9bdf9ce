#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace redrive::store {

class Database;

/// A prepared statement, to be used again and again. On the thread that has its database, which
/// outlives it. Every function throws StoreError.
class Statement
{
public:
    Statement(Database &database, std::string_view sql);
    ~Statement();
    Statement(const Statement &) = delete;
    Statement &operator=(const Statement &) = delete;

    /// Binds values in their order (std::optional: NULL where there is none), runs to the end, and
    /// says how many rows it changed. Nothing is copied: text need only live during the call.
    template <typename... Values>
    int run(const Values &...values)
    {
        bindAll(values...);
        return finish();
    }

    /// The same for an upsert into a table with a rowid: whether the row is a new one.
    template <typename... Values>
    bool inserts(const Values &...values)
    {
        bindAll(values...);
        return finishInsert();
    }

    /// Binds, and gives rows through next() until that says false. Text must live as long.
    template <typename... Values>
    Statement &query(const Values &...values)
    {
        bindAll(values...);
        return *this;
    }
    bool next();
    std::int64_t integer(int column) const;
    std::string text(int column) const;
    std::optional<std::int64_t> maybeInteger(int column) const;
    std::optional<std::string> maybeText(int column) const;
    void reset() noexcept; ///< done with, before the last row

private:
    template <typename... Values>
    void bindAll(const Values &...values)
    {
        int index = 0;
        (bind(++index, values), ...);
    }
    void bind(int index, std::string_view text);
    void bind(int index, const std::string &text) { bind(index, std::string_view(text)); }
    void bind(int index, const char *text) { bind(index, std::string_view(text)); }
    void bind(int index, std::int64_t number);
    void bind(int index, std::int32_t number) { bind(index, std::int64_t{number}); }
    void bind(int index, std::nullopt_t);
    template <typename T>
    void bind(int index, const std::optional<T> &value)
    {
        if (value)
            bind(index, *value);
        else
            bind(index, std::nullopt);
    }
    int finish();
    bool finishInsert();
    void check(int code) const;
    [[noreturn]] void fail(int code) const;

    sqlite3 *m_connection;
    sqlite3_stmt *m_statement = nullptr;
};

} // namespace redrive::store
