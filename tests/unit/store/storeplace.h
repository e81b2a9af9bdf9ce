#pragma once

#include "core/store/database.h"
#include "core/store/statement.h"

#include <QTemporaryDir>
#include <QTest>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

namespace redrive::store {

inline constexpr std::int32_t application = 0x52647400;

inline const Schema version1{.applicationId = application,
                             .steps = {"CREATE TABLE IF NOT EXISTS notes(id INTEGER PRIMARY KEY, "
                                       "text TEXT NOT NULL)"}};
inline const Schema version2{
    .applicationId = application,
    .steps = {version1.steps[0],
              "ALTER TABLE notes ADD COLUMN author TEXT NOT NULL DEFAULT 'nobody'"}};

class Place
{
public:
    std::filesystem::path operator/(const char *name) const
    {
        return std::filesystem::path(m_directory.path().toStdString()) / name;
    }

private:
    QTemporaryDir m_directory;
};

inline std::unique_ptr<Database> mustOpen(const std::filesystem::path &file,
                                          const Schema &schema = version1, OpenOptions options = {})
{
    auto database = Database::open(file, schema, options);
    if (!database)
        qFatal("%s", describe(database.error()).c_str());
    return std::move(*database);
}

inline void add(Database &database, std::int64_t id, std::string_view text)
{
    Statement(database, "INSERT INTO notes(id, text) VALUES(?, ?)").run(id, text);
}

} // namespace redrive::store
