#include "ui/bridge/journalfeed.h"

#include "ui/bridge/background.h"

#include <utility>

namespace redrive::ui {

JournalFeed::JournalFeed(std::shared_ptr<JournalReader> reader, std::string clusterId,
                         QObject *parent)
    : QObject(parent)
    , m_reader(std::move(reader))
    , m_clusterId(std::move(clusterId))
    , m_relay(this)
{
    m_timer.setInterval(lookMillis);
    connect(&m_timer, &QTimer::timeout, this, &JournalFeed::look);
}

JournalFeed::~JournalFeed()
{
    m_relay.close();
}

bool JournalFeed::isAuditBusy() const
{
    return m_audit.what == AuditNews::What::Verifying || m_audit.what == AuditNews::What::Exporting;
}

void JournalFeed::setShown(bool shown)
{
    if (!shown) {
        m_timer.stop();
        return;
    }
    m_timer.start();
    look();
}

void JournalFeed::look()
{
    if (m_looking) {
        m_lookAgain = true;
        return;
    }
    m_looking = true;
    const std::string mark = m_reading ? m_reading->mark : std::string();
    runInBackground("journal", [this, reader = m_reader, id = m_clusterId, mark, relay = m_relay] {
        auto result = reader->read(id, mark);
        relay.post([this, result = std::move(result)] { take(result); });
    });
}

void JournalFeed::take(Result<std::shared_ptr<const JournalReading>> result)
{
    m_looking = false;
    if (!result) {
        m_problem = result.error();
    } else {
        m_problem.reset();
        if (*result)
            m_reading = std::move(*result);
    }
    emit looked();
    if (std::exchange(m_lookAgain, false))
        look();
}

void JournalFeed::sayAudit(AuditNews news)
{
    news.at = wallNow();
    m_audit = std::move(news);
    emit auditChanged();
}

void JournalFeed::verify()
{
    if (isAuditBusy())
        return;
    sayAudit({.what = AuditNews::What::Verifying});
    runInBackground("audit", [this, reader = m_reader, id = m_clusterId, relay = m_relay] {
        const auto checked = reader->verify(id);
        AuditNews news;
        if (checked) {
            news.what = AuditNews::What::Verified;
            news.check = *checked;
        } else {
            news.what = AuditNews::What::Failed;
            news.error = checked.error();
        }
        relay.post([this, news] { sayAudit(news); });
    });
}

void JournalFeed::exportAudit(const std::filesystem::path &file)
{
    if (isAuditBusy())
        return;
    sayAudit({.what = AuditNews::What::Exporting, .file = file});
    runInBackground("audit", [this, reader = m_reader, id = m_clusterId, file, relay = m_relay] {
        const auto lines = reader->exportAudit(id, file);
        AuditNews news;
        news.file = file;
        if (lines) {
            news.what = AuditNews::What::Exported;
            news.lines = *lines;
        } else {
            news.what = AuditNews::What::Failed;
            news.error = lines.error();
        }
        relay.post([this, news] { sayAudit(news); });
    });
}

} // namespace redrive::ui
