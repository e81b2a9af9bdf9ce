#pragma once

#include "ui/bridge/journalreader.h"
#include "ui/bridge/offsetrelay.h"

#include <QObject>
#include <QTimer>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace redrive::ui {

/// What was last done with the audit log, and what came of it.
struct AuditNews
{
    enum class What
    {
        Nothing,
        Verifying,
        Verified, ///< `check` says with what result
        Exporting,
        Exported, ///< `lines` to `file`
        Failed,   ///< `error`
    };
    What what = What::Nothing;
    store::AuditCheck check{};
    std::int64_t lines = 0;
    std::filesystem::path file{};
    std::optional<Error> error{};
    WallTime at{};
};

/// The journal of one cluster for as long as a page shows it: read in the background, again when it
/// has changed. Lives on the UI thread, owned by the page.
class JournalFeed : public QObject
{
    Q_OBJECT
public:
    static constexpr int lookMillis = 3000;

    JournalFeed(std::shared_ptr<JournalReader> reader, std::string clusterId,
                QObject *parent = nullptr);
    ~JournalFeed() override;

    const std::string &clusterId() const { return m_clusterId; }
    /// Null before the first.
    const std::shared_ptr<const JournalReading> &reading() const { return m_reading; }
    /// Why it could not be read the last time.
    const std::optional<Error> &problem() const { return m_problem; }
    const AuditNews &audit() const { return m_audit; }
    bool isAuditBusy() const;

    /// While shown it looks every few seconds whether there is something new, and once now.
    void setShown(bool shown);
    void look();
    void verify();
    void exportAudit(const std::filesystem::path &file);

signals:
    void looked(); ///< whether or not there was something new
    void auditChanged();

private:
    void take(Result<std::shared_ptr<const JournalReading>> result);
    void sayAudit(AuditNews news);

    std::shared_ptr<JournalReader> m_reader;
    std::string m_clusterId;
    OffsetRelay m_relay;
    QTimer m_timer;
    std::shared_ptr<const JournalReading> m_reading;
    std::optional<Error> m_problem;
    AuditNews m_audit;
    bool m_looking = false;
    bool m_lookAgain = false; ///< asked for while a look was under way
};

} // namespace redrive::ui
