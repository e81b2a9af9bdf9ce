#include "ui/charts/sessionchart.h"

#include "ui/charts/lagplot.h"
#include "ui/models/sessionwords.h"
#include "ui/shell/label.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <cmath>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

/// Both axes count in thousandths, since there are less than one record a second and less than a
/// millisecond.
constexpr double thousandths = 1000;
constexpr std::int64_t leastRate = 1000;
constexpr std::int64_t leastMicros = 100;
constexpr Millis shortestZoom{5000};

QString rateLabel(std::int64_t thousandthsOfOne)
{
    return rateText(static_cast<double>(thousandthsOfOne) / thousandths);
}

QString millisLabel(std::int64_t micros)
{
    return millisText(static_cast<double>(micros) / thousandths);
}

/// A name with a piece of its line.
class Swatch final : public QWidget
{
public:
    Swatch(std::size_t slot, const QString &name, QWidget *parent)
        : QWidget(parent)
        , m_slot(slot)
        , m_name(name)
    {
        setAccessibleName(name);
    }
    QSize sizeHint() const override
    {
        return {fontMetrics().horizontalAdvance(m_name) + lineWidth() + theme::space8,
                fontMetrics().height() + theme::space4};
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(linePen(m_slot));
        painter.drawLine(QPointF(0, height() / 2.0), QPointF(lineWidth(), height() / 2.0));
        painter.setPen(theme::color(theme::Token::MutedText));
        painter.drawText(rect().adjusted(lineWidth() + theme::space8, 0, 0, 0),
                         Qt::AlignVCenter | Qt::AlignLeft, m_name);
    }

private:
    int lineWidth() const { return fontMetrics().horizontalAdvance(u"0000"_s); }
    std::size_t m_slot;
    QString m_name;
};

using Value = std::optional<double> (*)(const SessionSample &);
struct Line
{
    const char *name;
    Value value;
};

constexpr std::array<Line, 3> rates{{
    {QT_TRANSLATE_NOOP("SessionChart", "processed"),
     [](const SessionSample &s) { return std::optional(s.processed); }},
    {QT_TRANSLATE_NOOP("SessionChart", "retries"),
     [](const SessionSample &s) { return std::optional(s.retried); }},
    {QT_TRANSLATE_NOOP("SessionChart", "dead letters"),
     [](const SessionSample &s) { return std::optional(s.deadLettered); }},
}};
constexpr std::array<Line, 2> times{{
    {QT_TRANSLATE_NOOP("SessionChart", "p50"), [](const SessionSample &s) { return s.p50; }},
    {QT_TRANSLATE_NOOP("SessionChart", "p99"), [](const SessionSample &s) { return s.p99; }},
}};

} // namespace

class SessionChart::Plots
{
public:
    struct One
    {
        LagPlot *plot = nullptr;
        std::vector<std::vector<monitor::HistoryPoint>> lines;
        std::int64_t least = 1;
        QString (*label)(std::int64_t) = nullptr;
    };
    One rate{.plot = nullptr, .lines = {}, .least = leastRate, .label = rateLabel};
    One time{.plot = nullptr, .lines = {}, .least = leastMicros, .label = millisLabel};
    std::deque<SessionSample> samples;
    Millis range{std::chrono::minutes(5)};
    std::optional<TimeSpan> zoom;
    std::optional<WallTime> crossHair;
    TimeZone zone = TimeZone::Utc;
    Label *reading = nullptr;

    template <std::size_t N>
    static void fill(One &one, const std::array<Line, N> &lines,
                     const std::deque<SessionSample> &samples)
    {
        one.lines.assign(N, {});
        for (std::size_t i = 0; i < N; ++i) {
            one.lines[i].reserve(samples.size());
            for (const SessionSample &sample : samples) {
                const auto value = lines[i].value(sample);
                const auto whole = value ? std::llround(*value * thousandths) : 0;
                one.lines[i].push_back(
                    {.time = sample.time,
                     .last = value ? std::optional<std::int64_t>(whole) : std::nullopt,
                     .low = whole,
                     .high = whole});
            }
        }
    }

    TimeSpan span() const
    {
        if (zoom)
            return *zoom;
        const WallTime newest = samples.empty() ? WallTime{} : samples.back().time;
        return {newest - range, newest};
    }

    void draw(One &one) const
    {
        LagPlot::Scene scene{.span = span(),
                             .highest = one.least,
                             .logarithmic = false,
                             .zone = zone,
                             .lines = {Drawing{}}, // slot 0 is a total, of which there is none here
                             .label = one.label};
        for (const auto &line : one.lines) {
            scene.lines.push_back(
                ui::draw(line, scene.span, one.plot->pixelColumns(), scene.logarithmic));
            for (const monitor::HistoryPoint &point : line) {
                if (point.time >= scene.span.from && point.time <= scene.span.to)
                    scene.highest = std::max(scene.highest, point.high);
            }
        }
        one.plot->show(scene);
    }

    const SessionSample *read() const
    {
        if (samples.empty())
            return nullptr;
        if (!crossHair)
            return &samples.back();
        const auto after = std::ranges::lower_bound(samples, *crossHair, {}, &SessionSample::time);
        if (after == samples.end())
            return &samples.back();
        if (after == samples.begin() || after->time - *crossHair < *crossHair - (after - 1)->time)
            return &*after;
        return &*(after - 1);
    }
};

SessionChart::SessionChart(QWidget *parent)
    : QWidget(parent)
    , m_plots(std::make_unique<Plots>())
{
    setObjectName(u"session-chart"_s);
    setAccessibleName(tr("Rates and handler time"));
    setAccessibleDescription(tr("The table beside it has the same numbers."));
    setFocusPolicy(Qt::StrongFocus);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(theme::space8, 0, theme::space8, theme::space8);
    column->setSpacing(0);
    const auto add = [&](Plots::One &one, const QString &title, const auto &lines) {
        auto *head = new QHBoxLayout;
        head->setContentsMargins(theme::space8, theme::space8, theme::space8, 0);
        head->setSpacing(theme::space16);
        auto *name = new Label(title, this);
        name->setScale(1.0, QFont::DemiBold);
        head->addWidget(name);
        std::size_t slot = 0;
        for (const Line &line : lines)
            head->addWidget(new Swatch(++slot, tr(line.name), this));
        head->addStretch();
        one.plot = new LagPlot(this);
        column->addLayout(head);
        column->addWidget(one.plot, 1);
        connect(one.plot, &LagPlot::pointed, this, &SessionChart::moveCrossHair);
        connect(one.plot, &LagPlot::dragged, this, [this](const TimeSpan &span) {
            if (span.to - span.from >= shortestZoom)
                m_plots->zoom = span;
            redraw();
        });
        connect(one.plot, &LagPlot::resetRequested, this, [this] {
            m_plots->zoom.reset();
            redraw();
        });
    };
    add(m_plots->rate, tr("Records a second"), rates);
    add(m_plots->time, tr("Handler time of a record"), times);
    m_plots->reading = new Label({}, this);
    m_plots->reading->setObjectName(u"session-chart-reading"_s);
    m_plots->reading->setToken(theme::Token::MutedText);
    m_plots->reading->setElided(true);
    m_plots->reading->setContentsMargins(theme::space8, theme::space4, theme::space8, 0);
    column->addWidget(m_plots->reading);
}

SessionChart::~SessionChart() = default;

void SessionChart::show(const std::deque<SessionSample> &samples)
{
    m_plots->samples = samples;
    Plots::fill(m_plots->rate, rates, samples);
    Plots::fill(m_plots->time, times, samples);
    redraw();
}

void SessionChart::forget()
{
    m_plots->zoom.reset();
    m_plots->crossHair.reset();
    show({});
}

void SessionChart::setRange(Millis range)
{
    m_plots->range = range;
    m_plots->zoom.reset();
    redraw();
}

void SessionChart::setZone(TimeZone zone)
{
    m_plots->zone = zone;
    redraw();
}

void SessionChart::applyTheme()
{
    m_plots->rate.plot->applyTheme();
    m_plots->time.plot->applyTheme();
    redraw();
}

QString SessionChart::readOut() const
{
    const SessionSample *sample = m_plots->read();
    if (!sample)
        return tr("Nothing has been measured yet.");
    return tr("%1: %2 processed, %3 retries, %4 dead letters; p50 %5, p99 %6")
        .arg(clock(sample->time, m_plots->zone, sample->time), rateText(sample->processed),
             rateText(sample->retried), rateText(sample->deadLettered), millisText(sample->p50),
             millisText(sample->p99));
}

void SessionChart::redraw()
{
    m_plots->draw(m_plots->rate);
    m_plots->draw(m_plots->time);
    m_plots->rate.plot->setCrossHair(m_plots->crossHair);
    m_plots->time.plot->setCrossHair(m_plots->crossHair);
    m_plots->reading->setPlainText(readOut());
}

void SessionChart::moveCrossHair(std::optional<WallTime> time)
{
    m_plots->crossHair = time;
    m_plots->rate.plot->setCrossHair(time);
    m_plots->time.plot->setCrossHair(time);
    m_plots->reading->setPlainText(readOut());
}

bool SessionChart::event(QEvent *event)
{
    // Escape is ours only while there is something to go back from.
    if (event->type() == QEvent::ShortcutOverride &&
        static_cast<QKeyEvent *>(event)->key() == Qt::Key_Escape &&
        (m_plots->zoom || m_plots->crossHair)) {
        event->accept();
        return true;
    }
    return QWidget::event(event);
}

void SessionChart::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    redraw();
}

void SessionChart::keyPressEvent(QKeyEvent *event)
{
    const auto step = [&](int by) {
        const SessionSample *sample = m_plots->read();
        if (!sample)
            return;
        const auto at =
            std::ranges::lower_bound(m_plots->samples, sample->time, {}, &SessionSample::time) -
            m_plots->samples.begin();
        const auto last = static_cast<std::ptrdiff_t>(m_plots->samples.size()) - 1;
        const auto next = std::clamp<std::ptrdiff_t>(at + by, 0, last);
        moveCrossHair(m_plots->samples[static_cast<std::size_t>(next)].time);
    };
    switch (event->key()) {
    case Qt::Key_Left: step(-1); break;
    case Qt::Key_Right: step(1); break;
    case Qt::Key_Escape:
        m_plots->zoom.reset();
        m_plots->crossHair.reset();
        redraw();
        break;
    default: QWidget::keyPressEvent(event); break;
    }
}

} // namespace redrive::ui
