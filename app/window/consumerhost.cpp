#include "app/window/consumerhost.h"

#include "app/window/toast.h"
#include "core/base/text.h"
#include "core/events/steeringjournal.h"
#include "core/run/sessionhost.h"
#include "core/store/journal.h"
#include "core/workspace/profilestore.h"
#include "ui/format/format.h"

#include <QCoreApplication>

#include <cstdlib>
#include <utility>

namespace redrive::window {

namespace {

class HostedSession final : public ui::RunningSession
{
public:
    explicit HostedSession(std::unique_ptr<run::SessionHost> host)
        : m_host(std::move(host))
    {
    }

    void stop(const std::string &reason) override { session().stop(reason); }
    void kill() override
    {
        m_host->cancel();
        session().kill();
    }
    void pause(const TopicPartition &partition) override { session().pause(partition); }
    void resume(const TopicPartition &partition) override { session().resume(partition); }
    void seek(const TopicPartition &partition, Offset to) override
    {
        session().seek(partition, to);
    }
    void skipOne(const TopicPartition &partition) override { session().skipOne(partition); }
    void rewind(const TopicPartition &partition, std::int64_t records) override
    {
        session().rewind(partition, records);
    }
    std::shared_ptr<const consumer::SessionSnapshot> snapshot() const override
    {
        return session().snapshot();
    }
    std::vector<consumer::SessionEvent> takeEvents() override { return session().events().take(); }
    bool ended() const override { return session().ended(); }
    bool wait(Millis timeout) const override { return session().wait(timeout); }

private:
    consumer::ConsumerSession &session() const { return m_host->session(); }

    std::unique_ptr<run::SessionHost> m_host;
};

std::string userName()
{
    const char *const name = std::getenv("USER");
    return name ? name : "";
}

/// What is done to a running session is in the cluster's journal before it is done; where the
/// journal cannot be written, it is refused. Called on the session's thread, which owns it.
consumer::SteeringJournal journalOf(const ui::SessionRequest &request)
{
    const auto file = store::journalFile(workspace::dataDirectory(),
                                         request.clusterId.empty() ? "unknown" : request.clusterId);
    return [kept = std::make_shared<consumer::SteeringJournal>(), file,
            group = request.options.group](const consumer::told::Steered &steered) -> Result<void> {
        if (!*kept) {
            auto journal = store::Journal::open(file);
            if (!journal)
                return journal.error();
            *kept = events::steeringJournal(std::move(*journal), group, userName());
        }
        return (*kept)(steered);
    };
}

void setProtocol(workspace::Profile &profile, ui::GroupProtocol protocol)
{
    auto &properties = profile.properties;
    if (protocol == ui::GroupProtocol::Consumer) {
        // Assignor and timeouts are the broker's there, and librdkafka refuses to be told them.
        for (const char *key :
             {"partition.assignment.strategy", "session.timeout.ms", "heartbeat.interval.ms"})
            properties.erase(key);
        properties["group.protocol"] = "consumer";
        return;
    }
    properties["group.protocol"] = "classic";
    properties.erase("group.remote.assignor");
    properties["partition.assignment.strategy"] = protocol == ui::GroupProtocol::Range ? "range"
                                                  : protocol == ui::GroupProtocol::RoundRobin
                                                      ? "roundrobin"
                                                      : "cooperative-sticky";
}

class Runner final : public ui::ConsumerRunner
{
public:
    Runner(workspace::Profile profile, workspace::KeychainReader keychain)
        : m_profile(std::move(profile))
        , m_keychain(std::move(keychain))
    {
    }

    Result<std::unique_ptr<ui::RunningSession>> start(const ui::SessionRequest &asked) override
    {
        workspace::Profile profile = m_profile;
        setProtocol(profile, asked.protocol);
        run::SessionRequest request;
        request.session = asked.options;
        request.handler = asked.handler;
        request.handling.database = asked.database;
        request.handling.dedupe = asked.dedupe;
        request.handling.faults = asked.faults;
        request.handling.toast = [](const events::Reminder &reminder) {
            showToast(QCoreApplication::translate("Toast", "Reminder"),
                      ui::foreign(reminder.title));
        };
        request.journal = journalOf(asked);
        auto host = run::SessionHost::open(profile, m_keychain, std::move(request));
        if (!host)
            return host.error();
        (*host)->begin();
        return std::unique_ptr<ui::RunningSession>(
            std::make_unique<HostedSession>(std::move(*host)));
    }

    Result<std::unique_ptr<kafka::RecordWriter>> openWriter(const std::string &topic) override
    {
        auto permit =
            kafka::WriteGuard(kafka::effectivePolicy(m_profile.mode, m_profile.production))
                .authorise({.action = "produce", .target = topic},
                           {.yes = true, .typedName = topic});
        if (!permit)
            return permit.error();
        const auto connection = workspace::resolve(m_profile, m_keychain);
        if (!connection)
            return connection.error();
        return kafka::openWriter(*connection, {}, *permit);
    }

private:
    workspace::Profile m_profile;
    workspace::KeychainReader m_keychain;
};

} // namespace

std::shared_ptr<ui::ConsumerRunner> makeRunner(const workspace::Profile &profile,
                                               const workspace::KeychainReader &keychain)
{
    return std::make_shared<Runner>(profile, keychain);
}

} // namespace redrive::window
