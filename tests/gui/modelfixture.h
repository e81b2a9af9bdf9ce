#pragma once

#include "groupsfixture.h"
#include "ui/models/groupmodel.h"

#include <QAbstractItemModelTester>
#include <QStringList>

namespace redrive::test {

inline constexpr auto strict = QAbstractItemModelTester::FailureReportingMode::QtTest;

inline ui::GroupList listOf(std::vector<GroupSummary> groups)
{
    std::ranges::sort(groups, {}, [](const GroupSummary &group) { return group.listing.id; });
    return std::make_shared<const std::vector<GroupSummary>>(std::move(groups));
}

using Names = std::vector<std::string>;

inline ui::GroupList listOf(const Names &names, std::int64_t lag = 1)
{
    std::vector<GroupSummary> groups;
    for (const std::string &name : names)
        groups.push_back(summaryOf(name, lag));
    return listOf(std::move(groups));
}

/// One text a row, its cells parted by '|'.
inline QStringList texts(const QAbstractItemModel &model)
{
    QStringList all;
    for (int row = 0; row < model.rowCount(); ++row) {
        QStringList cells;
        for (int column = 0; column < model.columnCount(); ++column)
            cells << model.index(row, column).data().toString();
        all << cells.join(QLatin1Char('|'));
    }
    return all;
}

} // namespace redrive::test
