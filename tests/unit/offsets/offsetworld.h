#pragma once

#include "core/offsets/apply.h"
#include "core/offsets/planner.h"
#include "tests/support/values/fakegroupadmin.h"

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <memory>
#include <string>

namespace redrive::offsets {

/// A twin with the group `billing`, a journal on the disk, and leave to change things.
class OffsetWorld
{
public:
    explicit OffsetWorld(std::shared_ptr<twin::GroupTwin> of = twin::billingTwin())
        : cluster(std::move(of))
        , admin(cluster)
        , permit(permitFor("billing"))
    {
        auto opened = store::Journal::open(place() / "twin.db");
        if (!opened)
            qFatal("%s", describe(opened.error()).c_str());
        journal = std::move(*opened);
        options.user = "ada";
        options.reason = "bad deploy";
        options.lockDirectory = place() / "locks";
        options.clock = [on = cluster] { return on->now(); };
        options.wall = [on = cluster] { return on->wall(); };
        reading.wall = options.wall;
    }

    static kafka::Permit permitFor(const std::string &group)
    {
        const kafka::WriteGuard guard({});
        auto permit = guard.authorise({.action = "reset offsets", .target = group},
                                      {.yes = true, .typedName = group});
        return *permit;
    }

    std::filesystem::path place() const
    {
        return std::filesystem::path(m_directory.path().toStdString());
    }

    static PlanRequest request(Target target, std::vector<std::int32_t> partitions = {})
    {
        return {.group = GroupId("billing"),
                .scope = toScope({{.topic = "orders", .partitions = std::move(partitions)}}),
                .target = std::move(target),
                .spec = {}};
    }

    Plan planned(const PlanRequest &asked)
    {
        auto result = plan(admin, asked, reading, {});
        if (!result)
            qFatal("%s", describe(result.error()).c_str());
        return std::move(*result);
    }
    Plan planned(Target target) { return planned(request(std::move(target))); }

    Result<Applied> applied(const Plan &shown, std::stop_token stop = {})
    {
        return apply(admin, shown, *journal, permit, options, std::move(stop));
    }

    Plan undone(const std::string &id)
    {
        const auto entry = journal->entry(id);
        const auto back = undoOf(**entry);
        if (!back)
            qFatal("%s", describe(back.error()).c_str());
        return planned(*back);
    }

    offsets::CommitTable commits() const { return cluster->group("billing").commits; }
    std::size_t writes() const
    {
        return cluster->count("alterOffsets") + cluster->count("deleteOffsets") +
               cluster->count("deleteGroup");
    }

    std::shared_ptr<twin::GroupTwin> cluster;
    twin::FakeGroupAdmin admin;
    kafka::Permit permit;
    ApplyOptions options;
    ReadOptions reading;
    std::unique_ptr<store::Journal> journal;

private:
    QTemporaryDir m_directory;
};

inline twin::Fate fate(twin::Fate::Kind kind, Millis after = {})
{
    return {.kind = kind, .after = after};
}

/// The fate of the n-th request of that name; all others are answered.
inline auto only(std::string name, std::size_t number, twin::Fate what)
{
    return [=](twin::GroupTwin &, const twin::TwinRequest &request) {
        return request.name == name && request.number == number ? what : twin::Fate{};
    };
}

/// "CONFIRMED 20 CONFIRMED 20 …": outcome and what was read back.
inline std::string inShort(const std::vector<store::JournalRow> &rows)
{
    std::string text;
    for (const store::JournalRow &row : rows)
        text += (text.empty() ? "" : ", ") +
                std::string(row.outcome ? name(*row.outcome) : "open") + " " +
                (row.after ? std::to_string(row.after->value()) : "-");
    return text;
}

} // namespace redrive::offsets
