#include "ui/pages/settingspage.h"

#include "core/kafka/clusterclient.h"
#include "core/workspace/profilestore.h"
#include "ui/format/format.h"
#include "ui/shell/label.h"

#include <QComboBox>
#include <QFormLayout>
#include <QIcon>
#include <QScrollArea>
#include <QSpinBox>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

QLabel *addRow(QFormLayout *form, const QString &name, QWidget *field, const QString &help = {})
{
    auto *title = new Label(name);
    title->setBuddy(field);
    form->addRow(title, field);
    field->setAccessibleName(name);
    if (!help.isEmpty()) {
        auto *words = new Label(help);
        words->setToken(theme::Token::MutedText);
        words->setWordWrap(true);
        words->setMinimumWidth(words->fontMetrics().averageCharWidth() * 60);
        form->addRow(QString(), words);
    }
    return title;
}

Label *selectable(const QString &text)
{
    auto *label = new Label(text);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

} // namespace

SettingsPage::SettingsPage(Settings &settings, QWidget *parent)
    : Page(parent)
    , m_settings(settings)
{
    setObjectName(u"settings-page"_s);
    setAccessibleName(tr("Settings"));
    auto *scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->viewport()->setAutoFillBackground(false);
    auto *content = new QWidget(scroll);
    content->setAutoFillBackground(false);
    content->setMaximumWidth(fontMetrics().averageCharWidth() * 100);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(theme::space16 * 2, theme::space16, theme::space16, theme::space16);
    column->setSpacing(theme::space12);
    auto *heading = new Label(tr("Settings"));
    heading->setScale(1.35, QFont::DemiBold);
    column->addWidget(heading);
    auto *form = new QFormLayout;
    form->setHorizontalSpacing(theme::space16 * 2);
    form->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    form->setVerticalSpacing(theme::space8);
    form->setFieldGrowthPolicy(QFormLayout::FieldsStayAtSizeHint);
    buildChoices(form);
    levelLabels(form);
    column->addLayout(form);
    column->addSpacing(theme::space8);
    column->addWidget(separator(Qt::Horizontal));
    column->addSpacing(theme::space8);
    buildAbout(column);
    column->addStretch(1);
    scroll->setWidget(content);
    auto *whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(scroll);
}

QString SettingsPage::title() const
{
    return u"Settings"_s;
}

void SettingsPage::buildChoices(QFormLayout *form)
{
    auto *scheme = new QComboBox;
    scheme->setObjectName(u"setting-colours"_s);
    scheme->addItem(tr("As the system"), static_cast<int>(theme::Scheme::System));
    scheme->addItem(tr("Light"), static_cast<int>(theme::Scheme::Light));
    scheme->addItem(tr("Dark"), static_cast<int>(theme::Scheme::Dark));
    addRow(form, tr("Colours"), scheme);
    const auto readScheme = [this, scheme] {
        scheme->setCurrentIndex(scheme->findData(static_cast<int>(m_settings.scheme())));
    };
    readScheme();
    connect(&m_settings, &Settings::schemeChanged, scheme, readScheme);
    connect(scheme, &QComboBox::activated, this, [this, scheme] {
        m_settings.setScheme(static_cast<theme::Scheme>(scheme->currentData().toInt()));
    });

    auto *zone = new QComboBox;
    zone->setObjectName(u"setting-time-zone"_s);
    zone->addItem(tr("UTC"), static_cast<int>(TimeZone::Utc));
    zone->addItem(tr("Local time"), static_cast<int>(TimeZone::Local));
    addRow(form, tr("Times in"), zone);
    const auto readZone = [this, zone] {
        zone->setCurrentIndex(zone->findData(static_cast<int>(m_settings.timeZone())));
    };
    readZone();
    connect(&m_settings, &Settings::timeZoneChanged, zone, readZone);
    connect(zone, &QComboBox::activated, this, [this, zone] {
        m_settings.setTimeZone(static_cast<TimeZone>(zone->currentData().toInt()));
    });

    auto *interval = new QSpinBox;
    interval->setObjectName(u"setting-refresh"_s);
    interval->setRange(1, 300);
    interval->setSuffix(tr(" s"));
    interval->setKeyboardTracking(false);
    interval->setValue(m_settings.refreshSeconds());
    addRow(form, tr("Refresh every"), interval,
           tr("The group that is looked at refreshes faster; a slow cluster is asked less often."));
    connect(interval, &QSpinBox::valueChanged, &m_settings, &Settings::setRefreshSeconds);
    connect(&m_settings, &Settings::refreshSecondsChanged, interval,
            [this, interval] { interval->setValue(m_settings.refreshSeconds()); });
}

void SettingsPage::buildAbout(QVBoxLayout *column)
{
    auto *head = new QHBoxLayout;
    auto *picture = new QLabel;
    picture->setPixmap(QIcon(u":/redrive/io.github.redrive.Redrive.svg"_s).pixmap(40, 40));
    picture->setAccessibleName(tr("Redrive's icon"));
    auto *name = new Label(tr("Redrive %1").arg(QStringLiteral(REDRIVE_VERSION)));
    name->setObjectName(u"about-version"_s);
    name->setScale(1.15, QFont::DemiBold);
    head->addWidget(picture);
    head->addSpacing(theme::space8);
    head->addWidget(name);
    head->addStretch(1);
    column->addLayout(head);
    column->addWidget(selectable(tr("librdkafka %1 · Qt %2")
                                     .arg(QString::fromStdString(kafka::libraryVersion()),
                                          QString::fromLatin1(qVersion()))));
    column->addWidget(selectable(
        tr("The sources are under the Apache License 2.0. This program, the window, is distributed "
           "under the GNU General Public License 3, because Qt Charts is; redrivectl is not bound "
           "by that.")));
    auto *paths = new Label(
        tr("Connections: %1\nLog: %2")
            .arg(foreign((workspace::configDirectory() / "profiles.toml").string()),
                 foreign((workspace::stateDirectory() / "log" / "redrive.log").string())));
    paths->setToken(theme::Token::MutedText);
    paths->setTextInteractionFlags(Qt::TextSelectableByMouse);
    paths->setWordWrap(true);
    column->addWidget(paths);
}

} // namespace redrive::ui
