#pragma once

#include "ui/pages/sessionslines.h"

#include <QWidget>

namespace redrive::ui {

class SessionChart;

/// The Chart tab: rates and handler time over time, and a table with the same numbers beside it.
class SessionsChart : public QWidget
{
    Q_OBJECT
public:
    explicit SessionsChart(Settings &settings, QWidget *parent = nullptr);

    void show(int session, const Tail<SessionSample> &samples);
    void setZone(TimeZone zone);
    void applyTheme();

private:
    int m_session = 0;
    std::uint64_t m_seen = 0;
    SessionChart *m_chart;
    SessionsLines *m_table;
};

} // namespace redrive::ui
