#include "core/offsets/plan.h"

#include <algorithm>
#include <array>
#include <limits>
#include <openssl/sha.h>
#include <set>
#include <string_view>

namespace redrive::offsets {

namespace {

void add(std::int64_t &sum, const std::optional<std::int64_t> &more)
{
    std::int64_t result = 0;
    sum = __builtin_add_overflow(sum, more.value_or(0), &result)
              ? std::numeric_limits<std::int64_t>::max()
              : result;
}

/// Fields as netstrings (`5:hello,`), so that nothing can be moved from one to the next.
class HashedText
{
public:
    HashedText &add(std::string_view field)
    {
        m_text.append(std::to_string(field.size())).append(":").append(field).append(",");
        return *this;
    }
    HashedText &add(std::int64_t number) { return add(std::to_string(number)); }
    HashedText &add(const std::optional<Offset> &offset)
    {
        return offset ? add(offset->value()) : add(std::string_view());
    }
    HashedText &add(const CommitImage &image)
    {
        add(image.offset);
        if (image.leaderEpoch)
            add(std::int64_t{*image.leaderEpoch});
        else
            add(std::string_view());
        return add(image.metadata);
    }
    HashedText &add(const std::optional<Error> &error)
    {
        return add(error ? "error " + error->code : std::string());
    }

    std::string sha256() const
    {
        std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
        SHA256(reinterpret_cast<const unsigned char *>(m_text.data()), m_text.size(),
               digest.data());
        constexpr std::string_view digits = "0123456789abcdef";
        std::string hash = "sha256:";
        for (const unsigned char byte : digest) {
            hash += digits[byte >> 4U];
            hash += digits[byte & 0xFU];
        }
        return hash;
    }

private:
    std::string m_text;
};

/// A scope that names what these rows are about, and nothing else.
Scope scopeOf(const std::vector<PlanRow> &rows)
{
    std::vector<TopicScope> topics;
    for (const PlanRow &row : rows) {
        if (topics.empty() || topics.back().topic != row.partition.topic)
            topics.push_back({.topic = row.partition.topic, .partitions = {}});
        topics.back().partitions.push_back(row.partition.partition);
    }
    return toScope(std::move(topics));
}

} // namespace

PlanTotals totals(const Plan &plan)
{
    PlanTotals sums;
    sums.partitions = plan.rows.size();
    for (const PlanRow &row : plan.rows) {
        add(sums.again, row.again);
        add(sums.skipped, row.skipped);
        add(sums.lost, row.lost);
        if (row.error) {
            ++sums.errors;
            sums.pending += row.error->code == "NOT_READ" ? 1 : 0;
        } else if (!row.again || !row.skipped) {
            ++sums.unknown;
        }
    }
    return sums;
}

std::string hashOf(const Plan &plan)
{
    HashedText text;
    text.add("redrive plan 1").add(plan.clusterId).add(plan.group.value()).add(plan.action);
    text.add(std::string_view(plan.create ? "create" : "")).add(plan.error);
    text.add(static_cast<std::int64_t>(plan.topicIds.size()));
    for (const auto &[topic, id] : plan.topicIds)
        text.add(topic).add(id);
    for (const PlanRow &row : plan.rows)
        text.add(row.partition.topic)
            .add(std::int64_t{row.partition.partition})
            .add(row.current)
            .add(row.target)
            .add(row.logStart)
            .add(row.error);
    return text.sha256();
}

Plan without(const Plan &plan, const std::vector<TopicPartition> &partitions)
{
    const std::set<TopicPartition> left(partitions.begin(), partitions.end());
    Plan rest = plan;
    rest.rows.erase(
        std::remove_if(rest.rows.begin(), rest.rows.end(),
                       [&left](const PlanRow &row) { return left.contains(row.partition); }),
        rest.rows.end());
    if (rest.rows.size() == plan.rows.size())
        return rest;
    rest.scope = scopeOf(rest.rows);
    std::set<std::string> topics;
    for (const PlanRow &row : rest.rows)
        topics.insert(row.partition.topic);
    std::erase_if(rest.topicIds, [&topics](const auto &id) { return !topics.contains(id.first); });
    if (rest.rows.empty() && !rest.error)
        rest.error = Error{.kind = Error::Kind::Broker,
                           .code = "NOTHING_TO_DO",
                           .message = "every partition was left out",
                           .attempted = "leaving partitions out of the plan",
                           .retriable = {}};
    rest.hash = hashOf(rest);
    return rest;
}

} // namespace redrive::offsets
