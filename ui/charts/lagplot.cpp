#include "ui/charts/lagplot.h"

#include "ui/theme/tokens.h"

#include <QCategoryAxis>
#include <QChart>
#include <QGraphicsLayout>
#include <QLineSeries>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <utility>

namespace redrive::ui {

namespace {

constexpr double shortestDrag = 6;

std::int64_t millis(WallTime time)
{
    return time.time_since_epoch().count();
}

} // namespace

QPen linePen(std::size_t slot)
{
    if (slot == 0)
        return {theme::color(theme::Token::Text), 2};
    static const std::array<QList<qreal>, lineLimit> dashes{{
        {},
        {6, 3},
        {2, 2},
        {6, 2, 2, 2},
        {10, 3},
        {1, 3},
        {10, 2, 2, 2, 2, 2},
        {4, 4},
    }};
    const std::size_t line = (slot - 1) % lineLimit;
    const auto token =
        static_cast<theme::Token>(static_cast<int>(theme::Token::Series0) + static_cast<int>(line));
    QPen pen(theme::color(token), 1.5);
    pen.setCapStyle(Qt::FlatCap);
    if (!dashes[line].isEmpty())
        pen.setDashPattern(dashes[line]);
    return pen;
}

LagPlot::LagPlot(QWidget *parent)
    : QChartView(new QChart, parent)
    , m_times(new QCategoryAxis(this))
    , m_lags(new QCategoryAxis(this))
{
    chart()->setAnimationOptions(QChart::NoAnimation);
    chart()->legend()->hide();
    chart()->setMargins({0, 0, theme::space8, 0});
    chart()->setBackgroundRoundness(0);
    chart()->layout()->setContentsMargins(0, 0, 0, 0);
    for (QCategoryAxis *axis : {m_times, m_lags}) {
        axis->setLabelsPosition(QCategoryAxis::AxisLabelsPositionOnValue);
        axis->setTruncateLabels(false);
    }
    chart()->addAxis(m_times, Qt::AlignBottom);
    chart()->addAxis(m_lags, Qt::AlignLeft);
    m_series.resize(1 + lineLimit);
    setRenderHint(QPainter::Antialiasing);
    setFrameShape(QFrame::NoFrame);
    setMouseTracking(true);
    setFocusPolicy(Qt::NoFocus);
    applyTheme();
}

void LagPlot::applyTheme()
{
    using theme::Token;
    setBackgroundBrush(theme::color(Token::Surface));
    chart()->setBackgroundBrush(theme::color(Token::Surface));
    chart()->setBackgroundPen(Qt::NoPen);
    for (QCategoryAxis *axis : {m_times, m_lags}) {
        axis->setLabelsColor(theme::color(Token::MutedText));
        axis->setLabelsFont(theme::numbers());
        axis->setGridLineColor(theme::color(Token::Separator));
        axis->setLinePenColor(theme::color(Token::Separator));
    }
    m_times->setGridLineVisible(false);
    for (std::size_t slot = 0; slot < m_series.size(); ++slot) {
        for (QLineSeries *line : m_series[slot])
            line->setPen(linePen(slot));
    }
}

void LagPlot::show(const Scene &scene)
{
    m_span = scene.span;
    const double top =
        std::max(1.0, onAxis(std::max<std::int64_t>(scene.highest, 1), scene.logarithmic) * 1.08);
    const int lineHeight = fontMetrics().height();
    const int labelWidth = fontMetrics().horizontalAdvance(QStringLiteral("00:00:00"));
    auto lagMarks =
        lagTicks(scene.highest, scene.logarithmic, std::max(2, height() / (lineHeight * 3)));
    if (scene.label && !scene.logarithmic) {
        for (Tick &tick : lagMarks)
            tick.label = scene.label(static_cast<std::int64_t>(tick.at));
    }
    setTicks(m_lags, 0, top, lagMarks, m_lagTicks);
    setTicks(
        m_times, static_cast<double>(millis(m_span.from)), static_cast<double>(millis(m_span.to)),
        timeTicks(m_span, scene.zone, std::max(2, pixelColumns() / (labelWidth * 2))), m_timeTicks);
    for (std::size_t slot = 0; slot < m_series.size(); ++slot) {
        const std::size_t stretches =
            slot < scene.lines.size() ? scene.lines[slot].stretches.size() : 0;
        for (std::size_t s = 0; s < stretches; ++s)
            series(slot, s)->replace(scene.lines[slot].stretches[s]);
        for (std::size_t s = stretches; s < m_series[slot].size(); ++s) {
            if (m_series[slot][s]->count() > 0)
                m_series[slot][s]->clear();
        }
    }
    viewport()->update();
}

void LagPlot::clear()
{
    show({m_span, 0, false, TimeZone::Utc, {}});
}

void LagPlot::setCrossHair(std::optional<WallTime> time)
{
    m_crossHair = time;
    viewport()->update();
}

int LagPlot::pixelColumns() const
{
    const double plotted = chart()->plotArea().width();
    return plotted > 50 ? static_cast<int>(plotted) : std::max(50, width());
}

QLineSeries *LagPlot::series(std::size_t slot, std::size_t stretch)
{
    auto &stretches = m_series[slot];
    while (stretches.size() <= stretch) {
        auto *line = new QLineSeries;
        line->setPen(linePen(slot));
        chart()->addSeries(line);
        line->attachAxis(m_times);
        line->attachAxis(m_lags);
        stretches.push_back(line);
    }
    return stretches[stretch];
}

void LagPlot::setTicks(QCategoryAxis *axis, double from, double to, const std::vector<Tick> &ticks,
                       std::vector<Tick> &current)
{
    if (ticks != current) {
        const QStringList labels = axis->categoriesLabels();
        for (const QString &label : labels)
            axis->remove(label);
        axis->setStartValue(std::min(from, ticks.empty() ? from : ticks.front().at) - 1);
        for (const Tick &tick : ticks)
            axis->append(tick.label, tick.at);
        current = ticks;
    }
    axis->setRange(from, to);
}

WallTime LagPlot::timeAt(double x) const
{
    const QRectF plot = chart()->plotArea();
    const double part = std::clamp((x - plot.left()) / std::max(1.0, plot.width()), 0.0, 1.0);
    const auto width = static_cast<double>((m_span.to - m_span.from).count());
    return m_span.from + Millis(static_cast<std::int64_t>(part * width));
}

double LagPlot::xOf(WallTime time) const
{
    const QRectF plot = chart()->plotArea();
    const auto width =
        static_cast<double>(std::max<std::int64_t>(1, (m_span.to - m_span.from).count()));
    return plot.left() + static_cast<double>((time - m_span.from).count()) / width * plot.width();
}

void LagPlot::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return;
    m_dragFrom = event->position().x();
    m_dragTo = *m_dragFrom;
}

void LagPlot::mouseMoveEvent(QMouseEvent *event)
{
    m_dragTo = event->position().x();
    emit pointed(timeAt(m_dragTo));
}

void LagPlot::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton || !m_dragFrom)
        return;
    const double from = *std::exchange(m_dragFrom, std::nullopt);
    const double to = event->position().x();
    if (std::abs(to - from) >= shortestDrag)
        emit dragged({timeAt(std::min(from, to)), timeAt(std::max(from, to))});
    viewport()->update();
}

void LagPlot::mouseDoubleClickEvent(QMouseEvent *event)
{
    m_dragFrom.reset();
    if (event->button() == Qt::LeftButton)
        emit resetRequested();
}

void LagPlot::leaveEvent(QEvent *event)
{
    QChartView::leaveEvent(event);
    emit pointed(std::nullopt);
}

void LagPlot::drawForeground(QPainter *painter, const QRectF &rect)
{
    QChartView::drawForeground(painter, rect);
    const QRectF plot = chart()->plotArea();
    if (m_dragFrom && std::abs(m_dragTo - *m_dragFrom) >= shortestDrag) {
        QColor band = theme::color(theme::Token::Accent);
        band.setAlphaF(0.18F);
        const double left = std::clamp(std::min(*m_dragFrom, m_dragTo), plot.left(), plot.right());
        const double right = std::clamp(std::max(*m_dragFrom, m_dragTo), plot.left(), plot.right());
        painter->fillRect(QRectF(left, plot.top(), right - left, plot.height()), band);
    }
    if (m_crossHair && *m_crossHair >= m_span.from && *m_crossHair <= m_span.to) {
        painter->setPen(QPen(theme::color(theme::Token::MutedText), 1));
        const double x = xOf(*m_crossHair);
        painter->drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
    }
}

} // namespace redrive::ui
