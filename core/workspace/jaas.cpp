#include "core/workspace/jaas.h"

#include <algorithm>
#include <cctype>

namespace redrive::workspace {

namespace {

bool isWordCharacter(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("._$-").find(c) != std::string_view::npos;
}

class Reader
{
public:
    explicit Reader(std::string_view text)
        : m_rest(text)
    {
    }

    bool isAtEnd()
    {
        skipBlanks();
        return m_rest.empty();
    }

    bool take(char wanted)
    {
        skipBlanks();
        if (!m_rest.starts_with(wanted))
            return false;
        m_rest.remove_prefix(1);
        return true;
    }

    std::string word()
    {
        skipBlanks();
        const auto end = std::find_if_not(m_rest.begin(), m_rest.end(), isWordCharacter);
        const auto length = static_cast<std::size_t>(end - m_rest.begin());
        std::string found(m_rest.substr(0, length));
        m_rest.remove_prefix(length);
        return found;
    }

    std::optional<std::string> value()
    {
        skipBlanks();
        if (m_rest.empty() || (m_rest.front() != '"' && m_rest.front() != '\''))
            return bareValue();
        const char quote = m_rest.front();
        std::string found;
        for (std::size_t i = 1; i < m_rest.size(); ++i) {
            if (m_rest[i] == quote) {
                m_rest.remove_prefix(i + 1);
                return found;
            }
            if (m_rest[i] == '\\' && i + 1 < m_rest.size())
                ++i;
            found += m_rest[i];
        }
        return {};
    }

private:
    void skipBlanks()
    {
        const auto first = m_rest.find_first_not_of(" \t\r\n\f");
        m_rest.remove_prefix(std::min(first, m_rest.size()));
    }

    std::optional<std::string> bareValue()
    {
        const auto length = std::min(m_rest.find_first_of(" \t\r\n\f;"), m_rest.size());
        if (length == 0)
            return {};
        std::string found(m_rest.substr(0, length));
        m_rest.remove_prefix(length);
        return found;
    }

    std::string_view m_rest;
};

} // namespace

std::optional<JaasEntry> parseJaas(std::string_view text)
{
    Reader reader(text);
    JaasEntry entry;
    entry.module = reader.word();
    if (entry.module.empty() || reader.word().empty())
        return {};
    while (!reader.take(';')) {
        const std::string key = reader.word();
        if (key.empty() || !reader.take('='))
            return {};
        auto value = reader.value();
        if (!value)
            return {};
        entry.options[key] = std::move(*value);
    }
    if (!reader.isAtEnd())
        return {};
    return entry;
}

} // namespace redrive::workspace
