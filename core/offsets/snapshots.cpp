#include "core/offsets/commitjson.h"
#include "core/offsets/jsonwrite.h"
#include "core/offsets/tables.h"

namespace redrive::offsets {

namespace {

OffsetsSnapshot snapshotIn(const json::Part &part)
{
    return {.clusterId = part.at("cluster_id").text(),
            .group = GroupId(part.at("group").text()),
            .time = part.at("time").time(),
            .commits = commitsIn(part.at("commits"))};
}

Error notASnapshot(const std::string &why)
{
    return {.kind = Error::Kind::Usage,
            .code = "INVALID_SNAPSHOT",
            .message = "this is no snapshot of offsets: " + why,
            .attempted = "reading a snapshot",
            .retriable = false};
}

} // namespace

std::string toJson(const OffsetsSnapshot &snapshot)
{
    return json::Object()
        .add("cluster_id", json::text(snapshot.clusterId))
        .add("group", json::text(snapshot.group.value()))
        .add("time", json::time(snapshot.time))
        .add("commits", commitsJson(snapshot.commits, true))
        .onLines();
}

Result<OffsetsSnapshot> snapshotFromJson(std::string_view text)
{
    simdjson::dom::parser parser;
    simdjson::dom::element whole;
    if (const auto problem = parser.parse(text.data(), text.size()).get(whole);
        problem != simdjson::SUCCESS)
        return notASnapshot(simdjson::error_message(problem));
    try {
        return snapshotIn(json::Part(whole, {}));
    } catch (const json::Malformed &malformed) {
        return notASnapshot(malformed.why);
    }
}

} // namespace redrive::offsets
