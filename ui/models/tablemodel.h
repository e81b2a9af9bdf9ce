#pragma once

#include "ui/models/rowdiff.h"

#include <QAbstractTableModel>
#include <QString>
#include <QTimer>
#include <QVariant>

#include <cstdint>
#include <vector>

namespace redrive::ui {

/// What cells tell besides Qt's roles.
enum Role : int
{
    SortRole = Qt::UserRole + 1, ///< a number, or text; invalid where unknown
    RawRole,   ///< the bare value for copying: a number, text, a bool; invalid where unknown
    TrendRole, ///< QList<double>, NaN where unknown, for sparklines
};

/// A column of a table.
struct ColumnSpec
{
    QString title;
    QString key;  ///< in JSON
    QString help; ///< tooltip of the header; may be empty
    bool numeric = false;
    bool glows = true; ///< a change here is worth a glance
};

/// Base of the window's tables: what all of them do alike. Subclasses hold the rows (see RowTable)
/// and say what a cell is. Lives on the UI thread.
class TableModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    static constexpr std::size_t glowLimit = 200; ///< more changed cells than this, and none glows
    static constexpr int glowMillis = 600;

    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const final;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;

    const ColumnSpec &column(int number) const;
    /// Cells that glow now, for tests.
    std::size_t glowing() const;

protected:
    TableModel(std::vector<ColumnSpec> columns, QObject *parent);

    /// Cheap, const and silent. Roles asked: DisplayRole, SortRole, RawRole, ToolTipRole (plain
    /// text), and the others that a subclass cares about; an invalid answer means "as usual".
    virtual QVariant cell(int row, int column, int role) const = 0;

    void setColumns(std::vector<ColumnSpec> columns) { m_columns = std::move(columns); }
    const std::vector<ColumnSpec> &columns() const { return m_columns; }

    struct Glow
    {
        int row = 0;
        std::uint32_t columns = 0; ///< one bit a column
    };
    void startGlow(std::vector<Glow> cells);
    void forgetGlow();

private:
    bool glows(const QModelIndex &index) const;
    void endGlow();

    std::vector<ColumnSpec> m_columns;
    std::vector<Glow> m_glow; ///< sorted by row
    QTimer m_glowTimer;
};

} // namespace redrive::ui
