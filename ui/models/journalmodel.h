#pragma once

#include "ui/bridge/journalreader.h"
#include "ui/format/format.h"
#include "ui/models/rowtable.h"

#include <QString>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace redrive::ui {

/// A change as the list shows it. `entry` is in the reading that the model holds.
struct JournalLine
{
    std::int64_t number = 0; ///< 17 of `j17`
    const store::JournalEntry *entry = nullptr;
    QString stateText;
    QString stateHelp;
    int stateToken = 0;
    QString sums;
    QString haystack; ///< all that the filter looks in, as it is shown
};

/// What Redrive changed on one cluster.
class JournalModel : public RowTable<JournalLine>
{
    Q_OBJECT
public:
    enum Column
    {
        Time,
        Group,
        Action,
        Reason,
        User,
        State,
        Partitions,
        Count
    };

    explicit JournalModel(QObject *parent = nullptr);

    /// Null: nothing was read. States depend on `now`, too.
    void show(std::shared_ptr<const JournalReading> reading, TimeZone zone, WallTime now);
    void forget();
    int find(const std::string &id) const; ///< -1: it is not there
    const store::JournalEntry &entryAt(int row) const { return *this->row(row).entry; }
    std::vector<std::string> groups() const; ///< sorted, each once

protected:
    QVariant cell(int row, int column, int role) const override;
    bool less(const JournalLine &a, const JournalLine &b) const override
    {
        return a.number < b.number;
    }
    bool same(const JournalLine &a, const JournalLine &b) const override;

private:
    std::shared_ptr<const JournalReading> m_reading;
    TimeZone m_zone = TimeZone::Utc;
    WallTime m_now{};
};

/// The partitions of one change.
class JournalRowModel : public RowTable<store::JournalRow>
{
    Q_OBJECT
public:
    enum Column
    {
        Topic,
        Partition,
        Before,
        Requested,
        After,
        Outcome,
        Problem,
        Count
    };

    explicit JournalRowModel(QObject *parent = nullptr);

    /// `ofSession`: of a step of a running session, whose `before` is where it stood.
    void show(std::vector<store::JournalRow> rows, bool ofSession);
    bool hasProblems() const;

protected:
    QVariant cell(int row, int column, int role) const override;
    bool less(const store::JournalRow &a, const store::JournalRow &b) const override
    {
        return a.partition < b.partition;
    }
    bool same(const store::JournalRow &a, const store::JournalRow &b) const override
    {
        return a == b;
    }

private:
    bool m_ofSession = false;
};

} // namespace redrive::ui
