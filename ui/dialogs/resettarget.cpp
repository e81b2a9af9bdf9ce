#include "ui/dialogs/resettarget.h"

#include "core/offsets/tables.h"
#include "ui/bridge/background.h"
#include "ui/dialogs/resetwords.h"
#include "ui/dialogs/sessionformcompleter.h"
#include "ui/shell/label.h"
#include "ui/theme/tokens.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QDateTimeEdit>
#include <QFileDialog>
#include <QGridLayout>
#include <QLineEdit>
#include <QRadioButton>
#include <QSpinBox>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <utility>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace to = offsets::to;

namespace {

constexpr int columns = 4;
constexpr qint64 twoHours = 7200;

QString helpOf(int way)
{
    switch (way) {
    case ResetTarget::Earliest: return ResetTarget::tr("The first record that the log still has.");
    case ResetTarget::Latest:
        return ResetTarget::tr("The end of the log: only what is written from then on is read.");
    case ResetTarget::Time: return ResetTarget::tr("The first record at or after that time.");
    case ResetTarget::Ago:
        return ResetTarget::tr("Counted from when the plan is made; one that waits for the group "
                               "to be empty counts anew.");
    case ResetTarget::Shift:
        return ResetTarget::tr("From where the group stands: a negative number goes back.");
    case ResetTarget::LatestMinus:
        return ResetTarget::tr("That many offsets before the end of the log.");
    case ResetTarget::Exact: return ResetTarget::tr("The same offset in every partition chosen.");
    case ResetTarget::File:
        return ResetTarget::tr("topic,partition,offset as Kafka's tools export it, or a snapshot. "
                               "What is not in it is left out.");
    case ResetTarget::OtherGroup:
        return ResetTarget::tr("Where that group stands in the same partitions.");
    case ResetTarget::Delete:
        return ResetTarget::tr("The commits go: consumers begin where their auto.offset.reset "
                               "says.");
    default: return ResetTarget::tr("Choose where the group is to go.");
    }
}

Millis unitOf(const QComboBox *box)
{
    return Millis(box->currentData().toLongLong() * 1000);
}

/// A CSV of Kafka's tool, or a snapshot, told apart by how it begins. Off the UI thread.
Result<offsets::Target> tableOf(const std::filesystem::path &file, const GroupId &group,
                                std::string &spec)
{
    const auto text = offsets::readFile(file);
    if (!text)
        return text.error();
    const auto first = text->find_first_not_of(" \t\r\n");
    if (first != std::string::npos && (*text)[first] == '{') {
        spec = "snapshot:" + file.string();
        auto snapshot = offsets::snapshotFromJson(*text);
        if (!snapshot)
            return snapshot.error();
        return offsets::Target(to::Table{std::move(snapshot->commits)});
    }
    spec = "csv:" + file.string();
    auto table = offsets::fromCsv(*text, group);
    if (!table)
        return table.error();
    return offsets::Target(to::Table{std::move(*table)});
}

} // namespace

ResetTarget::ResetTarget(GroupId group, QWidget *parent)
    : QWidget(parent)
    , m_group(std::move(group))
    , m_ways(new QButtonGroup(this))
    , m_values(new QStackedWidget(this))
    , m_focus(WayCount, nullptr)
    , m_numbers(WayCount, nullptr)
    , m_help(new Label({}, this))
    , m_relay(this)
{
    setObjectName(u"reset-to"_s);
    setAccessibleName(tr("To"));
    auto *title = new Label(tr("To"), this);
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(theme::space12);
    grid->setVerticalSpacing(theme::space4);
    const std::vector<QRadioButton *> ways{
        way(Earliest, tr("&Earliest"), "reset-to-earliest"),
        way(Latest, tr("&Latest"), "reset-to-latest"),
        way(Time, tr("&Time"), "reset-to-time"),
        way(Ago, tr("A&go"), "reset-to-ago"),
        way(Shift, tr("S&hift"), "reset-to-shift"),
        way(LatestMinus, tr("Latest m&inus"), "reset-to-latest-minus"),
        way(Exact, tr("Exact &offset"), "reset-to-offset"),
        way(File, tr("&From file"), "reset-to-file"),
        way(OtherGroup, tr("Cop&y from group"), "reset-to-group"),
        way(Delete, tr("Delete commits"), "reset-to-delete")};
    for (std::size_t i = 0; i < ways.size(); ++i)
        grid->addWidget(ways[i], static_cast<int>(i) / columns, static_cast<int>(i) % columns);
    for (int column = 0; column < columns; ++column)
        grid->setColumnStretch(column, 1);

    m_values->addWidget(new QWidget(this));
    put(Time, tr("Time, here"), buildTime(), m_time);
    put(Ago, tr("Ago"), buildAgo(), m_ago);
    for (const Way each : {Shift, LatestMinus, Exact}) {
        auto *field = each == Shift ? numberField(Shift, "reset-shift", tr("By"), tr("-100"))
                      : each == LatestMinus
                          ? numberField(LatestMinus, "reset-latest-minus",
                                        tr("Offsets before the end"), tr("100"))
                          : numberField(Exact, "reset-offset", tr("Offset"), tr("42"));
        put(each, field->accessibleName(), field, field);
    }
    put(File, tr("File"), buildFile(), m_file);
    m_otherGroup = new QLineEdit(this);
    m_otherGroup->setObjectName(u"reset-other-group"_s);
    m_otherGroup->setAccessibleName(tr("Group to copy from"));
    connect(m_otherGroup, &QLineEdit::textChanged, this, &ResetTarget::tell);
    put(OtherGroup, tr("Group"), m_otherGroup, m_otherGroup);
    m_values->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);

    m_help->setObjectName(u"reset-to-help"_s);
    m_help->setToken(theme::Token::MutedText);
    m_help->setWordWrap(true);
    m_help->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_help->setMinimumHeight(fontMetrics().lineSpacing() * 2);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme::space8);
    column->addWidget(title);
    column->addLayout(grid);
    column->addWidget(m_values);
    column->addWidget(m_help);
    column->addStretch();
    connect(m_ways, &QButtonGroup::idToggled, this, [this](int, bool isOn) {
        if (isOn)
            tell();
    });
    setBack(twoHours);
    m_help->setPlainText(helpOf(-1));
}

ResetTarget::~ResetTarget()
{
    m_relay.close();
}

QRadioButton *ResetTarget::way(Way way, const QString &text, const char *object)
{
    auto *button = new QRadioButton(text, this);
    button->setObjectName(QLatin1StringView(object));
    button->setToolTip(ui::toolTip(helpOf(way)));
    m_ways->addButton(button, way);
    return button;
}

void ResetTarget::put(Way way, const QString &label, QWidget *field, QWidget *focus)
{
    auto *page = new QWidget(m_values);
    auto *row = new QHBoxLayout(page);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(theme::space8);
    auto *name = new Label(label, page);
    name->setBuddy(focus);
    row->addWidget(name);
    const bool isNumber = field == m_numbers[static_cast<std::size_t>(way)];
    row->addWidget(field, isNumber ? 0 : 1);
    if (isNumber)
        row->addStretch();
    m_focus[way] = focus;
    page->setProperty("way", static_cast<int>(way));
    m_values->addWidget(page);
}

void ResetTarget::setBack(qint64 seconds)
{
    m_time->setDateTime(QDateTime::currentDateTime().addSecs(-seconds));
}

void ResetTarget::showTime()
{
    const WallTime time(Millis(m_time->dateTime().toMSecsSinceEpoch()));
    m_utc->setPlainText(tr("= %1").arg(clock(time, TimeZone::Utc, wallNow())));
}

void ResetTarget::tell()
{
    const int way = m_ways->checkedId();
    int page = 0;
    for (int i = 1; i < m_values->count(); ++i) {
        if (m_values->widget(i)->property("way").toInt() == way)
            page = i;
    }
    m_values->setCurrentIndex(page);
    m_help->setPlainText(helpOf(way));
    emit changed();
}

std::optional<std::int64_t> ResetTarget::typedNumber(Way way) const
{
    QString digits = m_numbers[way]->text().trimmed();
    digits.remove(u',');
    bool isNumber = false;
    const qlonglong value = digits.toLongLong(&isNumber);
    return isNumber ? std::optional<std::int64_t>(value) : std::nullopt;
}

std::optional<offsets::Target> ResetTarget::target() const
{
    switch (m_ways->checkedId()) {
    case Earliest: return to::Earliest{};
    case Latest: return to::Latest{};
    case Time: return to::Time{WallTime(Millis(m_time->dateTime().toMSecsSinceEpoch()))};
    case Ago: return to::Ago{m_ago->value() * unitOf(m_agoUnit)};
    case Shift:
        if (const auto by = typedNumber(Shift))
            return to::Shift{*by};
        return {};
    case LatestMinus:
        if (const auto minus = typedNumber(LatestMinus); minus && *minus >= 0)
            return to::LatestMinus{*minus};
        return {};
    case Exact:
        if (const auto offset = typedNumber(Exact); offset && *offset >= 0)
            return to::Exact{Offset(*offset)};
        return {};
    case File:
        if (m_read && m_read->target)
            return *m_read->target;
        return {};
    case OtherGroup:
        if (const auto name = m_otherGroup->text().toStdString(); !name.empty())
            return to::OtherGroup{GroupId(name)};
        return {};
    case Delete: return to::Delete{};
    default: return {};
    }
}

std::string ResetTarget::spec() const
{
    return m_ways->checkedId() == File && m_read && m_read->target ? m_read->spec : std::string();
}

QString ResetTarget::problem() const
{
    if (target())
        return {};
    switch (m_ways->checkedId()) {
    case Shift: return tr("Type by how many offsets, such as -100.");
    case LatestMinus: return tr("Type how many offsets before the end.");
    case Exact: return tr("Type an offset.");
    case File:
        if (m_read && !m_read->target)
            return errorText(m_read->target.error());
        return m_file->text().isEmpty() ? tr("Choose a file.") : tr("The file is being read…");
    case OtherGroup: return tr("Type the name of the group to copy from.");
    default: return tr("Choose where the group is to go.");
    }
}

void ResetTarget::choose(const offsets::Target &target)
{
    const auto press = [this](Way way) { m_ways->button(way)->setChecked(true); };
    if (std::holds_alternative<to::Earliest>(target)) {
        press(Earliest);
    } else if (std::holds_alternative<to::Latest>(target)) {
        press(Latest);
    } else if (const auto *time = std::get_if<to::Time>(&target)) {
        m_time->setDateTime(QDateTime::fromMSecsSinceEpoch(time->time.time_since_epoch().count()));
        press(Time);
    } else if (const auto *ago = std::get_if<to::Ago>(&target)) {
        int unit = m_agoUnit->count() - 1;
        while (unit > 0 &&
               ago->span % Millis(m_agoUnit->itemData(unit).toLongLong() * 1000) != Millis(0))
            --unit;
        m_agoUnit->setCurrentIndex(unit);
        m_ago->setValue(static_cast<int>(ago->span / unitOf(m_agoUnit)));
        press(Ago);
    } else if (const auto *shift = std::get_if<to::Shift>(&target)) {
        m_numbers[Shift]->setText(QString::number(shift->by));
        press(Shift);
    } else if (const auto *minus = std::get_if<to::LatestMinus>(&target)) {
        m_numbers[LatestMinus]->setText(QString::number(minus->count));
        press(LatestMinus);
    } else if (const auto *exact = std::get_if<to::Exact>(&target)) {
        m_numbers[Exact]->setText(QString::number(exact->offset.value()));
        press(Exact);
    } else if (const auto *other = std::get_if<to::OtherGroup>(&target)) {
        m_otherGroup->setText(QString::fromStdString(other->group.value()));
        press(OtherGroup);
    } else if (std::holds_alternative<to::Delete>(target)) {
        press(Delete);
    }
}

void ResetTarget::offerGroups(const QStringList &names)
{
    complete(m_otherGroup, names, Completes::Whole);
}

void ResetTarget::focusValue()
{
    const int way = m_ways->checkedId();
    if (way < 0)
        return;
    QWidget *const field = m_focus[static_cast<std::size_t>(way)];
    if (auto *text = qobject_cast<QLineEdit *>(field))
        text->selectAll();
    (field ? field : m_ways->button(way))->setFocus(Qt::OtherFocusReason);
}

void ResetTarget::browse()
{
    auto *dialog = new QFileDialog(this, tr("Offsets from a file"), {},
                                   tr("Offsets (*.csv *.json);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &path) {
        m_file->setText(path);
        readFile();
    });
    dialog->open();
}

void ResetTarget::readFile()
{
    const QString path = m_file->text();
    if (path.isEmpty() || (m_read && m_read->path == path))
        return;
    runInBackground("read-offsets", [this, relay = m_relay, path, group = m_group] {
        std::string spec;
        auto target = tableOf(path.toStdString(), group, spec);
        relay.post([this, read = ReadFile{path, std::move(target), std::move(spec)}] {
            if (read.path != m_file->text())
                return;
            m_read = read;
            tell();
        });
    });
}

} // namespace redrive::ui
