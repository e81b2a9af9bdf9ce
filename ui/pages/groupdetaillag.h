#pragma once

#include "core/workspace/snapshot.h"
#include "ui/settings/settings.h"

#include <QWidget>

#include <memory>

QT_BEGIN_NAMESPACE
class QLabel;
class QPushButton;
QT_END_NAMESPACE

namespace redrive::ui {

class DataTable;
class HistoryModel;
class LagChart;

/// The Lag tab: the chart, and beneath it the same numbers as a table.
class GroupDetailLag : public QWidget
{
    Q_OBJECT
public:
    explicit GroupDetailLag(Settings &settings, QWidget *parent = nullptr);

    /// Null: no history yet.
    void show(std::shared_ptr<const workspace::GroupHistory> history);
    void forget(); ///< another group
    void applyTheme();

private:
    void showTable();
    void applyZone();

    Settings &m_settings;
    std::shared_ptr<const workspace::GroupHistory> m_history;
    LagChart *m_chart = nullptr;
    HistoryModel *m_model = nullptr;
    DataTable *m_table = nullptr;
    QPushButton *m_unzoom = nullptr;
    QLabel *m_zone;
};

} // namespace redrive::ui
