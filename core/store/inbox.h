#pragma once

#include "core/model/record.h"
#include "core/store/database.h"
#include "core/store/statement.h"

#include <string>
#include <string_view>

namespace redrive::store {

/// What has been processed: its row goes into the transaction of the effect. Throws
/// StoreError; on the thread that has the database.
class Inbox
{
public:
    /// The inbox of `handler`: the table `inbox` belongs to the first one that opens the file, and
    /// any other one has its own, so that two handlers that share a file never take each other's
    /// events for duplicates. Creates what is missing, in a transaction of its own.
    Inbox(Database &database, const std::string &handler);

    /// Only the table: for who notes nothing in it. Answers its name.
    static std::string create(Database &database, const std::string &handler);

    /// Notes it; false: it had been noted before, so its effect is there.
    bool admit(std::string_view id, const RecordView &record, std::string_view processedAt);

    bool contains(std::string_view id);

    const std::string &table() const { return m_table; }

private:
    std::string m_table;
    Statement m_insert;
    Statement m_find;
};

} // namespace redrive::store
