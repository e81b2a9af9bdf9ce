#pragma once

#include "app/ctl/render.h"
#include "core/model/cluster.h"
#include "core/model/group.h"
#include "core/model/lag.h"
#include "core/workspace/profilestore.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace redrive::ctl {

/// A line of `groups list`: what was not asked for is empty.
struct GroupRow
{
    GroupListing listing;
    std::optional<std::size_t> members;
    std::optional<std::int64_t> totalLag;
    std::size_t unknownLags = 0;
    std::optional<std::vector<std::string>> topics;
    std::optional<Error> error; ///< the listing's, or of what was asked about the group
};

/// A line of `topics list`.
struct TopicLine
{
    TopicInfo info;
    std::optional<std::int64_t> records; ///< Σ end − start; none when one bound is unknown
    std::optional<std::size_t> readers;
};

/// A line of `topics readers`.
struct ReaderLine
{
    std::string topic;
    GroupId group;
    std::optional<GroupState> state;
    std::size_t partitions = 0;
    std::optional<std::int64_t> totalLag;
    std::optional<Error> error;
};

/// A line of `profiles list`: a profile with what was refused of it, or one that cannot be used.
struct ProfileLine
{
    std::string name; ///< empty: the problems are of the file as a whole
    std::optional<workspace::Profile> profile;
    std::vector<workspace::ProfileProblem> problems;
};

struct ClusterOverview
{
    ClusterInfo info;
    std::optional<std::size_t> topics;
    std::optional<std::size_t> groups;
    std::string librdkafka;
    std::vector<Error> errors;
};

/// The keys of each shape, in the contract's order; also the columns of its CSV.
extern const std::vector<std::string> groupRowKeys;
extern const std::vector<std::string> groupDetailKeys;
extern const std::vector<std::string> topicLineKeys;
extern const std::vector<std::string> readerLineKeys;
extern const std::vector<std::string> clusterKeys;
extern const std::vector<std::string> profileKeys;

JsonValue toJson(const GroupRow &row);
JsonValue toJson(const GroupDetail &detail);
/// {group, error}: for one that does not exist, among others that do.
JsonValue missingGroup(const GroupId &group, const Error &error);
JsonValue toJson(const TopicLine &line);
JsonValue toJson(const ReaderLine &line);
JsonValue toJson(const ClusterOverview &cluster);
/// References to secrets as they are; a literal secret never. `errors` are the line's problems.
JsonValue toJson(const ProfileLine &line);

/// Each profile with its own problems, then what cannot be used.
std::vector<ProfileLine> profileLines(const workspace::LoadedProfiles &loaded);

/// "env:NAME", or "(hidden)" for a secret that is no reference.
std::string shownProperty(const std::string &key, const std::string &value);

/// The error of a group as a whole: what describing it or listing it said.
const std::optional<Error> &groupError(const GroupDetail &detail);

} // namespace redrive::ctl
