#pragma once

#include "core/offsets/plan.h"
#include "core/store/journal.h"
#include "ui/format/format.h"
#include "ui/models/rowtable.h"

#include <map>
#include <optional>
#include <vector>

namespace redrive::ui {

/// One partition of a plan, and what came of it.
struct PlanLine
{
    offsets::PlanRow row;
    std::optional<store::JournalRow> outcome; ///< none: nothing was applied
    bool isOld = false;                       ///< of the plan before, while the next is being made
    bool isResolving = false;                 ///< it has no target yet
    bool operator==(const PlanLine &) const = default;
};

/// The table of the plan: it fills as rows resolve, and shows the outcome a row once it was
/// applied. By topic, rows that need a decision stand first.
class PlanModel : public RowTable<PlanLine>
{
    Q_OBJECT
public:
    enum Column
    {
        Topic,
        Partition,
        Committed,
        New,
        Again,
        Skipped,
        Lost,
        Outcome,
        Next,
        Notes,
        Count
    };

    explicit PlanModel(QObject *parent = nullptr);

    /// `resolving`: what was not read yet is still being looked up.
    void show(const offsets::Plan &plan, bool resolving);
    void showOutcomes(const std::vector<store::JournalRow> &rows);
    /// What is shown is no longer what is asked for.
    void ageRows();
    void setZone(TimeZone zone);

    bool hasLosses() const;
    bool hasNotes() const;
    std::vector<TopicPartition> withErrors() const;

protected:
    QVariant cell(int row, int column, int role) const override;
    bool less(const PlanLine &a, const PlanLine &b) const override;
    bool same(const PlanLine &a, const PlanLine &b) const override;

private:
    TimeZone m_zone = TimeZone::Utc;
};

/// "✓ CONFIRMED", "✕ NOT APPLIED", "? UNKNOWN": a shape and the word.
QString outcomeText(store::JournalOutcome outcome);

} // namespace redrive::ui
