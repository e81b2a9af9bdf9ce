#include "core/base/text.h"
#include "ui/pages/groupdetailtext.h"

#include <QByteArray>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

/// JSON text, with everything escaped that would hide, reorder or command.
QString quoted(const std::string &bytes)
{
    QString result = u"\""_s;
    const QString text = QString::fromStdString(bytes);
    for (const QChar c : text) {
        switch (c.unicode()) {
        case u'"': result += u"\\\""_s; continue;
        case u'\\': result += u"\\\\"_s; continue;
        case u'\n': result += u"\\n"_s; continue;
        case u'\r': result += u"\\r"_s; continue;
        case u'\t': result += u"\\t"_s; continue;
        default: break;
        }
        const bool hidden =
            c.category() == QChar::Other_Control || c.category() == QChar::Other_Format ||
            c.category() == QChar::Separator_Line || c.category() == QChar::Separator_Paragraph;
        if (hidden)
            result += u"\\u%1"_s.arg(c.unicode(), 4, 16, QLatin1Char('0'));
        else
            result += c;
    }
    return result + u'"';
}

/// Writes objects and arrays with one fact a line.
class Writer
{
public:
    void open(const char *key, QChar bracket)
    {
        begin(key);
        m_text += bracket;
        ++m_depth;
        m_first = true;
    }
    void close(QChar bracket)
    {
        --m_depth;
        if (!m_first)
            newLine();
        m_text += bracket;
        m_first = false;
    }
    void fact(const char *key, const QString &value)
    {
        begin(key);
        m_text += value;
    }
    void text(const char *key, const std::string &value) { fact(key, quoted(value)); }
    void text(const char *key, const std::optional<std::string> &value)
    {
        fact(key, value ? quoted(*value) : nothing());
    }
    void word(const char *key, std::string_view value)
    {
        fact(key, value.empty() ? nothing() : quoted(std::string(value)));
    }
    template <typename T>
    void count(const char *key, const std::optional<T> &value)
    {
        fact(key, value ? QString::number(*value) : nothing());
    }
    void count(const char *key, const std::optional<Offset> &value)
    {
        fact(key, value ? QString::number(value->value()) : nothing());
    }
    void bytes(const char *key, const std::string &value)
    {
        if (isValidUtf8(value))
            return text(key, value);
        open(key, u'{');
        text("base64", QByteArray::fromStdString(value).toBase64().toStdString());
        close(u'}');
    }
    void error(const char *key, const std::optional<Error> &error)
    {
        if (!error)
            return fact(key, nothing());
        open(key, u'{');
        word("code", error->code);
        text("message", error->message);
        text("attempted", error->attempted);
        close(u'}');
    }
    void partitions(const char *key, const std::vector<TopicPartition> &list)
    {
        open(key, u'[');
        for (const TopicPartition &partition : list) {
            begin(nullptr);
            m_text += u"{\"topic\": "_s + quoted(partition.topic) + u", \"partition\": "_s +
                      QString::number(partition.partition) + u'}';
        }
        close(u']');
    }
    static QString nothing() { return u"null"_s; }
    QString take() { return m_text + u'\n'; }

private:
    void begin(const char *key)
    {
        if (!m_first)
            m_text += u',';
        if (m_depth > 0)
            newLine();
        m_first = false;
        if (key)
            m_text += u'"' + QLatin1String(key) + u"\": "_s;
    }
    void newLine() { m_text += u'\n' + QString(2 * m_depth, u' '); }

    QString m_text;
    qsizetype m_depth = 0;
    bool m_first = true;
};

void writeMember(Writer &json, const GroupMember &member)
{
    json.open(nullptr, u'{');
    json.text("member_id", member.memberId);
    json.text("instance_id", member.instanceId);
    json.text("client_id", member.clientId);
    json.text("host", member.host);
    json.partitions("assignment", member.assignment);
    if (member.target)
        json.partitions("target", *member.target);
    else
        json.fact("target", Writer::nothing());
    json.close(u'}');
}

void writePartition(Writer &json, const GroupDetail &detail, const PartitionLag &lag)
{
    const auto &members = detail.description.members;
    json.open(nullptr, u'{');
    json.text("topic", lag.partition.topic);
    json.fact("partition", QString::number(lag.partition.partition));
    json.count("committed", lag.committed);
    json.count("leader_epoch", lag.leaderEpoch);
    json.bytes("metadata", lag.metadata);
    json.count("log_start", lag.logStart);
    json.count("log_end", lag.logEnd);
    json.count("stable_end", lag.stableEnd);
    json.count("lag", lag.lag);
    json.fact("lag_seconds", Writer::nothing());
    json.text("member_id", lag.member && *lag.member < members.size()
                               ? std::optional(members[*lag.member].memberId)
                               : std::nullopt);
    json.word("condition", lag.condition ? name(*lag.condition) : std::string_view());
    json.count("lost", lag.lost);
    json.error("error", lag.error);
    json.close(u'}');
}

} // namespace

QString rawJson(const GroupDetail &detail)
{
    const GroupDescription &description = detail.description;
    const auto state = description.state ? description.state : detail.listing.state;
    const auto type = description.type ? description.type : detail.listing.type;
    Writer json;
    json.open(nullptr, u'{');
    json.text("group", detail.listing.id.value());
    json.word("state", state ? name(*state) : std::string_view());
    json.word("type", type ? name(*type) : "unknown");
    json.text("protocol_type", detail.listing.protocolType);
    json.text("protocol", description.protocol);
    json.fact("epoch", Writer::nothing());
    if (description.coordinator) {
        json.open("coordinator", u'{');
        json.fact("id", QString::number(description.coordinator->id));
        json.text("host", description.coordinator->host);
        json.fact("port", QString::number(description.coordinator->port));
        json.close(u'}');
    } else {
        json.fact("coordinator", Writer::nothing());
    }
    json.open("members", u'[');
    for (const GroupMember &member : description.members)
        writeMember(json, member);
    json.close(u']');
    json.open("partitions", u'[');
    for (const PartitionLag &lag : detail.partitions)
        writePartition(json, detail, lag);
    json.close(u']');
    json.count("total_lag", detail.totalLag);
    json.open("errors", u'[');
    for (const Error &error : detail.errors)
        json.error(nullptr, error);
    json.close(u']');
    json.close(u'}');
    return json.take();
}

} // namespace redrive::ui
