#include "ui/dialogs/profiledraft.h"

#include "core/workspace/profilestore.h"
#include "core/workspace/reference.h"
#include "ui/bridge/connector.h"
#include "ui/format/format.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <cctype>
#include <sstream>
#include <string_view>
#include <utility>

namespace redrive::ui {

namespace {

constexpr std::string_view keychainPrefix = "keychain:";
constexpr std::string_view environmentPrefix = "env:";

QString tr(const char *text)
{
    return QCoreApplication::translate("ProfileForm", text);
}

std::string trimmed(std::string_view text)
{
    const auto blank = [](unsigned char c) { return std::isspace(c) != 0; };
    while (!text.empty() && blank(static_cast<unsigned char>(text.front())))
        text.remove_prefix(1);
    while (!text.empty() && blank(static_cast<unsigned char>(text.back())))
        text.remove_suffix(1);
    return std::string(text);
}

std::vector<std::string> linesOf(const std::string &text)
{
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
        if (auto kept = trimmed(line); !kept.empty())
            lines.push_back(std::move(kept));
    }
    return lines;
}

// The properties that have fields of their own.
struct Field
{
    const char *property;
    std::string ProfileDraft::*text;
};
constexpr std::array<Field, 6> fields = {
    {{"security.protocol", &ProfileDraft::protocol},
     {"sasl.mechanism", &ProfileDraft::mechanism},
     {"sasl.username", &ProfileDraft::username},
     {"ssl.ca.location", &ProfileDraft::caFile},
     {"ssl.certificate.location", &ProfileDraft::certificateFile},
     {"ssl.key.location", &ProfileDraft::keyFile}}};
constexpr std::array secretFields = {"sasl.password", "ssl.key.password"};

std::string lower(std::string text)
{
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
}

SecretEntry secretOf(const std::string &property, const std::string &value)
{
    SecretEntry entry{.property = property, .place = {}, .text = {}, .keptKey = {}};
    if (value.starts_with(environmentPrefix)) {
        entry.place = SecretPlace::Environment;
        entry.text = value.substr(environmentPrefix.size());
    } else if (value.starts_with(keychainPrefix)) {
        entry.keptKey = value.substr(keychainPrefix.size());
    }
    return entry;
}

bool applies(const ProfileDraft &draft, std::string_view property)
{
    if (property.starts_with("sasl."))
        return usesSasl(draft.protocol);
    return !property.starts_with("ssl.") || usesTls(draft.protocol);
}

void finishSecret(const ProfileDraft &draft, const SecretEntry &entry, FinishedDraft &done)
{
    if (!applies(draft, entry.property))
        return;
    auto &properties = done.profile.properties;
    const std::string key = keychainKey(done.profile.name, entry.property);
    switch (entry.place) {
    case SecretPlace::Environment:
        if (!trimmed(entry.text).empty())
            properties[entry.property] = std::string(environmentPrefix) + trimmed(entry.text);
        return;
    case SecretPlace::Keychain:
    case SecretPlace::Session: break;
    }
    if (entry.text.empty()) {
        if (!entry.keptKey.empty())
            properties[entry.property] = std::string(keychainPrefix) + entry.keptKey;
        return;
    }
    properties[entry.property] = std::string(keychainPrefix) + key;
    done.typed[key] = entry.text;
    if (entry.place == SecretPlace::Keychain)
        done.forStore.push_back(key);
}

void finishMore(const std::string &text, FinishedDraft &done)
{
    const QString field = tr("More properties");
    for (const std::string &line : linesOf(text)) {
        const auto equals = line.find('=');
        if (line.front() == '#')
            continue;
        if (equals == std::string::npos) {
            done.problems.push_back({field, tr("“%1” is no key=value").arg(foreign(line))});
            continue;
        }
        const std::string key = trimmed(std::string_view(line).substr(0, equals));
        const std::string value = trimmed(std::string_view(line).substr(equals + 1));
        const bool reference =
            value.starts_with(environmentPrefix) || value.starts_with(keychainPrefix);
        if (kafka::isSecret(key) && !reference)
            done.problems.push_back(
                {field,
                 tr("%1 is a secret: name the environment variable that holds it, %1=env:NAME")
                     .arg(foreign(key))});
        else if (done.profile.properties.contains(key))
            done.problems.push_back({field, tr("%1 has a field of its own").arg(foreign(key))});
        else
            done.profile.properties[key] = value;
    }
}

void check(FinishedDraft &done)
{
    const workspace::Profile &profile = done.profile;
    if (const auto named = workspace::checkProfileName(profile.name); !named)
        done.problems.push_back({tr("Name"), foreign(named.error().message)});
    if (profile.bootstrap.empty())
        done.problems.push_back({tr("Bootstrap servers"), tr("where is the cluster? HOST:PORT")});
    else if (const auto servers = kafka::parseBootstrap(profile.bootstrap); !servers)
        done.problems.push_back({tr("Bootstrap servers"), foreign(servers.error().message)});
    for (const auto &[key, value] : profile.properties) {
        if (const auto allowed = workspace::checkReferenceOrValue(key, value); !allowed)
            done.problems.push_back({foreign(key), foreign(allowed.error().message)});
    }
}

} // namespace

bool usesSasl(const std::string &protocol)
{
    return lower(protocol).starts_with("sasl_");
}

bool usesTls(const std::string &protocol)
{
    return lower(protocol).ends_with("ssl");
}

ProfileDraft draftOf(const workspace::Profile &profile)
{
    return draftOf(profile, {});
}

ProfileDraft draftOf(const workspace::Profile &profile, const Secrets &literals)
{
    ProfileDraft draft;
    draft.name = profile.name;
    draft.bootstrap = profile.bootstrap;
    draft.mode = profile.mode.value_or(profile.production ? kafka::AccessMode::ReadOnly
                                                          : kafka::AccessMode::Free);
    draft.production = profile.production;
    auto rest = profile.properties;
    if (const auto other = rest.extract("sasl.mechanisms"); !other.empty())
        rest.emplace("sasl.mechanism", other.mapped());
    for (const Field &field : fields) {
        if (const auto found = rest.extract(field.property); !found.empty())
            draft.*field.text = found.mapped();
    }
    draft.protocol = draft.protocol.empty() ? "plaintext" : lower(draft.protocol);
    for (const char *property : secretFields) {
        const auto found = rest.extract(property);
        SecretEntry entry = secretOf(property, found.empty() ? std::string() : found.mapped());
        if (const auto literal = literals.find(property); literal != literals.end())
            entry.text = literal->second;
        draft.secrets.push_back(std::move(entry));
    }
    for (const auto &[key, value] : rest)
        draft.more += key + "=" + value + "\n";
    for (const auto &mapping : profile.addressMap)
        draft.addressMap += mapping.advertised + "=" + mapping.target + "\n";
    return draft;
}

FinishedDraft finish(const ProfileDraft &draft)
{
    FinishedDraft done;
    workspace::Profile &profile = done.profile;
    profile.name = trimmed(draft.name);
    profile.bootstrap = trimmed(draft.bootstrap);
    profile.mode = draft.mode;
    profile.production = draft.production;
    if (profile.mode == kafka::AccessMode::Free)
        profile.mode.reset(); // the default, and never in force on production
    for (const Field &field : fields) {
        const std::string value = trimmed(draft.*field.text);
        const bool isDefault = field.text == &ProfileDraft::protocol && value == "plaintext";
        if (!value.empty() && !isDefault && applies(draft, field.property))
            profile.properties[field.property] = value;
    }
    for (const SecretEntry &entry : draft.secrets)
        finishSecret(draft, entry, done);
    finishMore(draft.more, done);
    for (const std::string &line : linesOf(draft.addressMap)) {
        if (auto mapping = kafka::parseAddressMapping(line))
            profile.addressMap.push_back(std::move(mapping).value());
        else
            done.problems.push_back({tr("Address map"), foreign(mapping.error().message)});
    }
    check(done);
    return done;
}

} // namespace redrive::ui
