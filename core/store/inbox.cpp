#include "core/store/inbox.h"

namespace redrive::store {

std::string Inbox::create(Database &database, const std::string &handler)
{
    Transaction transaction(database);
    database.execute("CREATE TABLE IF NOT EXISTS inboxes(handler TEXT PRIMARY KEY, "
                     "name TEXT NOT NULL UNIQUE) WITHOUT ROWID");
    Statement find(database, "SELECT name FROM inboxes WHERE handler = ?");
    std::string table;
    if (find.query(handler).next()) {
        table = find.text(0);
        find.reset();
    } else {
        table = database.readInteger("SELECT count(*) FROM inboxes") == 0 ? "inbox"
                                                                          : "inbox_" + handler;
        Statement(database, "INSERT INTO inboxes(handler, name) VALUES(?, ?)").run(handler, table);
    }
    database.execute("CREATE TABLE IF NOT EXISTS " + table +
                     "(id TEXT PRIMARY KEY, topic TEXT NOT NULL, partition INTEGER NOT NULL, "
                     "\"offset\" INTEGER NOT NULL, processed_at TEXT NOT NULL) WITHOUT ROWID");
    transaction.commit();
    return table;
}

Inbox::Inbox(Database &database, const std::string &handler)
    : m_table(create(database, handler))
    , m_insert(database, "INSERT INTO " + m_table +
                             "(id, topic, partition, \"offset\", processed_at) "
                             "VALUES(?, ?, ?, ?, ?) ON CONFLICT(id) DO NOTHING")
    , m_find(database, "SELECT 1 FROM " + m_table + " WHERE id = ?")
{
}

bool Inbox::admit(std::string_view id, const RecordView &record, std::string_view processedAt)
{
    return m_insert.run(id, record.topic, record.partition, record.offset, processedAt) == 1;
}

bool Inbox::contains(std::string_view id)
{
    const bool found = m_find.query(id).next();
    m_find.reset();
    return found;
}

} // namespace redrive::store
