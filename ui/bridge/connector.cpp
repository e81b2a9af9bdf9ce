#include "ui/bridge/connector.h"

#include "ui/format/format.h"

#include <string_view>
#include <utility>
#include <vector>

namespace redrive::ui {

namespace {

constexpr std::string_view keychainPrefix = "keychain:";

workspace::KeychainReader readerOf(Secrets secrets)
{
    return [secrets = std::move(secrets)](const std::string &key) -> Result<std::string> {
        if (const auto found = secrets.find(key); found != secrets.end())
            return found->second;
        return Error{.kind = Error::Kind::Config,
                     .code = "SECRET_MISSING",
                     .message = "the keychain has no entry " + key,
                     .attempted = "reading a secret",
                     .retriable = false};
    };
}

QStringList words(const std::vector<std::string> &texts)
{
    QStringList result;
    for (const auto &text : texts)
        result.append(foreign(text));
    return result;
}

// Asks the store for one key after the other; lives until the last has answered.
struct Gathering
{
    std::vector<std::string> keys;
    Secrets secrets;
    std::function<void(Result<Secrets>)> done;
};

void gatherNext(SecretStore &store, QObject *context, const std::shared_ptr<Gathering> &gathering)
{
    if (gathering->keys.empty()) {
        gathering->done(std::move(gathering->secrets));
        return;
    }
    const std::string key = gathering->keys.back();
    gathering->keys.pop_back();
    store.read(QString::fromStdString(key), context,
               [&store, context, gathering, key](Result<std::string> answer) {
                   if (!answer) {
                       gathering->done(answer.error());
                       return;
                   }
                   gathering->secrets[key] = answer.value();
                   gatherNext(store, context, gathering);
               });
}

} // namespace

std::string keychainKey(const std::string &profile, const std::string &property)
{
    return "redrive/" + profile + "/" + property;
}

std::vector<std::string> keychainReferences(const workspace::Profile &profile)
{
    std::vector<std::string> keys;
    for (const auto &[property, value] : profile.properties) {
        if (kafka::isSecret(property) && value.starts_with(keychainPrefix))
            keys.push_back(value.substr(keychainPrefix.size()));
    }
    return keys;
}

Connector::Connector(SecretStore &store, SessionFactory factory, QObject *parent)
    : QObject(parent)
    , m_store(store)
    , m_factory(std::move(factory))
{
}

void Connector::gather(const workspace::Profile &profile, const Secrets &typed, Gathered gathered)
{
    auto gathering = std::make_shared<Gathering>();
    gathering->done = std::move(gathered);
    for (const auto &key : keychainReferences(profile)) {
        if (const auto entry = typed.find(key); entry != typed.end())
            gathering->secrets[key] = entry->second;
        else if (const auto kept = m_session.find(key); kept != m_session.end())
            gathering->secrets[key] = kept->second;
        else
            gathering->keys.push_back(key);
    }
    gatherNext(m_store, this, gathering);
}

void Connector::resolve(const workspace::Profile &profile, const Secrets &typed, Resolved resolved)
{
    gather(profile, typed, [profile, resolved = std::move(resolved)](Result<Secrets> secrets) {
        if (!secrets)
            resolved(secrets.error());
        else
            resolved(workspace::resolve(profile, readerOf(secrets.value())));
    });
}

void Connector::open(const workspace::Profile &profile, Millis interval, Opened opened)
{
    gather(profile, {}, [this, profile, interval, opened = std::move(opened)](Result<Secrets> got) {
        if (!got) {
            opened(got.error());
            return;
        }
        const auto reader = readerOf(got.value());
        const auto settings = workspace::resolve(profile, reader);
        if (!settings) {
            opened(settings.error());
            return;
        }
        workspace::SessionOptions options;
        options.interval = interval;
        auto session = m_factory(profile, reader, options);
        if (!session) {
            opened(session.error());
            return;
        }
        auto view = std::make_unique<ClusterView>(
            foreign(profile.name.empty() ? profile.bootstrap : profile.name),
            std::move(session).value(), kafka::effectivePolicy(profile.mode, profile.production),
            words(kafka::weaknesses(settings.value())));
        if (m_runners)
            view->setRunner(m_runners(profile, reader));
        if (m_offsets)
            view->setOffsetRunner(m_offsets(profile, reader));
        view->setJournal(m_journal);
        opened(std::move(view));
    });
}

} // namespace redrive::ui
