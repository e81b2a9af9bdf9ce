#include "core/base/text.h"
#include "core/workspace/profilestore.h"
#include "core/workspace/reference.h"
#include "core/workspace/tomlsalvage.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

namespace redrive::workspace {

namespace {

constexpr std::string_view profilesTable = "profiles";

int lineOf(const toml::node &node)
{
    return static_cast<int>(node.source().begin.line);
}

/// Dotted keys that are not quoted make tables of tables: security.protocol = "SSL".
void flatten(const toml::table &table, const std::string &prefix,
             const std::function<void(const std::string &, const toml::node &)> &each)
{
    for (const auto &[key, node] : table) {
        const std::string name = prefix + std::string(key.str());
        if (const auto *below = node.as_table())
            flatten(*below, name + ".", each);
        else
            each(name, node);
    }
}

std::optional<std::string> asText(const toml::node &node)
{
    if (const auto *text = node.as_string())
        return text->get();
    if (const auto *number = node.as_integer())
        return std::to_string(number->get());
    if (const auto *flag = node.as_boolean())
        return std::string(flag->get() ? "true" : "false");
    return {};
}

class ProfileReader
{
public:
    ProfileReader(std::string name, std::vector<ProfileProblem> &problems)
        : m_problems(problems)
    {
        m_profile.name = std::move(name);
    }

    std::optional<Profile> read(const toml::table &table)
    {
        for (const auto &[key, node] : table)
            readKey(std::string(key.str()), node);
        if (m_profile.mode == kafka::AccessMode::Free && m_profile.production) {
            note(lineOf(*table.get("mode")), "mode",
                 "a production cluster is never free; it is taken as read-only");
            m_profile.mode = kafka::AccessMode::ReadOnly;
        }
        if (m_profile.bootstrap.empty()) {
            if (!table.contains("bootstrap"))
                note(lineOf(table), "bootstrap",
                     "is missing, so the profile cannot be used (a name with dots or blanks is "
                     "quoted: [profiles.\"a.b\"])");
            return {};
        }
        return std::move(m_profile);
    }

private:
    void note(int line, std::string key, std::string message, bool indispensable = false)
    {
        m_problems.push_back({line, std::move(key), std::move(message), m_profile.name});
        if (indispensable)
            m_profile.refused.push_back(m_problems.back());
    }

    void readKey(const std::string &key, const toml::node &node)
    {
        const int line = lineOf(node);
        if (key == "bootstrap")
            readBootstrap(node);
        else if (key == "mode")
            readMode(node);
        else if (key == "production")
            readProduction(node);
        else if (key == "address-map")
            readAddressMap(node);
        else if (key != "properties")
            readUnknown(key, node);
        else if (const auto *properties = node.as_table())
            flatten(*properties, {}, [this](const std::string &property, const toml::node &value) {
                readProperty(property, value);
            });
        else
            note(line, key, "must be a table: properties = { \"client.id\" = \"…\" }", true);
    }

    void readBootstrap(const toml::node &node)
    {
        const auto *text = node.as_string();
        if (text == nullptr) {
            note(lineOf(node), "bootstrap", "must be a text: \"host:port,host:port\"");
            return;
        }
        if (const auto places = kafka::parseBootstrap(text->get()); !places)
            note(lineOf(node), "bootstrap", places.error().message);
        else
            m_profile.bootstrap = text->get();
    }

    void readMode(const toml::node &node)
    {
        const auto *text = node.as_string();
        for (const auto mode :
             {kafka::AccessMode::ReadOnly, kafka::AccessMode::Confirm, kafka::AccessMode::Free})
            if (text != nullptr && text->get() == kafka::name(mode))
                m_profile.mode = mode;
        if (m_profile.mode)
            return;
        note(lineOf(node), "mode",
             "must be \"read-only\", \"confirm\" or \"free\"; it is taken as read-only");
        m_profile.mode = kafka::AccessMode::ReadOnly;
    }

    void readProduction(const toml::node &node)
    {
        const auto *flag = node.as_boolean();
        if (flag == nullptr)
            note(lineOf(node), "production", "must be true or false; it is taken as true");
        m_profile.production = flag == nullptr || flag->get();
    }

    void readAddressMap(const toml::node &node)
    {
        const auto *entries = node.as_array();
        if (entries == nullptr) {
            note(lineOf(node), "address-map", "must be a list: [\"ADVERTISED=HOST:PORT\"]", true);
            return;
        }
        for (const auto &entry : *entries) {
            const auto *text = entry.as_string();
            auto mapping = kafka::parseAddressMapping(text == nullptr ? "" : text->get());
            if (mapping)
                m_profile.addressMap.push_back(std::move(*mapping));
            else
                note(lineOf(entry), "address-map", mapping.error().message, true);
        }
    }

    void readUnknown(const std::string &key, const toml::node &node)
    {
        const auto refuse = [this](const std::string &name, const toml::node &value) {
            const bool isProperty = concernsSecurity(name);
            note(lineOf(value), name,
                 isProperty ? "belongs into properties: properties = { \"…\" = … }"
                            : "is not a key that Redrive knows here",
                 isProperty);
        };
        const auto *table = node.as_table();
        if (table == nullptr)
            refuse(key, node);
        else if (table->empty())
            note(lineOf(node), key, "is not a key that Redrive knows here");
        else
            flatten(*table, key + ".", refuse);
    }

    void readProperty(const std::string &key, const toml::node &node)
    {
        const auto value = asText(node);
        if (!value) {
            note(lineOf(node), key, "must be a text, a whole number, true or false",
                 concernsSecurity(key));
            return;
        }
        if (m_profile.properties.contains(key)) {
            note(lineOf(node), key, "is there twice, once with and once without quotes",
                 concernsSecurity(key));
            return;
        }
        const auto fine = checkReferenceOrValue(key, *value);
        if (fine) {
            m_profile.properties[key] = *value;
            return;
        }
        std::string why = fine.error().message;
        if (const std::string prefix = visible(key) + " "; why.starts_with(prefix))
            why.erase(0, prefix.size());
        const bool byChoice = fine.error().code == "PROPERTY_REFUSED";
        note(lineOf(node), key, std::move(why), !byChoice && concernsSecurity(key));
    }

    Profile m_profile;
    std::vector<ProfileProblem> &m_problems;
};

void readProfiles(const toml::table &all, LoadedProfiles &loaded)
{
    std::vector<std::pair<int, std::string>> order;
    for (const auto &[key, node] : all)
        order.emplace_back(lineOf(node), std::string(key.str()));
    std::sort(order.begin(), order.end());
    for (const auto &[line, name] : order) {
        const auto *table = all.get(name)->as_table();
        if (const auto legal = checkProfileName(name); !legal) {
            loaded.problems.push_back({line, "profiles." + name, legal.error().message, name});
            continue;
        }
        if (table == nullptr) {
            loaded.problems.push_back(
                {line, "profiles." + name, "must be a table: [profiles." + name + "]", name});
            continue;
        }
        if (auto profile = ProfileReader(name, loaded.problems).read(*table))
            loaded.profiles.push_back(std::move(*profile));
    }
}

} // namespace

LoadedProfiles parseProfiles(std::string_view text)
{
    LoadedProfiles loaded;
    auto [root, problems, lostParts] = parseWhatCanBeRead(text);
    loaded.problems = std::move(problems);
    for (const auto &[key, node] : root) {
        const auto *table = node.as_table();
        if (key.str() != profilesTable)
            loaded.problems.push_back(
                {lineOf(node), std::string(key.str()), "is not a key that Redrive knows here"});
        else if (table == nullptr)
            loaded.problems.push_back(
                {lineOf(node), std::string(key.str()), "must hold tables: [profiles.NAME]"});
        else
            readProfiles(*table, loaded);
    }
    for (const auto &lost : lostParts) {
        for (auto &profile : loaded.profiles)
            if (profile.name == lost.profile)
                profile.refused.push_back(lost);
    }
    std::stable_sort(loaded.problems.begin(), loaded.problems.end(),
                     [](const auto &a, const auto &b) { return a.line < b.line; });
    return loaded;
}

} // namespace redrive::workspace
