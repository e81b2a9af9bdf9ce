#pragma once

#include "core/workspace/snapshot.h"
#include "ui/charts/lines.h"

#include <QString>
#include <QWidget>

#include <memory>
#include <optional>

namespace redrive::ui {

/// Lag over time: the total and the partitions with most of it. Dragging zooms, a double click or
/// Escape goes back, the mouse or the arrow keys move a cross-hair that reads out. Foreign names
/// never reach the drawing library; they stand in a legend of plain text. UI thread.
class LagChart : public QWidget
{
    Q_OBJECT
public:
    explicit LagChart(QWidget *parent = nullptr);
    ~LagChart() override;

    /// Null: there is nothing to draw (yet).
    void show(std::shared_ptr<const workspace::GroupHistory> history);
    /// Another group: forgets lines, zoom and cross-hair.
    void forget();
    void setRange(Millis range);
    void setLogarithmic(bool logarithmic);
    void setZone(TimeZone zone);
    void applyTheme();

    TimeSpan span() const; ///< what is shown: the range up to the newest sample, or the zoom
    const LineChoice &lines() const;
    bool isZoomed() const;
    void zoomTo(TimeSpan span);
    void resetZoom();
    void moveCrossHair(std::optional<WallTime> time);
    /// What the cross-hair reads, or the newest values: "11:03:22 UTC: total 18,402; orders/3
    /// 18,100".
    QString readOut() const;

signals:
    /// The span or the lines are others now; a table beside the chart shows the same.
    void shownChanged();

protected:
    bool event(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    class Plot;
    void redraw();
    void refreshLegend();

    std::unique_ptr<Plot> m_plot;
};

} // namespace redrive::ui
