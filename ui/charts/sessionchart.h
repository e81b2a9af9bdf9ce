#pragma once

#include "ui/bridge/consumersessionsdiary.h"
#include "ui/charts/lines.h"

#include <QWidget>

#include <deque>
#include <memory>
#include <optional>

namespace redrive::ui {

/// What a session does over time: records a second above, handler time beneath, on one time axis.
/// Dragging zooms, a double click or Escape goes back, the mouse or the arrow keys move a
/// cross-hair that reads out both. UI thread.
class SessionChart : public QWidget
{
    Q_OBJECT
public:
    explicit SessionChart(QWidget *parent = nullptr);
    ~SessionChart() override;

    void show(const std::deque<SessionSample> &samples);
    void forget(); ///< another session: lines, zoom and cross-hair
    void setRange(Millis range);
    void setZone(TimeZone zone);
    void applyTheme();
    /// What the cross-hair reads, or the newest sample.
    QString readOut() const;

protected:
    bool event(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    class Plots;
    void redraw();
    void moveCrossHair(std::optional<WallTime> time);

    std::unique_ptr<Plots> m_plots;
};

} // namespace redrive::ui
