#pragma once

#include "core/base/error.h"
#include "core/base/time.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

struct sqlite3;

namespace redrive::store {

/// What a database file is like. Step i takes version i to version i + 1; version 0 is a new file,
/// or one made by hand, so that step 0 creates only what is not there.
struct Schema
{
    std::int32_t applicationId = 0; ///< tells this kind of file from others (PRAGMA application_id)
    std::vector<std::string> steps;
    int version() const { return static_cast<int>(steps.size()); }
};

struct OpenOptions
{
    /// How long to wait for another process that writes before giving up with SQLITE_BUSY.
    Millis busyTimeout{10'000};
    bool ownerOnly = false; ///< a new file gets mode 0600
};

/// One connection to an SQLite file: WAL, `synchronous=FULL`, so that a commit is on the disk when
/// it returns (events.md §5). One thread at a time; several processes may have the same file open.
class Database
{
public:
    /// Opens or creates. A file of an older version is migrated in one transaction, after a copy
    /// of it has been made beside it (`FILE.v1.bak`); one of a newer version, of another program,
    /// or that is no database is refused and left as it was.
    static Result<std::unique_ptr<Database>> open(const std::filesystem::path &file,
                                                  const Schema &schema, OpenOptions options = {});
    ~Database();
    Database(const Database &) = delete;
    Database &operator=(const Database &) = delete;

    const std::filesystem::path &file() const { return m_file; }

    /// Statements without values, outside of hot paths. Throws StoreError.
    void execute(const std::string &sql);
    std::int64_t readInteger(const std::string &sql); ///< the first column of the first row
    std::string readText(const std::string &sql);

    /// For Statement only.
    sqlite3 *connection() const;

private:
    friend class Transaction;
    struct Connection;
    Database(std::filesystem::path file, OpenOptions options);
    void connect(bool ownerOnly);
    void prepareFile(const Schema &schema);
    void refuseForeign(const Schema &schema, int version);
    void useWal();
    void migrate(const Schema &schema);
    void copyBeside(int version);
    void requireSameFile() const;

    std::filesystem::path m_file;
    Millis m_busyTimeout;
    std::uint64_t m_device = 0;
    std::uint64_t m_inode = 0;
    std::unique_ptr<Connection> m_connection;
};

/// A write transaction (BEGIN IMMEDIATE: waits for other writers at its beginning, and so never
/// meets them in its middle). Rolled back unless committed. Throws StoreError.
class Transaction
{
public:
    explicit Transaction(Database &database);
    ~Transaction();
    Transaction(const Transaction &) = delete;
    Transaction &operator=(const Transaction &) = delete;

    void commit();

private:
    Database &m_database;
    bool m_open = true;
};

} // namespace redrive::store
