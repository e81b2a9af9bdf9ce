#include "tests/support/values/grouptext.h"

#include "core/monitor/lag.h"

#include <algorithm>
#include <charconv>
#include <sstream>
#include <stdexcept>

namespace redrive::twin {

namespace {

std::int64_t number(const std::string &text)
{
    std::int64_t value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc() || end != text.data() + text.size())
        throw std::invalid_argument("not a number: " + text);
    return value;
}

OffsetAnswer answer(const std::string &text)
{
    OffsetAnswer result;
    if (text.starts_with('!'))
        result.error = brokerError(text.substr(1));
    else
        result.offset = Offset(number(text));
    return result;
}

GroupState state(const std::string &text)
{
    for (const GroupState each : {GroupState::PreparingRebalance, GroupState::CompletingRebalance,
                                  GroupState::Stable, GroupState::Empty, GroupState::Dead}) {
        if (text == name(each))
            return each;
    }
    throw std::invalid_argument("not a state: " + text);
}

class Reader
{
public:
    GroupCase read(std::string_view text)
    {
        std::istringstream lines{std::string(text)};
        for (std::string line; std::getline(lines, line);) {
            std::istringstream words(line);
            std::string first;
            if (!(words >> first))
                continue;
            if (first == "group")
                readGroup(words);
            else if (first == "member")
                readMember(words);
            else
                readPartition(first, words);
        }
        for (GroupMember &member : m_case.description.members) {
            std::sort(member.assignment.begin(), member.assignment.end());
            if (member.target)
                std::sort(member.target->begin(), member.target->end());
        }
        std::sort(m_case.commits.offsets.begin(), m_case.commits.offsets.end(),
                  [](const auto &a, const auto &b) { return a.partition < b.partition; });
        m_case.listing.state = m_case.description.state;
        m_case.listing.type = m_case.description.type;
        return std::move(m_case);
    }

private:
    void readGroup(std::istringstream &words)
    {
        std::string id;
        words >> id;
        m_case.listing.id = m_case.description.id = m_case.commits.id = GroupId(id);
        for (std::string word; words >> word;) {
            if (word == "classic" || word == "consumer")
                m_case.description.type =
                    word == "classic" ? GroupType::Classic : GroupType::Consumer;
            else if (word.starts_with("describe=!"))
                m_case.description.error = brokerError(word.substr(10), "describing group " + id);
            else if (word.starts_with("commits=!"))
                m_case.commits.error =
                    brokerError(word.substr(9), "reading the offsets of group " + id);
            else if (word != "?")
                m_case.description.state = state(word);
        }
    }

    void readMember(std::istringstream &words)
    {
        std::string id;
        words >> id;
        member(id);
    }

    GroupMember &member(const std::string &id)
    {
        auto &members = m_case.description.members;
        const auto found = std::find_if(members.begin(), members.end(),
                                        [&](const auto &each) { return each.memberId == id; });
        if (found != members.end())
            return *found;
        members.emplace_back();
        members.back().memberId = id;
        members.back().clientId = id;
        members.back().host = "/10.0.0.1";
        return members.back();
    }

    void readPartition(const std::string &name, std::istringstream &words)
    {
        const auto slash = name.rfind('/');
        const TopicPartition partition{
            .topic = name.substr(0, slash),
            .partition = static_cast<std::int32_t>(number(name.substr(slash + 1)))};
        std::map<std::string, std::string> fields;
        for (std::string word; words >> word;)
            fields[word.substr(0, word.find('='))] = word.substr(word.find('=') + 1);

        if (fields.contains("member"))
            member(fields["member"]).assignment.push_back(partition);
        if (fields.contains("target")) {
            auto &target = member(fields["target"]).target;
            if (!target)
                target.emplace();
            target->push_back(partition);
        }
        if (fields.contains("committed") && fields["committed"] != "-")
            readCommit(partition, fields);
        readBounds(partition, fields);
    }

    void readCommit(const TopicPartition &partition, std::map<std::string, std::string> &fields)
    {
        CommittedOffset commit;
        commit.partition = partition;
        OffsetAnswer committed = answer(fields["committed"]);
        commit.offset = committed.offset;
        commit.error = std::move(committed.error);
        if (fields.contains("epoch"))
            commit.leaderEpoch = static_cast<std::int32_t>(number(fields["epoch"]));
        commit.metadata = fields["metadata"];
        m_case.commits.offsets.push_back(std::move(commit));
    }

    void readBounds(const TopicPartition &partition, std::map<std::string, std::string> &fields)
    {
        if (fields.contains("end") && fields["end"] != "?") {
            const bool failed = fields["end"].starts_with('!');
            fields.try_emplace("start", failed ? fields["end"] : "0");
            fields.try_emplace("stable", fields["end"]);
        }
        const auto put = [&](const char *key, OffsetTable &table) {
            if (fields.contains(key) && fields[key] != "?")
                table[partition] = answer(fields[key]);
        };
        put("start", m_case.bounds.start);
        put("end", m_case.bounds.end);
        put("stable", m_case.bounds.stable);
        if (!fields.contains("last"))
            return;
        TailAnswer tail;
        if (fields["last"] != "-")
            tail.lastData = Offset(number(fields["last"]));
        const std::int64_t start = m_case.bounds.start.at(partition).offset.value().value();
        const std::int64_t end = m_case.bounds.end.at(partition).offset.value().value();
        tail.from = Offset(std::max(start, end - monitor::markerWindow));
        m_case.bounds.tail[partition] = tail;
    }

    GroupCase m_case;
};

} // namespace

Error brokerError(std::string code, std::string attempted)
{
    Error error;
    error.kind = Error::Kind::Broker;
    if (code.ends_with("TIMED_OUT"))
        error.kind = Error::Kind::Timeout;
    else if (code == "_TRANSPORT" || code == "_ALL_BROKERS_DOWN")
        error.kind = Error::Kind::Transport;
    else if (code.ends_with("AUTHORIZATION_FAILED"))
        error.kind = Error::Kind::Authorization;
    error.message = "the broker said " + code;
    error.code = std::move(code);
    error.attempted = std::move(attempted);
    return error;
}

GroupCase groupCase(std::string_view text)
{
    return Reader().read(text);
}

std::string toText(const PartitionLag &row, const std::vector<GroupMember> &members)
{
    std::ostringstream text;
    text << row.partition.topic << '/' << row.partition.partition;
    if (row.member)
        text << " member=" << members.at(*row.member).memberId;
    if (row.committed)
        text << " committed=" << row.committed->value();
    if (row.lag)
        text << " lag=" << *row.lag;
    if (row.lost)
        text << " lost=" << *row.lost;
    if (row.condition)
        text << ' ' << name(*row.condition);
    if (!row.conditionNote.empty())
        text << " (" << row.conditionNote << ')';
    if (row.error)
        text << " !" << row.error->code;
    return text.str();
}

std::string toText(const GroupDetail &detail)
{
    std::string text;
    for (const PartitionLag &row : detail.partitions)
        text += toText(row, detail.description.members) + '\n';
    return text;
}

} // namespace redrive::twin
