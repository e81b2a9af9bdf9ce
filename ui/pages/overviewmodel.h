#pragma once

#include "core/workspace/snapshot.h"
#include "ui/format/format.h"
#include "ui/models/rowtable.h"
#include "ui/theme/tokens.h"

#include <QSet>

namespace redrive::ui {

/// One thing that wants attention, in words, with the place where it can be looked at.
struct Finding
{
    QString key;     ///< same finding, same key
    int urgency = 0; ///< higher is more urgent
    QString text;
    QString said; ///< in the broker's words; may be empty
    theme::Token token = theme::Token::Warning;
    QString page; ///< empty: the list of problems
    QString within;
    bool operator==(const Finding &) const = default;
};

/// What is known to be wrong now, most urgent first. Pure.
std::vector<Finding> findingsOf(const workspace::ClusterSnapshot &snapshot, TimeZone zone,
                                WallTime now);

class FindingModel : public RowTable<Finding>
{
    Q_OBJECT
public:
    enum Column
    {
        What,
        Said,
        Count
    };
    explicit FindingModel(QObject *parent = nullptr);
    void show(std::vector<Finding> findings);

protected:
    QVariant cell(int row, int column, int role) const override;
    bool less(const Finding &a, const Finding &b) const override;
    bool same(const Finding &a, const Finding &b) const override;
};

/// A group of the ranking.
struct RankRow
{
    std::string group;
    bool watched = false;
    std::optional<GroupState> state;
    std::optional<std::int64_t> lag;
    std::size_t partitions = 0;
    std::size_t unknownLags = 0;
    std::vector<std::optional<std::int64_t>> trend;
    std::optional<WallTime> readAt;
    bool operator==(const RankRow &) const = default;
};

/// The watched groups and, of the others, those `most` with the largest lag above none; sorted by
/// name. Pure.
std::vector<RankRow> rankOf(const workspace::ClusterSnapshot &snapshot,
                            const QSet<QString> &watched, std::size_t most);

class RankModel : public RowTable<RankRow>
{
    Q_OBJECT
public:
    enum Column
    {
        Group,
        State,
        Lag,
        Trend,
        ReadAt,
        Count
    };
    explicit RankModel(QObject *parent = nullptr);
    void show(std::vector<RankRow> rows, TimeZone zone, WallTime now);

protected:
    QVariant cell(int row, int column, int role) const override;
    bool less(const RankRow &a, const RankRow &b) const override;
    bool same(const RankRow &a, const RankRow &b) const override;

private:
    TimeZone m_zone = TimeZone::Utc;
    WallTime m_now{};
};

/// "3 of 42 groups are behind, 18,402 offsets in all". Pure.
QString lagHeadline(const std::vector<GroupSummary> &groups);

} // namespace redrive::ui
