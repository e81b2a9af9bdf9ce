#pragma once

#include "core/workspace/snapshot.h"
#include "ui/format/format.h"
#include "ui/models/rowtable.h"

namespace redrive::ui {

/// The problems of one cluster, one row each however often they repeat.
class ProblemsModel : public RowTable<workspace::Problem>
{
    Q_OBJECT
public:
    enum Column
    {
        State,
        Attempted,
        Said,
        Advice,
        Since,
        Last,
        Times,
        Count
    };

    explicit ProblemsModel(QObject *parent = nullptr);

    void show(std::vector<workspace::Problem> problems, TimeZone zone, WallTime now);

protected:
    QVariant cell(int row, int column, int role) const override;
    bool less(const workspace::Problem &a, const workspace::Problem &b) const override;
    bool same(const workspace::Problem &a, const workspace::Problem &b) const override;

private:
    TimeZone m_zone = TimeZone::Utc;
    WallTime m_now{};
};

/// All that is known of a problem, for reading and copying.
QString problemText(const workspace::Problem &problem, TimeZone zone);

} // namespace redrive::ui
