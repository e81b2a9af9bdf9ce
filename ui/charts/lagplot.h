#pragma once

#include "ui/charts/lines.h"

#include <QChartView>
#include <QColor>
#include <QPen>

#include <array>
#include <functional>
#include <optional>
#include <vector>

QT_BEGIN_NAMESPACE
class QCategoryAxis;
class QLineSeries;
QT_END_NAMESPACE

namespace redrive::ui {

/// How a line is told from the others: by colour and by dash. Slot 0 is the total.
QPen linePen(std::size_t slot);

/// The drawing itself: lines, axes, cross-hair, the band that is dragged for a zoom. Private to the
/// charts room.
class LagPlot : public QChartView
{
    Q_OBJECT
public:
    explicit LagPlot(QWidget *parent = nullptr);

    struct Scene
    {
        TimeSpan span;
        std::int64_t highest = 0;
        bool logarithmic = false;
        TimeZone zone = TimeZone::Utc;
        std::vector<Drawing> lines;               ///< one a slot
        QString (*label)(std::int64_t) = nullptr; ///< of a value on the axis; null: the number
    };
    void show(const Scene &scene);
    void clear();
    void applyTheme();
    void setCrossHair(std::optional<WallTime> time);
    int pixelColumns() const;

signals:
    void pointed(const std::optional<redrive::WallTime> &time);
    void dragged(const redrive::ui::TimeSpan &span);
    void resetRequested();

protected:
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void drawForeground(QPainter *painter, const QRectF &rect) override;

private:
    WallTime timeAt(double x) const;
    double xOf(WallTime time) const;
    QLineSeries *series(std::size_t slot, std::size_t stretch);
    static void setTicks(QCategoryAxis *axis, double from, double to,
                         const std::vector<Tick> &ticks, std::vector<Tick> &current);

    QCategoryAxis *m_times;
    QCategoryAxis *m_lags;
    std::vector<Tick> m_timeTicks;
    std::vector<Tick> m_lagTicks;
    std::vector<std::vector<QLineSeries *>> m_series; ///< by slot and stretch; owned by the chart
    TimeSpan m_span;
    std::optional<WallTime> m_crossHair;
    std::optional<double> m_dragFrom;
    double m_dragTo = 0;
};

} // namespace redrive::ui
