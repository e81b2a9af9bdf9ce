#include "ui/charts/lagchart.h"

#include "ui/charts/lagplot.h"
#include "ui/theme/tokens.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QPixmap>
#include <QTableWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

constexpr Millis shortestZoom{10'000};

QPixmap swatch(std::size_t slot, const QWidget *widget)
{
    const qreal ratio = widget->devicePixelRatioF();
    const QSize size(widget->fontMetrics().horizontalAdvance(u"0000"_s),
                     widget->fontMetrics().height());
    QPixmap pixmap(size * ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setPen(linePen(slot));
    painter.drawLine(QPointF(0, size.height() / 2.0), QPointF(size.width(), size.height() / 2.0));
    return pixmap;
}

} // namespace

class LagChart::Plot
{
public:
    std::shared_ptr<const workspace::GroupHistory> history;
    LineChoice lines;
    Millis range{std::chrono::minutes(15)};
    std::optional<TimeSpan> zoom;
    std::optional<WallTime> crossHair;
    bool logarithmic = false;
    bool truncated = false;
    TimeZone zone = TimeZone::Utc;
    TimeSpan announced;

    LagPlot *view = nullptr;
    QLabel *reading = nullptr;
    QLabel *note = nullptr;
    QTableWidget *legend = nullptr;

    const workspace::Series *series(std::size_t slot) const
    {
        if (!history)
            return nullptr;
        if (slot == 0)
            return &history->total;
        const auto found =
            std::ranges::find(history->partitions, lines.names[slot - 1], &workspace::Series::name);
        return found == history->partitions.end() ? nullptr : &*found;
    }
    QString name(std::size_t slot) const
    {
        return slot == 0 ? LagChart::tr("Total") : foreign(lines.names[slot - 1]);
    }
    const monitor::HistoryPoint *read(std::size_t slot) const
    {
        const workspace::Series *line = series(slot);
        if (!line || line->points.empty())
            return nullptr;
        return crossHair ? nearest(line->points, *crossHair) : &line->points.back();
    }
    std::optional<WallTime> readTime() const
    {
        const monitor::HistoryPoint *point = read(0);
        return point ? std::optional(point->time) : std::nullopt;
    }
};

LagChart::LagChart(QWidget *parent)
    : QWidget(parent)
    , m_plot(std::make_unique<Plot>())
{
    setFocusPolicy(Qt::StrongFocus);
    setObjectName(u"lag-chart"_s);
    setAccessibleName(tr("Lag over time"));

    m_plot->view = new LagPlot(this);
    m_plot->view->setObjectName(u"lag-plot"_s);
    m_plot->view->setAccessibleName(tr("Lag over time"));
    m_plot->reading = new QLabel(this);
    m_plot->reading->setTextFormat(Qt::PlainText);
    m_plot->reading->setObjectName(u"lag-reading"_s);
    m_plot->note = new QLabel(this);
    m_plot->note->setTextFormat(Qt::PlainText);
    m_plot->note->setWordWrap(true);
    m_plot->legend = new QTableWidget(0, 2, this);
    m_plot->legend->setObjectName(u"lag-legend"_s);
    m_plot->legend->setAccessibleName(tr("Lines of the chart"));
    m_plot->legend->setHorizontalHeaderLabels({tr("Line"), tr("Lag")});
    m_plot->legend->horizontalHeaderItem(1)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_plot->legend->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_plot->legend->horizontalHeader()->setHighlightSections(false);
    m_plot->legend->verticalHeader()->hide();
    m_plot->legend->verticalHeader()->setDefaultSectionSize(theme::rowHeight());
    m_plot->legend->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_plot->legend->horizontalHeader()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_plot->legend->setShowGrid(false);
    m_plot->legend->setWordWrap(false);
    m_plot->legend->setFrameShape(QFrame::NoFrame);
    m_plot->legend->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_plot->legend->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_plot->legend->setSelectionMode(QAbstractItemView::SingleSelection);
    m_plot->legend->setTabKeyNavigation(false);
    m_plot->legend->setTextElideMode(Qt::ElideMiddle);

    auto *side = new QVBoxLayout;
    side->setSpacing(theme::space4);
    side->addWidget(m_plot->reading);
    side->addWidget(m_plot->legend, 1);
    side->addWidget(m_plot->note);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, theme::space8, 0);
    row->setSpacing(theme::space12);
    row->addWidget(m_plot->view, 1);
    row->addLayout(side);
    m_plot->legend->setFixedWidth(fontMetrics().averageCharWidth() * 36);
    m_plot->reading->setFixedWidth(m_plot->legend->width());
    m_plot->note->setFixedWidth(m_plot->legend->width());
    setMinimumHeight(fontMetrics().height() * 8);

    connect(m_plot->view, &LagPlot::pointed, this, &LagChart::moveCrossHair);
    connect(m_plot->view, &LagPlot::dragged, this, &LagChart::zoomTo);
    connect(m_plot->view, &LagPlot::resetRequested, this, &LagChart::resetZoom);
    applyTheme();
}

LagChart::~LagChart() = default;

void LagChart::show(std::shared_ptr<const workspace::GroupHistory> history)
{
    m_plot->history = std::move(history);
    LineChoice lines =
        m_plot->history ? chooseLines(*m_plot->history, m_plot->lines) : LineChoice{};
    const bool changed = lines != m_plot->lines;
    m_plot->lines = std::move(lines);
    redraw();
    if (changed || span() != m_plot->announced) {
        m_plot->announced = span();
        emit shownChanged();
    }
}

void LagChart::forget()
{
    m_plot->lines = {};
    m_plot->zoom.reset();
    m_plot->crossHair.reset();
    m_plot->view->setCrossHair(std::nullopt);
    show(nullptr);
}

void LagChart::setRange(Millis range)
{
    m_plot->range = range;
    m_plot->zoom.reset();
    redraw();
    emit shownChanged();
}

void LagChart::setLogarithmic(bool logarithmic)
{
    m_plot->logarithmic = logarithmic;
    redraw();
}

void LagChart::setZone(TimeZone zone)
{
    m_plot->zone = zone;
    redraw();
}

void LagChart::applyTheme()
{
    m_plot->view->applyTheme();
    QPalette muted = palette();
    muted.setColor(QPalette::WindowText, theme::color(theme::Token::MutedText));
    m_plot->note->setPalette(muted);
    m_plot->reading->setPalette(muted);
    redraw();
}

TimeSpan LagChart::span() const
{
    if (m_plot->zoom)
        return *m_plot->zoom;
    const WallTime to =
        (m_plot->history ? newest(*m_plot->history) : std::nullopt).value_or(WallTime{});
    return {to - m_plot->range, to};
}

const LineChoice &LagChart::lines() const
{
    return m_plot->lines;
}

bool LagChart::isZoomed() const
{
    return m_plot->zoom.has_value();
}

void LagChart::zoomTo(TimeSpan wanted)
{
    if (wanted.to - wanted.from < shortestZoom)
        wanted.to = wanted.from + shortestZoom;
    m_plot->zoom = wanted;
    redraw();
    emit shownChanged();
}

void LagChart::resetZoom()
{
    if (!m_plot->zoom)
        return;
    m_plot->zoom.reset();
    redraw();
    emit shownChanged();
}

void LagChart::moveCrossHair(std::optional<WallTime> time)
{
    m_plot->crossHair = time;
    m_plot->view->setCrossHair(time ? m_plot->readTime() : std::nullopt);
    refreshLegend();
}

QString LagChart::readOut() const
{
    const auto time = m_plot->readTime();
    if (!time)
        return tr("No sample yet");
    QStringList values;
    for (std::size_t slot = 0; slot <= m_plot->lines.names.size(); ++slot) {
        const monitor::HistoryPoint *point = m_plot->read(slot);
        values << m_plot->name(slot) + u' ' +
                      number(point ? point->last : std::optional<std::int64_t>());
    }
    return clock(*time, m_plot->zone, newest(*m_plot->history).value_or(*time)) + u": "_s +
           values.join(u"; "_s);
}

void LagChart::redraw()
{
    LagPlot::Scene scene;
    scene.span = span();
    scene.logarithmic = m_plot->logarithmic;
    scene.zone = m_plot->zone;
    m_plot->truncated = false;
    for (std::size_t slot = 0; slot <= m_plot->lines.names.size(); ++slot) {
        const workspace::Series *line = m_plot->series(slot);
        scene.lines.push_back(
            line ? draw(line->points, scene.span, m_plot->view->pixelColumns(), scene.logarithmic)
                 : Drawing{});
        m_plot->truncated = m_plot->truncated || scene.lines.back().truncated;
        if (!line)
            continue;
        for (const monitor::HistoryPoint &point : line->points) {
            if (point.last && point.time >= scene.span.from && point.time <= scene.span.to)
                scene.highest = std::max(scene.highest, point.high);
        }
    }
    m_plot->view->show(scene);
    refreshLegend();
}

void LagChart::refreshLegend()
{
    const auto time = m_plot->readTime();
    const WallTime now =
        m_plot->history ? newest(*m_plot->history).value_or(WallTime{}) : WallTime{};
    m_plot->reading->setText(!time ? tr("No sample yet")
                             : m_plot->crossHair
                                 ? tr("At %1").arg(clock(*time, m_plot->zone, now))
                                 : tr("Newest, %1").arg(clock(*time, m_plot->zone, now)));
    QTableWidget *legend = m_plot->legend;
    const int rows = m_plot->history ? static_cast<int>(m_plot->lines.names.size()) + 1 : 0;
    legend->setRowCount(rows);
    for (int row = 0; row < rows; ++row) {
        const auto slot = static_cast<std::size_t>(row);
        for (int column = 0; column < 2; ++column) {
            if (!legend->item(row, column))
                legend->setItem(row, column, new QTableWidgetItem);
        }
        QTableWidgetItem *name = legend->item(row, 0);
        name->setText(m_plot->name(slot));
        name->setToolTip(ui::toolTip(m_plot->name(slot)));
        name->setData(Qt::DecorationRole, swatch(slot, this));
        const monitor::HistoryPoint *point = m_plot->read(slot);
        QTableWidgetItem *value = legend->item(row, 1);
        value->setText(number(point ? point->last : std::optional<std::int64_t>()));
        value->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    }
    legend->setIconSize({fontMetrics().horizontalAdvance(u"0000"_s), fontMetrics().height()});
    QStringList notes;
    if (m_plot->lines.hidden > 0)
        notes << tr("%1 partitions with less lag are in the total only.").arg(m_plot->lines.hidden);
    if (m_plot->truncated)
        notes << tr("The oldest stretches between gaps are left out.");
    m_plot->note->setText(notes.join(u' '));
    m_plot->note->setVisible(!notes.isEmpty());
    setAccessibleDescription(readOut());
}

void LagChart::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    redraw();
}

bool LagChart::event(QEvent *event)
{
    // Escape goes back here first; only then is it the page's.
    if (event->type() == QEvent::ShortcutOverride && (m_plot->zoom || m_plot->crossHair) &&
        static_cast<QKeyEvent *>(event)->key() == Qt::Key_Escape)
        event->accept();
    return QWidget::event(event);
}

void LagChart::keyPressEvent(QKeyEvent *event)
{
    const bool left = event->key() == Qt::Key_Left;
    if (left || event->key() == Qt::Key_Right) {
        const workspace::Series *total = m_plot->series(0);
        if (!total || total->points.empty())
            return;
        const WallTime at = m_plot->crossHair.value_or(span().to);
        const monitor::HistoryPoint *here = nearest(total->points, at);
        const auto row = here - total->points.data();
        const auto next =
            std::clamp<std::ptrdiff_t>(row + (left ? -1 : 1), 0, std::ssize(total->points) - 1);
        moveCrossHair(total->points[static_cast<std::size_t>(next)].time);
        return;
    }
    if (event->key() == Qt::Key_Escape && (m_plot->zoom || m_plot->crossHair)) {
        moveCrossHair(std::nullopt);
        resetZoom();
        return;
    }
    const auto half = (span().to - span().from) / 4;
    const WallTime middle = m_plot->crossHair.value_or(span().from + 2 * half);
    if (event->key() == Qt::Key_Plus)
        zoomTo({middle - half, middle + half});
    else if (event->key() == Qt::Key_Minus)
        resetZoom();
    else
        QWidget::keyPressEvent(event);
}

} // namespace redrive::ui
