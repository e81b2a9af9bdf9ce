#include "tests/integration/effects.h"

#include <QFile>

#include <functional>
#include <sqlite3.h>
#include <stdexcept>

namespace redrive::testworld {

namespace {

void fill(sqlite3 *database, const std::string &query,
          const std::function<void(sqlite3_stmt *)> &row)
{
    sqlite3_stmt *statement = nullptr;
    int code = sqlite3_prepare_v2(database, query.c_str(), -1, &statement, nullptr);
    while (code == SQLITE_OK && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        row(statement);
        code = SQLITE_OK;
    }
    sqlite3_finalize(statement);
    if (code != SQLITE_DONE)
        throw std::runtime_error(query + ": " + sqlite3_errmsg(database));
}

std::string text(sqlite3_stmt *statement, int column)
{
    const auto *bytes = static_cast<const char *>(sqlite3_column_blob(statement, column));
    return bytes == nullptr
               ? std::string()
               : std::string(bytes,
                             static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
}

} // namespace

Effects::Effects(const QString &database, Look look)
{
    QString path = database;
    if (look == Look::Remains) {
        path = m_copies.filePath("copy");
        for (const QString suffix : {"", "-wal"})
            QFile::copy(database + suffix, path + suffix);
    }
    const int code =
        sqlite3_open_v2(path.toUtf8().constData(), &m_database, SQLITE_OPEN_READWRITE, nullptr);
    sqlite3_busy_timeout(m_database, 10'000);
    if (code != SQLITE_OK)
        throw std::runtime_error("opening " + path.toStdString() + ": " +
                                 sqlite3_errmsg(m_database));
}

Effects::~Effects()
{
    sqlite3_close(m_database);
}

std::int64_t Effects::number(const std::string &query) const
{
    std::int64_t found = 0;
    fill(m_database, query,
         [&](sqlite3_stmt *statement) { found = sqlite3_column_int64(statement, 0); });
    return found;
}

std::int64_t Effects::inboxBelow(const TopicPartition &partition, std::int64_t offset) const
{
    return number("SELECT count(*) FROM inbox WHERE topic = '" + partition.topic +
                  "' AND partition = " + std::to_string(partition.partition) +
                  " AND \"offset\" < " + std::to_string(offset));
}

bool Effects::isFree() const
{
    sqlite3_busy_timeout(m_database, 0);
    const bool isFree = sqlite3_exec(m_database, "BEGIN IMMEDIATE; ROLLBACK", nullptr, nullptr,
                                     nullptr) == SQLITE_OK;
    sqlite3_busy_timeout(m_database, 10'000);
    return isFree;
}

std::vector<Effects::Order> Effects::orders() const
{
    std::vector<Order> found;
    fill(m_database,
         "SELECT order_id, customer_name, version, partition, \"offset\" FROM orders ORDER BY seq",
         [&](sqlite3_stmt *statement) {
             found.push_back({.id = text(statement, 0),
                              .customer = text(statement, 1),
                              .version = sqlite3_column_int64(statement, 2),
                              .partition = sqlite3_column_int(statement, 3),
                              .offset = sqlite3_column_int64(statement, 4)});
         });
    return found;
}

} // namespace redrive::testworld
