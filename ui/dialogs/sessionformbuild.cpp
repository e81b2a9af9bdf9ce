// The fields of the form: what there is to choose, and its defaults.
#include "core/events/handlers/handlers.h"
#include "ui/dialogs/sessionform.h"
#include "ui/models/sessionwords.h"
#include "ui/shell/label.h"
#include "ui/theme/icons.h"

#include <QComboBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QLineEdit>
#include <QSpinBox>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace advised = consumer::advised;

namespace {

QString wordOf(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

Label *heading(const QString &text, QWidget *parent)
{
    auto *label = new Label(text, parent);
    label->setScale(1.0, QFont::DemiBold);
    label->setContentsMargins(0, 0, 0, theme::space4);
    return label;
}

QFormLayout *formIn(QWidget *widget)
{
    auto *form = new QFormLayout(widget);
    form->setContentsMargins(0, 0, 0, 0);
    form->setHorizontalSpacing(theme::space12);
    form->setVerticalSpacing(theme::space8);
    form->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    return form;
}

/// The label stands level with the field, whatever stands beneath that.
void addTitled(QFormLayout *form, const QString &name, QWidget *row)
{
    auto *title = new Label(name, row->parentWidget());
    title->setBuddy(row->focusProxy());
    title->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    const int above = theme::rowHeight() + 2 - title->fontMetrics().height();
    title->setContentsMargins(0, above / 2, 0, 0);
    form->addRow(title, row);
}

} // namespace

QLineEdit *SessionForm::line(const char *object, const QString &name, const QString &example)
{
    auto *field = new QLineEdit(this);
    field->setObjectName(QLatin1StringView(object));
    field->setAccessibleName(name);
    field->setPlaceholderText(example);
    return field;
}

QComboBox *SessionForm::choice(const char *object, const QString &name)
{
    auto *box = new QComboBox(this);
    box->setObjectName(QLatin1StringView(object));
    box->setAccessibleName(name);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(14);
    return box;
}

QWidget *SessionForm::pair(QWidget *first, QWidget *second, const QString &between)
{
    auto *both = new QWidget(this);
    auto *row = new QHBoxLayout(both);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(theme::space8);
    row->addWidget(first, 1);
    if (!between.isEmpty())
        row->addWidget(new Label(between, both));
    row->addWidget(second, 1);
    both->setFocusProxy(first);
    return both;
}

void SessionForm::row(QFormLayout *form, std::string_view field, const QString &name,
                      QWidget *widget, QWidget *focus)
{
    auto *both = new QWidget(this);
    auto *column = new QVBoxLayout(both);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme::space4);
    column->addWidget(widget);
    auto *advice = new Label({}, both);
    advice->setObjectName(u"advice-"_s + wordOf(field));
    advice->setWordWrap(true);
    advice->setTextInteractionFlags(Qt::TextSelectableByMouse);
    advice->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    advice->hide();
    column->addWidget(advice);
    both->setFocusProxy(focus ? focus : widget);
    addTitled(form, name, both);
    m_fields.insert(wordOf(field), {form, both, focus ? focus : widget, advice});
}

QWidget *SessionForm::buildWhat()
{
    auto *part = new QWidget(this);
    auto *form = formIn(part);
    form->addRow(heading(tr("What is read, and what is done with it"), part));
    m_group = line("session-group", tr("Group"), tr("the consumer group to join"));
    row(form, advised::group, tr("Group"), m_group);
    m_topics = line("session-topics", tr("Topics"), tr("orders, payments"));
    row(form, advised::topics, tr("Topics"), m_topics);
    m_handler = choice("session-handler", tr("Handler"));
    for (const events::HandlerKind *kind : events::handlerKinds())
        m_handler->addItem(wordOf(kind->name), wordOf(kind->name));
    m_handlerAbout = new Label({}, part);
    m_handlerAbout->setObjectName(u"session-handler-about"_s);
    m_handlerAbout->setToken(theme::Token::MutedText);
    m_handlerAbout->setWordWrap(true);
    m_handlerAbout->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    auto *handler = new QWidget(part);
    auto *handlers = new QVBoxLayout(handler);
    handlers->setContentsMargins(0, 0, 0, 0);
    handlers->setSpacing(theme::space4);
    handlers->addWidget(m_handler);
    handlers->addWidget(m_handlerAbout);
    handler->setFocusProxy(m_handler);
    addTitled(form, tr("Handler"), handler);
    m_database = line("session-database", tr("Database file"), tr("path of an SQLite file"));
    auto *browse = new QToolButton(part);
    browse->setObjectName(u"session-database-browse"_s);
    browse->setIcon(theme::icon(u"folder"_s));
    browse->setAutoRaise(true);
    browse->setFocusPolicy(Qt::StrongFocus);
    browse->setAccessibleName(tr("Choose the database file"));
    browse->setToolTip(tr("Choose a file"));
    connect(browse, &QToolButton::clicked, this, [this] {
        auto *dialog = new QFileDialog(this, tr("Database file"));
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setAcceptMode(QFileDialog::AcceptSave);
        dialog->setOption(QFileDialog::DontConfirmOverwrite); // it is added to, not replaced
        connect(dialog, &QFileDialog::fileSelected, m_database, &QLineEdit::setText);
        dialog->open();
    });
    auto *database = new QWidget(part);
    auto *files = new QHBoxLayout(database);
    files->setContentsMargins(0, 0, 0, 0);
    files->setSpacing(theme::space4);
    files->addWidget(m_database, 1);
    files->addWidget(browse);
    database->setFocusProxy(m_database);
    row(form, advised::database, tr("Database file"), database, m_database);
    m_dedupe = choice("session-dedupe", tr("Known again by"));
    m_dedupe->addItem(tr("the event's id"), static_cast<int>(events::Dedupe::ByEventId));
    m_dedupe->addItem(tr("topic, partition and offset"),
                      static_cast<int>(events::Dedupe::ByOrigin));
    m_dedupe->addItem(tr("nothing: no deduplication"), static_cast<int>(events::Dedupe::None));
    row(form, advised::dedupe, tr("Known again by"), m_dedupe);
    m_reset = choice("session-reset", tr("Without a commit"));
    m_reset->addItem(tr("from the earliest record"),
                     static_cast<int>(kafka::ResetPolicy::Earliest));
    m_reset->addItem(tr("from new records on"), static_cast<int>(kafka::ResetPolicy::Latest));
    m_reset->addItem(tr("stop with an error"), static_cast<int>(kafka::ResetPolicy::Error));
    m_reset->setToolTip(tr("Where a partition begins for which nothing is committed, or whose "
                           "commit the log no longer holds (auto.offset.reset)"));
    row(form, advised::reset, tr("Without a commit"), m_reset);
    m_protocol = choice("session-protocol", tr("Protocol"));
    for (const auto protocol : {GroupProtocol::CooperativeSticky, GroupProtocol::Range,
                                GroupProtocol::RoundRobin, GroupProtocol::Consumer})
        m_protocol->addItem(protocolText(protocol), static_cast<int>(protocol));
    row(form, advised::protocol, tr("Protocol"), m_protocol);
    m_instanceId = line("session-instance-id", tr("Instance id"), tr("none: not a static member"));
    m_instanceId->setToolTip(tr("group.instance.id: the member keeps its partitions over a short "
                                "restart"));
    row(form, advised::instanceId, tr("Instance id"), m_instanceId);
    return part;
}

QWidget *SessionForm::buildHow()
{
    auto *part = new QWidget(this);
    auto *form = formIn(part);
    form->addRow(heading(tr("How it goes on"), part));
    using Kind = consumer::CommitStrategy::Kind;
    m_commit = choice("session-commit", tr("Commit"));
    m_commit->addItem(tr("every so often"), static_cast<int>(Kind::Every));
    m_commit->addItem(tr("after so many records"), static_cast<int>(Kind::Batch));
    m_commit->addItem(tr("each record, waiting"), static_cast<int>(Kind::Sync));
    m_commit->addItem(tr("each record, not waiting"), static_cast<int>(Kind::Async));
    m_commit->addItem(tr("auto, by the library"), static_cast<int>(Kind::Auto));
    m_commitInterval = line("session-commit-interval", tr("Commit interval"), u"1s"_s);
    m_commitBatch = line("session-commit-batch", tr("Records a commit"), u"100"_s);
    auto *commit = new QWidget(part);
    auto *commits = new QHBoxLayout(commit);
    commits->setContentsMargins(0, 0, 0, 0);
    commits->setSpacing(theme::space8);
    commits->addWidget(m_commit, 2);
    commits->addWidget(m_commitInterval, 1);
    commits->addWidget(m_commitBatch, 1);
    commit->setFocusProxy(m_commit);
    row(form, advised::commit, tr("Commit"), commit, m_commit);
    m_workers = new QSpinBox(part);
    m_workers->setObjectName(u"session-workers"_s);
    m_workers->setAccessibleName(tr("Workers"));
    m_workers->setRange(1, 64);
    m_ordering = choice("session-ordering", tr("Order kept"));
    m_ordering->addItem(tr("order kept in a partition"),
                        static_cast<int>(consumer::Ordering::Partition));
    m_ordering->addItem(tr("order kept for a key"), static_cast<int>(consumer::Ordering::Key));
    auto *workers = pair(m_workers, m_ordering);
    static_cast<QHBoxLayout *>(workers->layout())->setStretch(1, 3);
    row(form, advised::workers, tr("Workers"), workers, m_workers);
    m_drain = line("session-drain", tr("Drain for"), u"10s"_s);
    m_drain->setToolTip(tr("How long records that are being processed are waited for when the "
                           "session stops or a partition goes"));
    row(form, advised::drain, tr("Drain for"), m_drain);
    return part;
}

QWidget *SessionForm::buildFailures()
{
    auto *part = new QWidget(this);
    auto *form = formIn(part);
    form->addRow(heading(tr("When a record fails"), part));
    m_retries = new QSpinBox(part);
    m_retries->setObjectName(u"session-retries"_s);
    m_retries->setAccessibleName(tr("Retries"));
    m_retries->setRange(0, 1000);
    row(form, advised::retries, tr("Retries"), m_retries);
    m_backOff = line("session-back-off", tr("First wait"), u"100ms"_s);
    m_backOffCap = line("session-back-off-cap", tr("Longest wait"), u"10s"_s);
    m_backOffRow = pair(m_backOff, m_backOffCap, tr("doubling up to"));
    addTitled(form, tr("Wait"), m_backOffRow);
    m_onPoison = choice("session-on-poison", tr("Then"));
    m_onPoison->addItem(tr("dead-letter it"), static_cast<int>(consumer::OnPoison::DeadLetter));
    m_onPoison->addItem(tr("skip it, and count it"), static_cast<int>(consumer::OnPoison::Skip));
    m_onPoison->addItem(tr("stop the session"), static_cast<int>(consumer::OnPoison::Stop));
    row(form, advised::onPoison, tr("Then"), m_onPoison);
    m_deadLetters = choice("session-dead-letters", tr("Dead letters"));
    using Letters = SessionDraft::DeadLetters;
    m_deadLetters->addItem(tr("topic and suffix"), static_cast<int>(Letters::Suffix));
    m_deadLetters->addItem(tr("one topic"), static_cast<int>(Letters::Topic));
    m_deadLetters->addItem(tr("nowhere"), static_cast<int>(Letters::None));
    m_deadLetterSuffix = line("session-dlq-suffix", tr("Suffix of dead-letter topics"), u".dlq"_s);
    m_deadLetterTopic = line("session-dlq-topic", tr("Dead-letter topic"), u"dead-letters"_s);
    auto *deadLetters = new QWidget(part);
    auto *letters = new QHBoxLayout(deadLetters);
    letters->setContentsMargins(0, 0, 0, 0);
    letters->setSpacing(theme::space8);
    letters->addWidget(m_deadLetters, 1);
    letters->addWidget(m_deadLetterSuffix, 1);
    letters->addWidget(m_deadLetterTopic, 1);
    deadLetters->setFocusProxy(m_deadLetters);
    row(form, advised::deadLetters, tr("Dead letters"), deadLetters, m_deadLetters);
    m_faults = line("session-faults", tr("Faults on purpose"), u"fail:1/100,delay:50ms"_s);
    m_faults->setToolTip(tr("fail:1/100, delay:50ms, throw:1/1000, crash:1/5000, separated by "
                            "commas; empty: none"));
    row(form, advised::faults, tr("Faults on purpose"), m_faults);
    return part;
}

} // namespace redrive::ui
