#pragma once

#include "ui/bridge/consumersessions.h"
#include "ui/format/format.h"
#include "ui/models/rowtable.h"

#include <QString>

#include <optional>

namespace redrive::ui {

/// What the list shows of a session: texts and numbers, so that what changed can be told.
struct SessionRow
{
    int id = 0;
    QString state;
    QString stateHelp;
    int stateToken = 0;
    std::string group;
    std::string handler;
    QString topics;
    std::optional<std::size_t> partitions;
    std::optional<double> rate;
    std::optional<std::int64_t> lag;
    std::optional<double> p99;
    std::uint64_t processed = 0;
    std::uint64_t deadLettered = 0;
    WallTime since{};
    QString sinceText; ///< relative to the moment of show()
    QString problem;
    bool ended = false;
    bool operator==(const SessionRow &) const = default;
};

/// The sessions of a cluster, running and ended.
class SessionModel : public RowTable<SessionRow>
{
    Q_OBJECT
public:
    enum Column
    {
        Number,
        State,
        Group,
        Handler,
        Rate,
        Lag,
        P99,
        Since,
        Partitions,
        Processed,
        DeadLettered,
        Topics,
        Problem,
        Count
    };

    explicit SessionModel(QObject *parent = nullptr);

    void show(const std::vector<const SessionEntry *> &entries, TimeZone zone, WallTime now);
    int find(int id) const; ///< -1: it is not there

protected:
    QVariant cell(int row, int column, int role) const override;
    bool less(const SessionRow &a, const SessionRow &b) const override { return a.id < b.id; }
    bool same(const SessionRow &a, const SessionRow &b) const override { return a == b; }

private:
    TimeZone m_zone = TimeZone::Utc;
};

} // namespace redrive::ui
