#include "core/store/database.h"

#include "core/base/text.h"
#include "core/store/statement.h"
#include "core/store/storeerror.h"

#include <SQLiteCpp/Backup.h>
#include <SQLiteCpp/Database.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <optional>
#include <random>
#include <sqlite3.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace redrive::store {

namespace {

/// 32 MiB: a checkpoint waits for the disk twice, and each one moves what the last did again.
constexpr int checkpointPages = 8192;
constexpr int pageCacheKiB = 32'768;
constexpr int mostCopies = 100;

/// Refused by us, not by SQLite.
class Refused : public std::runtime_error
{
public:
    Refused(std::string code, const std::string &message)
        : std::runtime_error(message)
        , m_code(std::move(code))
    {
    }
    const std::string &code() const { return m_code; }

private:
    std::string m_code;
};

std::string quoted(const std::filesystem::path &file)
{
    return visible(file.string());
}

std::string hexadecimal(std::int64_t number)
{
    std::array<char, 24> text{};
    std::snprintf(text.data(), text.size(), "0x%08llx",
                  static_cast<unsigned long long>(static_cast<std::uint32_t>(number)));
    return text.data();
}

/// Waits for a lock in short steps of random length: SQLite's own waits grow to 100 ms, with which
/// one of two busy writers can starve.
struct Patience
{
    Millis limit{};
    MonoTime since{};
    std::minstd_rand random{std::random_device{}()};

    static int waitFor(void *self, int times)
    {
        auto &patience = *static_cast<Patience *>(self);
        const MonoTime now = monoNow();
        if (times == 0)
            patience.since = now;
        if (now - patience.since >= patience.limit)
            return 0;
        const int most = std::min(1000 + times * 500, 8000);
        std::uniform_int_distribution<int> micros(200, most);
        std::this_thread::sleep_for(std::chrono::microseconds(micros(patience.random)));
        return 1;
    }
};

} // namespace

struct Database::Connection
{
    std::optional<SQLite::Database> sqlite;
    Patience patience;
};

Result<std::unique_ptr<Database>> Database::open(const std::filesystem::path &file,
                                                 const Schema &schema, OpenOptions options)
{
    std::error_code unknown;
    auto absolute = std::filesystem::absolute(file, unknown);
    const std::string attempted = "opening " + quoted(file);
    std::unique_ptr<Database> database(new Database(std::move(absolute), options));
    try {
        database->connect(options.ownerOnly);
        database->prepareFile(schema);
    } catch (const Refused &refused) {
        return Error{.kind = Error::Kind::Unsupported,
                     .code = refused.code(),
                     .message = refused.what(),
                     .attempted = attempted,
                     .retriable = false};
    } catch (const StoreError &error) {
        if (error.primaryCode() == SQLITE_NOTADB)
            return Error{.kind = Error::Kind::Unsupported,
                         .code = codeName(error.code()),
                         .message = quoted(file) + " is not an SQLite database; nothing was "
                                                   "changed in it",
                         .attempted = attempted,
                         .retriable = false};
        return toError(error, attempted);
    }
    return database;
}

Database::Database(std::filesystem::path file, OpenOptions options)
    : m_file(std::move(file))
    , m_busyTimeout(options.busyTimeout)
    , m_connection(std::make_unique<Connection>())
{
}

Database::~Database() = default;

sqlite3 *Database::connection() const
{
    return m_connection->sqlite->getHandle();
}

void Database::connect(bool ownerOnly)
{
    if (ownerOnly) {
        // SQLite gives the mode of this file to those that it puts beside it.
        const int made = ::open(m_file.c_str(), O_CREAT | O_EXCL | O_CLOEXEC | O_RDWR, 0600);
        if (made >= 0)
            ::close(made);
    }
    try {
        m_connection->sqlite.emplace(m_file.string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
                                                          SQLITE_OPEN_NOMUTEX);
    } catch (const SQLite::Exception &error) {
        throw StoreError(error.getExtendedErrorCode() > 0 ? error.getExtendedErrorCode()
                                                          : SQLITE_CANTOPEN,
                         error.what());
    }
    m_connection->patience.limit = m_busyTimeout;
    sqlite3_extended_result_codes(connection(), 1);
    sqlite3_busy_handler(connection(), &Patience::waitFor, &m_connection->patience);
}

void Database::execute(const std::string &sql)
{
    const int code = m_connection->sqlite->tryExec(sql);
    if (code != SQLITE_OK)
        throw StoreError(code, sqlite3_errmsg(connection()));
}

std::int64_t Database::readInteger(const std::string &sql)
{
    Statement statement(*this, sql);
    return statement.next() ? statement.integer(0) : 0;
}

std::string Database::readText(const std::string &sql)
{
    Statement statement(*this, sql);
    return statement.next() ? statement.text(0) : std::string();
}

void Database::prepareFile(const Schema &schema)
{
    const auto version = static_cast<int>(readInteger("PRAGMA user_version"));
    refuseForeign(schema, version);
    useWal();
    execute("PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA wal_autocheckpoint=" +
            std::to_string(checkpointPages) + "; PRAGMA cache_size=-" +
            std::to_string(pageCacheKiB));
    struct stat about
    {
    };
    if (::stat(m_file.c_str(), &about) != 0)
        throw StoreError(SQLITE_CANTOPEN, "the file is gone");
    m_device = about.st_dev;
    m_inode = about.st_ino;
    if (version < schema.version())
        migrate(schema);
}

void Database::refuseForeign(const Schema &schema, int version)
{
    const auto application = static_cast<std::int32_t>(readInteger("PRAGMA application_id"));
    const bool ours = application == schema.applicationId;
    if (application != 0 && !ours)
        throw Refused("FOREIGN_DATABASE", quoted(m_file) + " belongs to something else (its " +
                                              "application id is " + hexadecimal(application) +
                                              ", not " + hexadecimal(schema.applicationId) +
                                              "); name another file");
    if (version > schema.version())
        throw Refused("NEWER_SCHEMA",
                      quoted(m_file) + " was written by a newer Redrive: its schema version is " +
                          std::to_string(version) + ", and this one knows up to " +
                          std::to_string(schema.version()) +
                          "; use the newer Redrive, or name another file");
    if (version != 0 && !ours)
        throw Refused("FOREIGN_DATABASE", quoted(m_file) +
                                              " belongs to something else (schema version " +
                                              std::to_string(version) +
                                              " without an application id); name another "
                                              "file");
}

void Database::useWal()
{
    const MonoTime deadline = monoNow() + m_busyTimeout;
    while (readText("PRAGMA journal_mode") != "wal") {
        try {
            if (readText("PRAGMA journal_mode=WAL") == "wal")
                return;
            throw Refused("NO_WAL", quoted(m_file) + " cannot be kept with a write-ahead log, "
                                                     "perhaps because of its file system");
        } catch (const StoreError &error) {
            // Another process that turns the same new file to WAL: SQLite does not wait for that.
            if (error.primaryCode() != SQLITE_BUSY || monoNow() >= deadline)
                throw;
            std::this_thread::sleep_for(Millis(2));
        }
    }
}

void Database::migrate(const Schema &schema)
{
    Transaction transaction(*this);
    const auto version = static_cast<int>(readInteger("PRAGMA user_version"));
    refuseForeign(schema, version);
    if (version == schema.version())
        return; // another process was faster
    if (readInteger("SELECT count(*) FROM sqlite_schema") > 0)
        copyBeside(version);
    for (auto step = static_cast<std::size_t>(version); step < schema.steps.size(); ++step)
        execute(schema.steps[step]);
    execute("PRAGMA user_version=" + std::to_string(schema.version()));
    execute("PRAGMA application_id=" + std::to_string(schema.applicationId));
    transaction.commit();
}

void Database::copyBeside(int version)
{
    const std::string base = m_file.string() + ".v" + std::to_string(version);
    std::string copy = base + ".bak";
    int made = -1;
    struct stat about
    {
    };
    const mode_t mode = ::stat(m_file.c_str(), &about) == 0 ? about.st_mode & 0777U : 0600;
    for (int number = 2; number <= mostCopies; ++number) {
        made = ::open(copy.c_str(), O_CREAT | O_EXCL | O_CLOEXEC | O_RDWR, mode);
        if (made >= 0 || errno != EEXIST)
            break;
        copy = base + "." + std::to_string(number) + ".bak";
    }
    if (made < 0)
        throw Refused("NO_COPY", "the copy " + visible(copy) +
                                     " that is made before a migration "
                                     "cannot be written");
    ::close(made);
    try {
        // Another connection: it reads what is committed, while this one holds writers off.
        SQLite::Database source(m_file.string(), SQLITE_OPEN_READONLY, 5000);
        SQLite::Database target(copy, SQLITE_OPEN_READWRITE);
        SQLite::Backup(target, source).executeStep(-1);
        target.exec("PRAGMA journal_mode=DELETE");
    } catch (const SQLite::Exception &error) {
        ::unlink(copy.c_str());
        throw Refused("NO_COPY", "the copy " + visible(copy) + " that is made before a migration " +
                                     "cannot be written: " + visible(error.what()));
    }
}

void Database::requireSameFile() const
{
    struct stat about
    {
    };
    if (::stat(m_file.c_str(), &about) != 0 || about.st_dev != m_device || about.st_ino != m_inode)
        throw StoreError(SQLITE_READONLY_DBMOVED,
                         quoted(m_file) + " was moved, replaced or deleted while it was open");
}

Transaction::Transaction(Database &database)
    : m_database(database)
{
    if (m_database.m_inode != 0)
        m_database.requireSameFile();
    m_database.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction()
{
    if (m_open && sqlite3_get_autocommit(m_database.connection()) == 0)
        m_database.m_connection->sqlite->tryExec("ROLLBACK");
}

void Transaction::commit()
{
    // An error may have rolled it back already (SQLITE_FULL, a trigger's RAISE(ROLLBACK)).
    if (sqlite3_get_autocommit(m_database.connection()) != 0)
        throw StoreError(SQLITE_ABORT_ROLLBACK, "the transaction had been rolled back");
    m_database.execute("COMMIT");
    m_open = false;
}

} // namespace redrive::store
