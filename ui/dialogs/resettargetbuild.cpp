// The fields of the ways to say where a group is to go.
#include "ui/dialogs/resettarget.h"
#include "ui/shell/label.h"
#include "ui/theme/tokens.h"

#include <QComboBox>
#include <QDateTimeEdit>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSpinBox>
#include <QToolButton>

#include <utility>
#include <vector>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

constexpr qint64 hour = 3600;

} // namespace

QWidget *ResetTarget::buildTime()
{
    auto *field = new QWidget(this);
    m_time = new QDateTimeEdit(field);
    m_time->setObjectName(u"reset-time"_s);
    m_time->setAccessibleName(tr("Time, local"));
    m_time->setDisplayFormat(u"yyyy-MM-dd HH:mm:ss"_s);
    auto *quick = new QToolButton(field);
    quick->setObjectName(u"reset-time-quick"_s);
    quick->setText(tr("2 h ago"));
    quick->setAccessibleName(tr("Usual times"));
    quick->setPopupMode(QToolButton::InstantPopup);
    quick->setFocusPolicy(Qt::StrongFocus);
    auto *menu = new QMenu(quick);
    const std::vector<std::pair<QString, qint64>> times{
        {tr("15 min ago"), hour / 4}, {tr("1 h ago"), hour},      {tr("2 h ago"), 2 * hour},
        {tr("6 h ago"), 6 * hour},    {tr("1 d ago"), 24 * hour}, {tr("7 d ago"), 7 * 24 * hour}};
    for (const auto &[text, seconds] : times)
        connect(menu->addAction(text), &QAction::triggered, this,
                [this, quick, text = text, seconds = seconds] {
                    quick->setText(text);
                    setBack(seconds);
                });
    quick->setMenu(menu);
    m_utc = new Label({}, field);
    m_utc->setObjectName(u"reset-time-utc"_s);
    m_utc->setToken(theme::Token::MutedText);
    auto *row = new QHBoxLayout(field);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(theme::space8);
    row->addWidget(m_time);
    row->addWidget(quick);
    row->addWidget(m_utc);
    row->addStretch();
    connect(m_time, &QDateTimeEdit::dateTimeChanged, this, [this, quick] {
        if (m_time->hasFocus())
            quick->setText(tr("usual times"));
        showTime();
        tell();
    });
    return field;
}

QWidget *ResetTarget::buildAgo()
{
    auto *field = new QWidget(this);
    m_ago = new QSpinBox(field);
    m_ago->setObjectName(u"reset-ago"_s);
    m_ago->setAccessibleName(tr("How long ago"));
    m_ago->setRange(1, 100'000);
    m_ago->setValue(2);
    m_agoUnit = new QComboBox(field);
    m_agoUnit->setObjectName(u"reset-ago-unit"_s);
    m_agoUnit->setAccessibleName(tr("Unit"));
    m_agoUnit->addItem(tr("seconds"), 1);
    m_agoUnit->addItem(tr("minutes"), 60);
    m_agoUnit->addItem(tr("hours"), hour);
    m_agoUnit->addItem(tr("days"), 24 * hour);
    m_agoUnit->setCurrentIndex(2);
    auto *row = new QHBoxLayout(field);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(theme::space8);
    row->addWidget(m_ago);
    row->addWidget(m_agoUnit);
    row->addStretch();
    connect(m_ago, &QSpinBox::valueChanged, this, &ResetTarget::tell);
    connect(m_agoUnit, &QComboBox::currentIndexChanged, this, &ResetTarget::tell);
    return field;
}

QWidget *ResetTarget::buildFile()
{
    auto *field = new QWidget(this);
    m_file = new QLineEdit(field);
    m_file->setObjectName(u"reset-file"_s);
    m_file->setAccessibleName(tr("File of offsets"));
    auto *choose = new QPushButton(tr("Browse…"), field);
    choose->setObjectName(u"reset-file-browse"_s);
    choose->setAutoDefault(false);
    auto *row = new QHBoxLayout(field);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(theme::space8);
    row->addWidget(m_file, 1);
    row->addWidget(choose);
    connect(m_file, &QLineEdit::editingFinished, this, &ResetTarget::readFile);
    connect(m_file, &QLineEdit::textChanged, this, [this] {
        m_read.reset();
        tell();
    });
    connect(choose, &QPushButton::clicked, this, &ResetTarget::browse);
    return field;
}

QLineEdit *ResetTarget::numberField(Way way, const char *object, const QString &name,
                                    const QString &example)
{
    auto *field = new QLineEdit(this);
    field->setObjectName(QLatin1StringView(object));
    field->setAccessibleName(name);
    field->setPlaceholderText(example);
    field->setMaximumWidth(fontMetrics().averageCharWidth() * 26);
    connect(field, &QLineEdit::textChanged, this, &ResetTarget::tell);
    m_numbers[way] = field;
    return field;
}

} // namespace redrive::ui
