#include "app/window/journalhost.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QSaveFile>
#include <QString>

#include <map>
#include <mutex>
#include <sys/stat.h>
#include <utility>

using namespace Qt::StringLiterals;

namespace redrive::window {

namespace {

constexpr std::size_t auditPage = 1000;

/// Which file it is, and whether it was written to. Empty: there is none.
std::string markOf(const std::filesystem::path &file)
{
    struct ::stat found = {};
    if (::stat(file.c_str(), &found) != 0)
        return {};
    std::string mark;
    for (const std::int64_t part :
         {static_cast<std::int64_t>(found.st_ino), static_cast<std::int64_t>(found.st_size),
          static_cast<std::int64_t>(found.st_mtim.tv_sec),
          static_cast<std::int64_t>(found.st_mtim.tv_nsec)})
        mark += std::to_string(part) + ':';
    return mark;
}

std::uint64_t inodeOf(const std::filesystem::path &file)
{
    struct ::stat found = {};
    return ::stat(file.c_str(), &found) == 0 ? static_cast<std::uint64_t>(found.st_ino) : 0;
}

QByteArray quoted(const std::string &text)
{
    const QJsonArray one{QString::fromStdString(text)};
    const QByteArray json = QJsonDocument(one).toJson(QJsonDocument::Compact);
    return json.mid(1, json.size() - 2);
}

QByteArray lineOf(const store::AuditLine &line)
{
    return "{\"seq\":" + QByteArray::number(static_cast<qlonglong>(line.seq)) +
           ",\"time\":" + quoted(line.entry.time) + ",\"user\":" + quoted(line.entry.user) +
           ",\"action\":" + quoted(line.entry.action) + ",\"target\":" + quoted(line.entry.target) +
           ",\"detail\":" + quoted(line.entry.detail) + ",\"hash\":" + quoted(line.hash) + "}\n";
}

Error notWritten(const std::filesystem::path &file, const QSaveFile &to)
{
    return Error{.kind = Error::Kind::Config,
                 .code = "FILE_NOT_WRITTEN",
                 .message = to.errorString().toStdString(),
                 .attempted = "writing " + file.string(),
                 .retriable = {}};
}

Error noJournal()
{
    return Error{.kind = Error::Kind::Usage,
                 .code = "NO_JOURNAL",
                 .message = "nothing was ever changed on this cluster from here",
                 .attempted = "reading the audit log",
                 .retriable = false};
}

class Host final : public ui::JournalReader
{
public:
    explicit Host(std::filesystem::path directory)
        : m_directory(std::move(directory))
    {
    }

    Result<std::shared_ptr<const ui::JournalReading>> read(const std::string &clusterId,
                                                           const std::string &mark) override
    {
        const auto journal = open(clusterId);
        if (!journal)
            return journal.error();
        auto reading = std::make_shared<ui::JournalReading>();
        if (!*journal) {
            reading->mark = "none";
            if (reading->mark == mark)
                return std::shared_ptr<const ui::JournalReading>();
            return std::shared_ptr<const ui::JournalReading>(std::move(reading));
        }
        // First, so that what is written meanwhile is found at the next look.
        const auto file = store::journalFile(m_directory, clusterId);
        reading->mark = markOf(file) + markOf(file.string() + "-wal");
        if (reading->mark == mark)
            return std::shared_ptr<const ui::JournalReading>();
        reading->exists = true;
        auto entries = (*journal)->entries(std::nullopt, mostEntries + 1);
        if (!entries)
            return entries.error();
        reading->entries = std::move(*entries);
        reading->hasMore = reading->entries.size() > mostEntries;
        if (reading->hasMore)
            reading->entries.pop_back();
        return std::shared_ptr<const ui::JournalReading>(std::move(reading));
    }

    Result<store::AuditCheck> verify(const std::string &clusterId) override
    {
        const auto journal = open(clusterId);
        if (!journal)
            return journal.error();
        if (!*journal)
            return noJournal();
        return (*journal)->verify();
    }

    Result<std::int64_t> exportAudit(const std::string &clusterId,
                                     const std::filesystem::path &file) override
    {
        const auto journal = open(clusterId);
        if (!journal)
            return journal.error();
        if (!*journal)
            return noJournal();
        QSaveFile to(QString::fromStdString(file.string()));
        if (!to.open(QIODevice::WriteOnly))
            return notWritten(file, to);
        to.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
        std::int64_t written = 0;
        for (std::int64_t next = 1;;) {
            const auto lines = (*journal)->audit(next, auditPage);
            if (!lines)
                return lines.error();
            for (const store::AuditLine &line : *lines) {
                const QByteArray text = lineOf(line);
                if (to.write(text) != text.size())
                    return notWritten(file, to);
                next = line.seq + 1;
                ++written;
            }
            if (lines->size() < auditPage)
                break;
        }
        if (!to.commit())
            return notWritten(file, to);
        return written;
    }

private:
    struct Kept
    {
        std::shared_ptr<store::Journal> journal;
        std::uint64_t inode = 0;
    };

    /// Null: there is no file, and none is made.
    Result<std::shared_ptr<store::Journal>> open(const std::string &clusterId)
    {
        const auto file = store::journalFile(m_directory, clusterId);
        const std::scoped_lock lock(m_mutex);
        const std::uint64_t inode = inodeOf(file);
        Kept &kept = m_kept[clusterId];
        if (inode == 0 || inode != kept.inode)
            kept = {};
        if (inode == 0 || kept.journal)
            return kept.journal;
        auto journal = store::Journal::open(file);
        if (!journal)
            return journal.error();
        kept = {.journal = std::move(*journal), .inode = inodeOf(file)};
        return kept.journal;
    }

    std::filesystem::path m_directory;
    std::mutex m_mutex;
    std::map<std::string, Kept> m_kept; ///< by cluster id; guarded by m_mutex
};

} // namespace

std::shared_ptr<ui::JournalReader> makeJournalReader(std::filesystem::path directory)
{
    return std::make_shared<Host>(std::move(directory));
}

} // namespace redrive::window
