#pragma once

#include "core/consumer/snapshot.h"
#include "ui/format/format.h"
#include "ui/models/rowtable.h"

#include <QString>

#include <optional>

namespace redrive::ui {

/// One owned partition with what changes by the mere passing of time already in words.
struct LaneRow
{
    consumer::LaneSnapshot lane;
    QString inFlightFor; ///< "3.2 s"; empty: nothing is in flight
    QString retry;       ///< "attempt 2, again in 3.1 s"; empty: nothing waits
    QString problem;     ///< why the last attempt failed, or the dead letter has not gone
};

/// The lanes of a session: one row a partition.
class LaneModel : public RowTable<LaneRow>
{
    Q_OBJECT
public:
    enum Column
    {
        Topic,
        Partition,
        State,
        Retry,
        Problem,
        Lag,
        Position,
        Committed,
        LogEnd,
        Buffered,
        InFlight,
        InFlightFor,
        Processed,
        DeadLettered,
        Skipped,
        Count
    };

    explicit LaneModel(QObject *parent = nullptr);

    /// `now`: for ages and countdowns; of the snapshot itself where the session has ended.
    void show(const std::vector<consumer::LaneSnapshot> &lanes, MonoTime now);
    int find(const TopicPartition &partition) const; ///< -1: it is not owned

protected:
    QVariant cell(int row, int column, int role) const override;
    bool less(const LaneRow &a, const LaneRow &b) const override;
    bool same(const LaneRow &a, const LaneRow &b) const override;
};

} // namespace redrive::ui
