#include "ui/models/tablemodel.h"

#include "ui/format/format.h"
#include "ui/theme/tokens.h"

#include <QBrush>

#include <algorithm>
#include <bit>
#include <numeric>
#include <utility>

namespace redrive::ui {

TableModel::TableModel(std::vector<ColumnSpec> columns, QObject *parent)
    : QAbstractTableModel(parent)
    , m_columns(std::move(columns))
{
    m_glowTimer.setSingleShot(true);
    m_glowTimer.setInterval(glowMillis);
    connect(&m_glowTimer, &QTimer::timeout, this, &TableModel::endGlow);
}

int TableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
}

const ColumnSpec &TableModel::column(int number) const
{
    return m_columns.at(static_cast<std::size_t>(number));
}

QVariant TableModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.model() != this || index.row() >= rowCount() ||
        index.column() >= columnCount())
        return {};
    switch (role) {
    case Qt::ToolTipRole: return toolTip(cell(index.row(), index.column(), role).toString());
    case Qt::BackgroundRole:
        if (glows(index))
            return QBrush(theme::color(theme::Token::Glow));
        break;
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(column(index.column()).numeric
                                       ? Qt::AlignRight | Qt::AlignVCenter
                                       : Qt::AlignLeft | Qt::AlignVCenter);
    case Qt::FontRole:
        if (column(index.column()).numeric)
            return theme::numbers();
        break;
    default: break;
    }
    return cell(index.row(), index.column(), role);
}

QVariant TableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    const ColumnSpec &spec = column(section);
    switch (role) {
    case Qt::DisplayRole: return spec.title;
    case RawRole: return spec.key;
    case Qt::ToolTipRole: return toolTip(spec.help);
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(spec.numeric ? Qt::AlignRight | Qt::AlignVCenter
                                                : Qt::AlignLeft | Qt::AlignVCenter);
    default: return {};
    }
}

std::size_t TableModel::glowing() const
{
    return std::accumulate(m_glow.begin(), m_glow.end(), std::size_t{0},
                           [](std::size_t sum, const Glow &glow) {
                               return sum + static_cast<std::size_t>(std::popcount(glow.columns));
                           });
}

bool TableModel::glows(const QModelIndex &index) const
{
    const auto found = std::ranges::lower_bound(m_glow, index.row(), {}, &Glow::row);
    return found != m_glow.end() && found->row == index.row() &&
           (found->columns & (1U << static_cast<unsigned>(index.column()))) != 0;
}

void TableModel::startGlow(std::vector<Glow> cells)
{
    m_glow = std::move(cells);
    if (glowing() > glowLimit)
        m_glow.clear();
    if (!m_glow.empty())
        m_glowTimer.start();
}

void TableModel::forgetGlow()
{
    m_glow.clear();
    m_glowTimer.stop();
}

void TableModel::endGlow()
{
    std::vector<int> rows;
    rows.reserve(m_glow.size());
    for (const Glow &glow : m_glow)
        rows.push_back(glow.row);
    m_glow.clear();
    for (const Run &run : runsOf(rows))
        emit dataChanged(index(run.first, 0), index(run.last, columnCount() - 1),
                         {Qt::BackgroundRole});
}

} // namespace redrive::ui
