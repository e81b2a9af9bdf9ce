#include "ui/dialogs/produceform.h"

#include "ui/dialogs/sessionformcompleter.h"
#include "ui/format/format.h"
#include "ui/shell/label.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

constexpr int progressMillis = 150;
constexpr int typed = -1;

Error missing(std::string field, std::string message)
{
    return {.kind = Error::Kind::Usage,
            .code = std::move(field),
            .message = std::move(message),
            .attempted = "producing",
            .retriable = false};
}

QString counted(std::uint64_t count)
{
    return number(std::optional(static_cast<std::int64_t>(count)));
}

QSpinBox *numbers(const char *object, const QString &name, int least, int most, QWidget *parent)
{
    auto *box = new QSpinBox(parent);
    box->setObjectName(QLatin1StringView(object));
    box->setAccessibleName(name);
    box->setRange(least, most);
    box->setGroupSeparatorShown(true);
    return box;
}

QPlainTextEdit *text(const char *object, const QString &name, int lines, QWidget *parent)
{
    auto *field = new QPlainTextEdit(parent);
    field->setObjectName(QLatin1StringView(object));
    field->setAccessibleName(name);
    field->setTabChangesFocus(true);
    field->setFont(theme::monospace());
    field->setMinimumHeight(field->fontMetrics().lineSpacing() * lines + theme::space16);
    return field;
}

} // namespace

ProduceForm::ProduceForm(ClusterView *cluster, std::shared_ptr<ConsumerRunner> runner,
                         const QString &whyNot, QWidget *parent)
    : QDialog(parent)
    , m_cluster(cluster)
    , m_runner(std::move(runner))
    , m_whyNot(whyNot)
    , m_form(new QFormLayout)
    , m_topic(new QLineEdit(this))
    , m_what(new QComboBox(this))
    , m_nullKey(new QCheckBox(tr("null"), this))
    , m_key(new QLineEdit(this))
    , m_keyRow(new QWidget(this))
    , m_value(text("produce-value", tr("Value"), 5, this))
    , m_nullValue(new QCheckBox(tr("null value: a tombstone"), this))
    , m_headers(text("produce-headers", tr("Headers"), 2, this))
    , m_users(numbers("produce-users", tr("Users"), 1, 1'000'000, this))
    , m_seed(numbers("produce-seed", tr("Seed"), 0, 1'000'000'000, this))
    , m_badEvery(numbers("produce-bad-every", tr("Malformed"), 0, 1'000'000, this))
    , m_count(numbers("produce-count", tr("How many"), 1, 100'000'000, this))
    , m_rate(numbers("produce-rate", tr("At most a second"), 0, 1'000'000, this))
    , m_result(new Label({}, this))
    , m_problem(new Label({}, this))
    , m_progress(new QProgressBar(this))
{
    setObjectName(u"produce-form"_s);
    setWindowTitle(tr("Produce records"));
    setAccessibleName(windowTitle());
    setAttribute(Qt::WA_DeleteOnClose);
    connect(cluster, &QObject::destroyed, this, &QDialog::close);

    m_topic->setObjectName(u"produce-topic"_s);
    m_topic->setAccessibleName(tr("Topic"));
    m_topic->setPlaceholderText(tr("a topic of this cluster; none is created"));
    m_what->setObjectName(u"produce-what"_s);
    m_what->setAccessibleName(tr("What"));
    m_what->addItem(tr("a record as typed here"), typed);
    m_what->addItem(tr("generated orders"), static_cast<int>(events::EventKind::Order));
    m_what->addItem(tr("generated task events"), static_cast<int>(events::EventKind::Task));
    m_what->addItem(tr("generated reminders"), static_cast<int>(events::EventKind::Reminder));
    m_key->setObjectName(u"produce-key"_s);
    m_key->setAccessibleName(tr("Key"));
    m_nullKey->setObjectName(u"produce-null-key"_s);
    m_nullKey->setAccessibleName(tr("Null key"));
    m_nullKey->setChecked(true);
    m_nullValue->setObjectName(u"produce-null-value"_s);
    m_headers->setFixedHeight(m_headers->minimumHeight() + m_headers->fontMetrics().lineSpacing());
    m_headers->setPlaceholderText(tr("name=value, one a line; a name alone is a null value"));
    m_users->setValue(50);
    m_users->setToolTip(tr("Keys are the ids of so many users"));
    m_seed->setValue(1);
    m_seed->setToolTip(tr("The same seed gives the same records"));
    m_badEvery->setSpecialValueText(tr("none"));
    m_badEvery->setPrefix(tr("one in "));
    m_badEvery->setToolTip(tr("Records that decoding or validation must refuse"));
    m_rate->setSpecialValueText(tr("as fast as it goes"));
    m_result->setObjectName(u"produce-result"_s);
    m_result->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_problem->setObjectName(u"produce-problem"_s);
    m_problem->setToken(theme::Token::Bad);
    m_problem->setWordWrap(true);
    m_problem->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_progress->setObjectName(u"produce-progress"_s);
    m_progress->setAccessibleName(tr("Acknowledged"));
    m_progress->setTextVisible(false);
    m_progress->setFixedHeight(theme::space4);

    auto *keyLine = new QHBoxLayout(m_keyRow);
    keyLine->setContentsMargins(0, 0, 0, 0);
    keyLine->addWidget(m_key, 1);
    keyLine->addWidget(m_nullKey);
    m_keyRow->setFocusProxy(m_key);
    m_form->setHorizontalSpacing(theme::space16);
    m_form->setVerticalSpacing(theme::space8);
    m_form->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_form->addRow(tr("Topic"), m_topic);
    m_form->addRow(tr("What"), m_what);
    m_form->addRow(tr("Key"), m_keyRow);
    m_form->addRow(tr("Value"), m_value);
    m_form->addRow(QString(), m_nullValue);
    m_form->addRow(tr("Headers"), m_headers);
    m_form->addRow(tr("Users"), m_users);
    m_form->addRow(tr("Seed"), m_seed);
    m_form->addRow(tr("Malformed"), m_badEvery);
    m_form->addRow(tr("How many"), m_count);
    m_form->addRow(tr("At most a second"), m_rate);
    levelLabels(m_form);

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    buttons->button(QDialogButtonBox::Close)->setObjectName(u"produce-close"_s);
    m_stop = buttons->addButton(tr("Stop"), QDialogButtonBox::ActionRole);
    m_stop->setObjectName(u"produce-stop"_s);
    m_send = buttons->addButton(tr("Send"), QDialogButtonBox::ActionRole);
    m_send->setObjectName(u"produce-send"_s);
    m_send->setDefault(true);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::close);
    connect(m_send, &QPushButton::clicked, this, &ProduceForm::submit);
    connect(m_stop, &QPushButton::clicked, this, [this] {
        if (m_job)
            m_job->stop();
    });
    const QString why = cluster->policy().mode == kafka::AccessMode::ReadOnly
                            ? tr("This profile is read-only: nothing is written.")
                            : m_whyNot;
    m_send->setEnabled(why.isEmpty());
    m_send->setAccessibleDescription(why);
    m_send->setToolTip(why.isEmpty() ? QString() : ui::toolTip(why));
    m_problem->setPlainText(why);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(theme::space16, theme::space16, theme::space16, theme::space12);
    column->setSpacing(theme::space12);
    column->addLayout(m_form, 1);
    column->addWidget(m_progress);
    column->addWidget(m_result);
    column->addWidget(m_problem);
    column->addWidget(buttons);

    m_timer.setInterval(progressMillis);
    connect(&m_timer, &QTimer::timeout, this, &ProduceForm::showProgress);
    connect(m_what, &QComboBox::currentIndexChanged, this, &ProduceForm::adapt);
    connect(m_nullKey, &QCheckBox::toggled, this, &ProduceForm::adapt);
    connect(m_nullValue, &QCheckBox::toggled, this, &ProduceForm::adapt);
    const bool asked = !cluster->snapshot()->topics;
    if (asked)
        cluster->setTopicsWanted(true); // once
    const auto fill = [this, asked] {
        QStringList topics;
        if (asked && m_cluster->snapshot()->topics && !m_topicsKnown)
            m_cluster->setTopicsWanted(false);
        m_topicsKnown = m_cluster->snapshot()->topics != nullptr;
        if (const auto &rows = m_cluster->snapshot()->topics) {
            for (const workspace::TopicRow &row : *rows)
                topics << QString::fromStdString(row.info.name);
        }
        complete(m_topic, topics, Completes::Whole);
    };
    connect(cluster, &ClusterView::snapshotChanged, this, fill);
    fill();
    adapt();
    showProgress();
    resize(fontMetrics().averageCharWidth() * 80, sizeHint().height());
}

void ProduceForm::setTopic(const QString &topic)
{
    m_topic->setText(topic);
}

void ProduceForm::adapt()
{
    const bool byHand = m_what->currentData().toInt() == typed;
    for (QWidget *field :
         {m_keyRow, static_cast<QWidget *>(m_value), static_cast<QWidget *>(m_nullValue)})
        m_form->setRowVisible(field, byHand);
    for (QWidget *field : {m_users, m_seed, m_badEvery})
        m_form->setRowVisible(field, !byHand);
    m_key->setEnabled(!m_nullKey->isChecked());
    m_value->setEnabled(!m_nullValue->isChecked());
}

Result<ProduceRequest> ProduceForm::entered() const
{
    ProduceRequest request;
    request.topic = m_topic->text().trimmed().toStdString();
    if (request.topic.empty())
        return missing("topic", "A topic is needed.");
    const int what = m_what->currentData().toInt();
    if (what == typed) {
        if (!m_nullKey->isChecked())
            request.key = m_key->text().toStdString();
        if (!m_nullValue->isChecked())
            request.value = m_value->toPlainText().toStdString();
    } else {
        events::ProducePlan plan{.kind = static_cast<events::EventKind>(what),
                                 .seed = static_cast<std::uint64_t>(m_seed->value()),
                                 .users = static_cast<std::uint64_t>(m_users->value()),
                                 .badEvery = std::nullopt,
                                 .from = wallNow()};
        if (m_badEvery->value() > 0)
            plan.badEvery = static_cast<std::uint64_t>(m_badEvery->value());
        request.plan = plan;
    }
    const QStringList lines = m_headers->toPlainText().split(u'\n', Qt::SkipEmptyParts);
    for (const QString &line : lines) {
        const qsizetype sign = line.indexOf(u'=');
        Header header{.name = line.left(sign < 0 ? line.size() : sign).trimmed().toStdString(),
                      .value = std::nullopt};
        if (sign >= 0)
            header.value = line.mid(sign + 1).toStdString();
        if (header.name.empty())
            return missing("headers", "A header needs a name: " + line.toStdString());
        request.headers.push_back(std::move(header));
    }
    request.count = static_cast<std::uint64_t>(m_count->value());
    if (m_rate->value() > 0)
        request.perSecond = static_cast<std::uint64_t>(m_rate->value());
    return request;
}

void ProduceForm::submit()
{
    if (!m_runner || (m_job && !m_job->progress().ended))
        return;
    auto request = entered();
    if (!request) {
        m_problem->setPlainText(u"✕ "_s + foreign(request.error().message));
        (request.error().code == "topic" ? static_cast<QWidget *>(m_topic) : m_headers)
            ->setFocus(Qt::OtherFocusReason);
        return;
    }
    m_problem->setPlainText({});
    m_wanted = request->count;
    m_job = std::make_unique<ProduceJob>(m_runner, std::move(*request));
    m_timer.start();
    showProgress();
}

void ProduceForm::showProgress()
{
    const bool any = m_job != nullptr;
    const ProduceProgress progress = any ? m_job->progress() : ProduceProgress{};
    const bool running = any && !progress.ended;
    m_stop->setVisible(running);
    m_progress->setVisible(running);
    m_progress->setRange(0, 1000);
    if (m_wanted > 0)
        m_progress->setValue(
            static_cast<int>(1000 * (progress.acknowledged + progress.failed) / m_wanted));
    m_result->setVisible(any);
    m_problem->setVisible(!m_problem->text().isEmpty());
    if (!any)
        return;
    m_send->setEnabled(!running);
    QString text =
        tr("%1 of %2 acknowledged").arg(counted(progress.acknowledged), counted(m_wanted));
    if (progress.failed > 0)
        text += tr(", %1 failed").arg(counted(progress.failed));
    if (progress.newest)
        text += tr(" · newest at partition %1, offset %2")
                    .arg(progress.newest->partition)
                    .arg(number(std::optional(progress.newest->offset)));
    const bool failed = progress.failed > 0 || (progress.ended && progress.error);
    if (progress.ended)
        text = (failed ? u"✕ "_s : progress.stopped ? tr("■ stopped: ") : u"✓ "_s) + text;
    m_result->setToken(!progress.ended    ? theme::Token::Text
                       : failed           ? theme::Token::Bad
                       : progress.stopped ? theme::Token::Warning
                                          : theme::Token::Good);
    m_result->setPlainText(text);
    if (progress.error)
        m_problem->setPlainText(errorText(*progress.error));
    m_problem->setVisible(!m_problem->text().isEmpty());
    if (progress.ended)
        m_timer.stop();
}

} // namespace redrive::ui
