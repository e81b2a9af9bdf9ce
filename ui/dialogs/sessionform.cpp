#include "ui/dialogs/sessionform.h"

#include "core/base/text.h"
#include "core/events/handlers/handlers.h"
#include "ui/bridge/clusterview.h"
#include "ui/dialogs/sessionformcompleter.h"
#include "ui/format/format.h"
#include "ui/shell/label.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace advised = consumer::advised;
using Severity = consumer::Advice::Severity;

namespace {

constexpr int adviceMillis = 150;

QString keyOf(std::string_view field)
{
    return QString::fromUtf8(field.data(), static_cast<qsizetype>(field.size()));
}

QString wordOf(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

template <typename Value>
Value chosen(const QComboBox *box)
{
    return static_cast<Value>(box->currentData().toInt());
}

template <typename Value>
void choose(QComboBox *box, Value value)
{
    box->setCurrentIndex(std::max(0, box->findData(static_cast<int>(value))));
}

} // namespace

SessionForm::SessionForm(ClusterView *cluster, ConsumerSessions *sessions, QWidget *parent)
    : QDialog(parent)
    , m_cluster(cluster)
    , m_sessions(sessions)
{
    setObjectName(u"session-form"_s);
    setWindowTitle(tr("Start a session"));
    setAccessibleName(windowTitle());
    setAttribute(Qt::WA_DeleteOnClose);
    connect(cluster, &QObject::destroyed, this, &QDialog::reject);

    auto *fields = new QWidget(this);
    auto *columns = new QHBoxLayout(fields);
    columns->setContentsMargins(theme::space16, theme::space16, theme::space16, theme::space16);
    columns->setSpacing(theme::space16 * 2);
    QWidget *const what = buildWhat();
    auto *right = new QVBoxLayout;
    right->setSpacing(theme::space16);
    right->addWidget(buildHow());
    right->addWidget(buildFailures());
    right->addStretch();
    auto *left = new QVBoxLayout;
    left->addWidget(what);
    left->addStretch();
    columns->addLayout(left, 1);
    columns->addLayout(right, 1);

    auto *scroll = new QScrollArea(this);
    scroll->setObjectName(u"session-form-fields"_s);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(fields);

    m_access = new Label({}, this);
    m_access->setObjectName(u"session-form-access"_s);
    m_access->setWordWrap(true);
    m_access->setContentsMargins(theme::space16, theme::space12, theme::space16, 0);
    m_summary = new Label({}, this);
    m_summary->setObjectName(u"session-form-summary"_s);
    m_summary->setToken(theme::Token::MutedText);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_start = buttons->addButton(tr("Start session"), QDialogButtonBox::AcceptRole);
    m_start->setObjectName(u"session-form-start"_s);
    m_start->setDefault(true);
    buttons->button(QDialogButtonBox::Cancel)->setObjectName(u"session-form-cancel"_s);
    connect(buttons, &QDialogButtonBox::accepted, this, &SessionForm::submit);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto *bottom = new QHBoxLayout;
    bottom->setContentsMargins(theme::space16, theme::space12, theme::space16, theme::space12);
    bottom->addWidget(m_summary, 1);
    bottom->addWidget(buttons);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_access);
    column->addWidget(scroll, 1);
    column->addWidget(separator(Qt::Horizontal, this));
    column->addLayout(bottom);
    resize(fontMetrics().averageCharWidth() * 150, theme::rowHeight() * 23);

    m_adviceTimer.setSingleShot(true);
    m_adviceTimer.setInterval(adviceMillis);
    connect(&m_adviceTimer, &QTimer::timeout, this, &SessionForm::refreshAdvice);
    connect(cluster, &ClusterView::snapshotChanged, this, [this] {
        fillCompletions();
        m_adviceTimer.start();
    });
    const auto later = [this] {
        adapt();
        m_adviceTimer.start();
    };
    for (auto *field : findChildren<QLineEdit *>())
        connect(field, &QLineEdit::textChanged, this, later);
    for (auto *field : findChildren<QComboBox *>())
        connect(field, &QComboBox::currentIndexChanged, this, later);
    for (auto *field : findChildren<QSpinBox *>())
        connect(field, &QSpinBox::valueChanged, this, later);
    cluster->setTopicsWanted(true);
    fillCompletions();
    show(SessionDraft{});
}

void SessionForm::fillCompletions()
{
    const auto &snapshot = *m_cluster->snapshot();
    QStringList groups;
    if (snapshot.groups) {
        for (const GroupSummary &group : *snapshot.groups) {
            // A name that cannot be seen as it is cannot be typed either.
            const std::string &name = group.listing.id.value();
            if (visible(name) == name)
                groups << QString::fromStdString(name);
        }
    }
    QStringList topics;
    if (snapshot.topics) {
        for (const workspace::TopicRow &topic : *snapshot.topics) {
            if (!topic.info.internal)
                topics << QString::fromStdString(topic.info.name);
        }
    }
    complete(m_group, groups, Completes::Whole);
    complete(m_topics, topics, Completes::Last);
    complete(m_deadLetterTopic, topics, Completes::Whole);
}

void SessionForm::show(const SessionDraft &draft)
{
    const auto text = [](const std::string &value) { return QString::fromStdString(value); };
    m_group->setText(text(draft.group));
    m_topics->setText(text(draft.topics));
    m_handler->setCurrentIndex(std::max(0, m_handler->findData(text(draft.handler))));
    m_database->setText(text(draft.database));
    choose(m_protocol, draft.protocol);
    m_instanceId->setText(text(draft.instanceId));
    choose(m_reset, draft.reset);
    choose(m_commit, draft.commit);
    m_commitBatch->setText(text(draft.commitBatch));
    m_commitInterval->setText(text(draft.commitInterval));
    m_workers->setValue(draft.workers);
    choose(m_ordering, draft.ordering);
    m_retries->setValue(draft.retries);
    m_backOff->setText(text(draft.backOff));
    m_backOffCap->setText(text(draft.backOffCap));
    choose(m_onPoison, draft.onPoison);
    choose(m_deadLetters, draft.deadLetters);
    m_deadLetterSuffix->setText(text(draft.deadLetterSuffix));
    m_deadLetterTopic->setText(text(draft.deadLetterTopic));
    choose(m_dedupe, draft.dedupe);
    m_faults->setText(text(draft.faults));
    m_drain->setText(text(draft.drain));
    adapt();
    refreshAdvice();
}

SessionDraft SessionForm::entered() const
{
    const auto of = [](const QLineEdit *field) { return field->text().toStdString(); };
    SessionDraft draft;
    draft.group = of(m_group);
    draft.topics = of(m_topics);
    draft.handler = m_handler->currentData().toString().toStdString();
    draft.database = of(m_database);
    draft.protocol = chosen<GroupProtocol>(m_protocol);
    draft.instanceId = of(m_instanceId);
    draft.reset = chosen<kafka::ResetPolicy>(m_reset);
    draft.commit = chosen<consumer::CommitStrategy::Kind>(m_commit);
    draft.commitBatch = of(m_commitBatch);
    draft.commitInterval = of(m_commitInterval);
    draft.workers = m_workers->value();
    draft.ordering = chosen<consumer::Ordering>(m_ordering);
    draft.retries = m_retries->value();
    draft.backOff = of(m_backOff);
    draft.backOffCap = of(m_backOffCap);
    draft.onPoison = chosen<consumer::OnPoison>(m_onPoison);
    draft.deadLetters = chosen<SessionDraft::DeadLetters>(m_deadLetters);
    draft.deadLetterSuffix = of(m_deadLetterSuffix);
    draft.deadLetterTopic = of(m_deadLetterTopic);
    draft.dedupe = chosen<events::Dedupe>(m_dedupe);
    draft.faults = of(m_faults);
    draft.drain = of(m_drain);
    return draft;
}

/// Shows the fields that the choices need.
void SessionForm::adapt()
{
    using Kind = consumer::CommitStrategy::Kind;
    using Letters = SessionDraft::DeadLetters;
    const auto *kind = events::findHandlerKind(m_handler->currentData().toString().toStdString());
    m_handlerAbout->setPlainText(kind ? wordOf(kind->about) + u'.' : QString());
    const auto setShown = [this](std::string_view field, bool shown) {
        const Field &it = *m_fields.constFind(keyOf(field));
        it.form->setRowVisible(it.row, shown);
    };
    setShown(advised::database, kind && kind->needsDatabase);
    setShown(advised::dedupe, kind && (kind->needsDatabase || kind->needsWriter));
    m_commitInterval->setVisible(chosen<Kind>(m_commit) == Kind::Every);
    m_commitBatch->setVisible(chosen<Kind>(m_commit) == Kind::Batch);
    m_fields.constFind(keyOf(advised::retries))
        ->form->setRowVisible(m_backOffRow, m_retries->value() > 0);
    setShown(advised::deadLetters,
             chosen<consumer::OnPoison>(m_onPoison) == consumer::OnPoison::DeadLetter);
    m_deadLetterSuffix->setVisible(chosen<Letters>(m_deadLetters) == Letters::Suffix);
    m_deadLetterTopic->setVisible(chosen<Letters>(m_deadLetters) == Letters::Topic);
}

void SessionForm::refreshAdvice()
{
    if (!m_cluster)
        return;
    const SessionReading reading = read(entered());
    m_cluster->setFocus(reading.request.options.group.value().empty()
                            ? std::nullopt
                            : std::optional(reading.request.options.group));
    m_advice = adviseOn(reading, factsOf(reading.request, m_cluster->policy(),
                                         *m_cluster->snapshot(), m_sessions->entries()));
    QHash<QString, QStringList> lines;
    QHash<QString, Severity> worst;
    int warnings = 0;
    int refusals = 0;
    for (const consumer::Advice &advice : m_advice) {
        if (!m_tried && isOnlyEmpty(advice))
            continue; // nobody is told off for a form that has just been opened
        const QString key = keyOf(advice.field);
        const auto mark = advice.severity == Severity::Note      ? u"· "_s
                          : advice.severity == Severity::Warning ? u"⚠ "_s
                                                                 : u"✕ "_s;
        lines[key] << mark + QString::fromStdString(advice.sentence);
        worst[key] = std::max(worst.value(key, Severity::Note), advice.severity);
        warnings += advice.severity == Severity::Warning ? 1 : 0;
        refusals += advice.severity == Severity::Refusal ? 1 : 0;
    }
    const auto tokenOf = [&worst](const QString &key) {
        switch (worst.value(key, Severity::Note)) {
        case Severity::Note: return theme::Token::MutedText;
        case Severity::Warning: return theme::Token::Warning;
        case Severity::Refusal: return theme::Token::Bad;
        }
        return theme::Token::Text;
    };
    for (auto field = m_fields.cbegin(); field != m_fields.cend(); ++field) {
        const QString text = lines.value(field.key()).join(u'\n');
        field->advice->setToken(tokenOf(field.key()));
        field->advice->setPlainText(text);
        field->advice->setVisible(!text.isEmpty());
        field->focus->setAccessibleDescription(text);
    }
    const QString access = lines.value(keyOf(advised::access)).join(u'\n');
    m_access->setToken(tokenOf(keyOf(advised::access)));
    m_access->setPlainText(access);
    m_access->setVisible(!access.isEmpty());
    const bool readOnly = std::ranges::any_of(m_advice, [](const consumer::Advice &advice) {
        return advice.field == advised::access && advice.severity == Severity::Refusal;
    });
    const QString whyNot = readOnly ? access : m_sessions->whyNot();
    m_start->setEnabled(whyNot.isEmpty());
    m_start->setToolTip(whyNot.isEmpty() ? QString() : ui::toolTip(whyNot));
    m_start->setAccessibleDescription(whyNot);
    QStringList summary;
    if (refusals > 0)
        summary << (refusals == 1 ? tr("✕ 1 field to fill in or mend")
                                  : tr("✕ %1 fields to fill in or mend").arg(refusals));
    if (warnings > 0)
        summary << (warnings == 1 ? tr("⚠ 1 warning") : tr("⚠ %1 warnings").arg(warnings));
    m_summary->setPlainText(summary.join(u" · "_s));
}

bool SessionForm::isOnlyEmpty(const consumer::Advice &advice) const
{
    const auto empty = [&advice](std::string_view field, const QLineEdit *line) {
        return advice.field == field && line->text().trimmed().isEmpty();
    };
    return advice.severity == Severity::Refusal &&
           (empty(advised::group, m_group) || empty(advised::topics, m_topics) ||
            empty(advised::database, m_database));
}

void SessionForm::submit()
{
    m_tried = true;
    refreshAdvice();
    const auto refused =
        std::ranges::find(m_advice, Severity::Refusal, &consumer::Advice::severity);
    if (refused != m_advice.end()) {
        if (const auto field = m_fields.constFind(keyOf(refused->field)); field != m_fields.cend())
            field->focus->setFocus(Qt::OtherFocusReason);
        return;
    }
    if (!m_sessions->whyNot().isEmpty())
        return;
    SessionRequest request = read(entered()).request;
    if (const auto &cluster = m_cluster->snapshot()->cluster)
        request.clusterId = cluster->clusterId;
    emit started(m_sessions->start(request));
    accept();
}

void SessionForm::showEvent(QShowEvent *event)
{
    QDialog::showEvent(event);
    (m_group->text().isEmpty()    ? m_group
     : m_topics->text().isEmpty() ? m_topics
                                  : m_group)
        ->setFocus(Qt::OtherFocusReason);
}

void SessionForm::done(int result)
{
    if (m_cluster) {
        m_cluster->setFocus(std::nullopt);
        m_cluster->setTopicsWanted(false);
    }
    QDialog::done(result);
}

} // namespace redrive::ui
