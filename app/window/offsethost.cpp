#include "app/window/offsethost.h"

#include "core/workspace/profilestore.h"

#include <array>
#include <cstdlib>
#include <pwd.h>
#include <string>
#include <unistd.h>
#include <utility>

namespace redrive::window {

namespace {

std::string userName()
{
    for (const char *variable : {"USER", "LOGNAME"}) {
        if (const char *const name = std::getenv(variable); name && *name != '\0')
            return name;
    }
    std::array<char, 4096> room{};
    passwd entry{};
    passwd *found = nullptr;
    if (::getpwuid_r(::getuid(), &entry, room.data(), room.size(), &found) == 0 && found)
        return entry.pw_name;
    return std::to_string(::getuid());
}

Result<std::unique_ptr<store::Journal>> openJournal(const std::string &clusterId)
{
    return store::Journal::open(store::journalFile(workspace::dataDirectory(), clusterId));
}

class Work final : public ui::OffsetWork
{
public:
    explicit Work(offsets::JobParts parts)
        : m_job(std::move(parts))
    {
    }

    void plan(const offsets::PlanRequest &request) override { m_job.plan(request); }
    void apply(const offsets::Plan &shown, const kafka::Confirmation &confirmation,
               const std::string &reason, bool evenIfMoving) override
    {
        m_job.apply(shown, confirmation, reason, evenIfMoving);
    }
    void applyWhenEmpty(const offsets::Plan &shown, const kafka::Confirmation &confirmation,
                        const std::string &reason, Millis expires) override
    {
        m_job.applyWhenEmpty(shown, confirmation, reason, expires);
    }
    void cancel() override { m_job.cancel(); }
    std::shared_ptr<const offsets::JobSnapshot> take() override { return m_job.take(); }
    void setWakeUp(std::function<void()> wakeUp) override { m_job.setWakeUp(std::move(wakeUp)); }

private:
    offsets::OffsetJob m_job;
};

class Runner final : public ui::OffsetRunner
{
public:
    Runner(workspace::Profile profile, workspace::KeychainReader keychain)
        : m_profile(std::move(profile))
        , m_keychain(std::move(keychain))
    {
    }

    std::unique_ptr<ui::OffsetWork> begin() override
    {
        const auto open = [profile = m_profile, keychain = m_keychain] {
            return openAdmin(profile, keychain);
        };
        return std::make_unique<Work>(offsets::JobParts{
            .open = open,
            .journal = &openJournal,
            .guard =
                kafka::WriteGuard(kafka::effectivePolicy(m_profile.mode, m_profile.production)),
            .lockDirectory = workspace::dataDirectory(),
            .user = userName(),
        });
    }

    Result<offsets::PlanRequest> undoOf(const std::string &clusterId,
                                        const std::string &id) override
    {
        const auto journal = openJournal(clusterId);
        if (!journal)
            return journal.error();
        const auto entry = (*journal)->entry(id);
        if (!entry)
            return entry.error();
        if (!*entry)
            return Error{.kind = Error::Kind::Usage,
                         .code = "JOURNAL_ENTRY_NOT_FOUND",
                         .message = "the journal of this cluster has no entry " + id,
                         .attempted = "undoing " + id,
                         .retriable = false};
        return offsets::undoOf(**entry);
    }

    std::string bootstrap() const override { return m_profile.bootstrap; }

private:
    static Result<std::unique_ptr<kafka::GroupAdmin>>
    openAdmin(const workspace::Profile &profile, const workspace::KeychainReader &keychain)
    {
        const auto connection = workspace::resolve(profile, keychain);
        if (!connection)
            return connection.error();
        return kafka::openGroupAdmin(*connection);
    }

    workspace::Profile m_profile;
    workspace::KeychainReader m_keychain;
};

} // namespace

std::shared_ptr<ui::OffsetRunner> makeOffsetRunner(const workspace::Profile &profile,
                                                   const workspace::KeychainReader &keychain)
{
    return std::make_shared<Runner>(profile, keychain);
}

} // namespace redrive::window
