#include "core/events/nextoccurrence.h"

#include "core/decode/quote.h"
#include "core/decode/unescape.h"

#include <openssl/sha.h>

namespace redrive::events {

namespace {

constexpr std::array<std::uint8_t, 16> urlNameSpace{0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1,
                                                    0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8};

/// Walks the members of a JSON object that is known to be good.
class Members
{
public:
    explicit Members(std::string_view object)
        : m_object(object)
        , m_at(object.find('{'))
    {
        m_lastEnd = m_at + 1;
    }

    struct Member
    {
        std::string name;
        std::size_t valueFrom = 0;
        std::size_t valueTo = 0;
    };
    std::optional<Member> next()
    {
        ++m_at; // the bracket or a comma
        skipBlanks();
        if (now() != '"')
            return {};
        const std::size_t nameFrom = m_at + 1;
        skipString();
        Member member;
        decode::unescape(m_object.substr(nameFrom, m_at - 1 - nameFrom), &member.name);
        skipBlanks();
        ++m_at; // the colon
        skipBlanks();
        member.valueFrom = m_at;
        skipValue();
        member.valueTo = m_at;
        m_lastEnd = m_at;
        skipBlanks();
        return member;
    }
    /// Behind the last value, or behind the bracket.
    std::size_t lastEnd() const { return m_lastEnd; }

private:
    char now() const { return m_at < m_object.size() ? m_object[m_at] : '\0'; }
    void skipBlanks()
    {
        m_at = std::min(m_object.find_first_not_of(" \t\r\n", m_at), m_object.size());
    }
    void skipString()
    {
        for (++m_at; m_at < m_object.size() && now() != '"'; ++m_at)
            if (now() == '\\')
                ++m_at;
        ++m_at;
    }
    void skipValue()
    {
        if (now() == '"')
            return skipString();
        if (now() != '{' && now() != '[') {
            m_at = std::min(m_object.find_first_of(",}] \t\r\n", m_at), m_object.size());
            return;
        }
        for (std::size_t depth = 0; m_at < m_object.size();) {
            const char c = now();
            if (c == '"') {
                skipString();
                continue;
            }
            ++m_at;
            if (c == '{' || c == '[')
                ++depth;
            else if ((c == '}' || c == ']') && --depth == 0)
                return;
        }
    }

    std::string_view m_object;
    std::size_t m_at;
    std::size_t m_lastEnd = 0;
};

} // namespace

std::string uuidV5(const std::array<std::uint8_t, 16> &nameSpace, std::string_view name)
{
    std::string hashed(nameSpace.begin(), nameSpace.end());
    hashed += name;
    std::array<std::uint8_t, SHA_DIGEST_LENGTH> digest{};
    SHA1(reinterpret_cast<const std::uint8_t *>(hashed.data()), hashed.size(), digest.data());
    digest[6] = static_cast<std::uint8_t>((digest[6] & 0x0fU) | 0x50U);
    digest[8] = static_cast<std::uint8_t>((digest[8] & 0x3fU) | 0x80U);

    constexpr std::string_view hexDigits = "0123456789abcdef";
    std::string uuid;
    for (std::size_t i = 0; i < 16; ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            uuid += '-';
        uuid += hexDigits[digest[i] >> 4U];
        uuid += hexDigits[digest[i] & 0xfU];
    }
    return uuid;
}

std::string withMember(std::string_view object, std::string_view name, std::string_view value)
{
    Members members(object);
    bool isEmpty = true;
    while (const auto member = members.next()) {
        isEmpty = false;
        if (member->name == name)
            return std::string(object.substr(0, member->valueFrom))
                .append(value)
                .append(object.substr(member->valueTo));
    }
    return std::string(object.substr(0, members.lastEnd()))
        .append(isEmpty ? "" : ",")
        .append(decode::jsonString(name))
        .append(":")
        .append(value)
        .append(object.substr(members.lastEnd()));
}

Outcome<std::optional<NextOccurrence>, ValidationError> nextOccurrence(const TaskEvent &completed,
                                                                       Instant now)
{
    if (completed.type != TaskEventType::Completed || completed.recurrence == Recurrence::None)
        return std::optional<NextOccurrence>();
    const auto due = nextDue(completed.dueAt.value_or(completed.timestamp), completed.recurrence,
                             completed.recurrenceInterval);
    if (!due)
        return ValidationError{.path = "$.task_data.recurrence_interval",
                               .message = "$.task_data.recurrence_interval leads beyond the year "
                                          "9999"};

    NextOccurrence next;
    const auto id = uuidV5(urlNameSpace, "redrive:next:" + completed.eventId.value());
    next.eventId = EventId(id);
    next.taskId = TaskId(id);
    next.dueAt = *due;
    next.key = completed.userId ? completed.userId->value() : std::string();
    using decode::jsonString;
    next.value = R"({"event_id":)" + jsonString(id) + R"(,"event_type":"created","task_id":)" +
                 jsonString(id) + R"(,"user_id":)" + jsonString(next.key) + R"(,"timestamp":)" +
                 jsonString(toRfc3339(now)) + R"(,"task_data":)" +
                 withMember(completed.taskData, "due_at", jsonString(toRfc3339(*due))) + "}";
    return std::optional(std::move(next));
}

} // namespace redrive::events
