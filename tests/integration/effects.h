#pragma once

#include "core/base/ids.h"

#include <QString>
#include <QTemporaryDir>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

struct sqlite3;

namespace redrive::testworld {

/// What the orders handler has left in its database, read with SQLite alone. Throws where it cannot
/// be read.
class Effects
{
public:
    enum class Look
    {
        Live,   ///< where a process may be writing
        Remains ///< nobody has it open: a copy is looked at, so that what a crash left stays
    };
    explicit Effects(const QString &database, Look look = Look::Live);
    ~Effects();
    Effects(const Effects &) = delete;
    Effects &operator=(const Effects &) = delete;

    std::int64_t number(const std::string &query) const;
    /// Inbox rows of a partition below an offset; duplicates of an event count once.
    std::int64_t inboxBelow(const TopicPartition &partition, std::int64_t offset) const;
    /// Whether nobody is in the middle of a transaction.
    bool isFree() const;
    std::int64_t inbox() const { return number("SELECT count(*) FROM inbox"); }

    struct Order
    {
        std::string id;
        std::string customer;
        std::int64_t version = 0;
        std::int32_t partition = 0;
        std::int64_t offset = 0;
    };
    std::vector<Order> orders() const; ///< in the order of `seq`

private:
    QTemporaryDir m_copies;
    sqlite3 *m_database = nullptr;
};

} // namespace redrive::testworld
