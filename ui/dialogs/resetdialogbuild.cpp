// How the dialog of a plan is put together.
#include "ui/dialogs/resetdialog.h"
#include "ui/dialogs/resetscope.h"
#include "ui/dialogs/resettarget.h"
#include "ui/models/planmodel.h"
#include "ui/shell/label.h"
#include "ui/theme/tokens.h"
#include "ui/widgets/datatable.h"
#include "ui/widgets/emptystate.h"

#include <QAction>
#include <QCheckBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QStackedWidget>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

constexpr Millis minute{60'000};

QPushButton *button(const QString &text, const char *object, QWidget *parent)
{
    auto *made = new QPushButton(text, parent);
    made->setObjectName(QLatin1StringView(object));
    made->setAutoDefault(false);
    return made;
}

Label *words(const char *object, theme::Token token, QWidget *parent)
{
    auto *label = new Label({}, parent);
    label->setObjectName(QLatin1StringView(object));
    label->setToken(token);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

} // namespace

void ResetDialog::build()
{
    setObjectName(u"reset-offsets"_s);
    setWindowTitle(tr("Move %1").arg(foreign(m_group.value())));
    setAccessibleName(windowTitle());
    setAttribute(Qt::WA_DeleteOnClose);
    setSizeGripEnabled(true);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildTop());
    column->addWidget(separator(Qt::Horizontal, this));
    column->addWidget(buildStatus());
    column->addWidget(buildTable(), 1);
    column->addWidget(separator(Qt::Horizontal, this));
    column->addWidget(buildBottom());
    setTabOrders();
    const int unit = fontMetrics().averageCharWidth();
    resize(unit * 150, theme::rowHeight() * 28);
    setMinimumSize(unit * 116, theme::rowHeight() * 18);
}

QWidget *ResetDialog::buildTop()
{
    auto *top = new QWidget(this);
    m_entry = new QWidget(top);
    m_scope = new ResetScope(m_cluster, m_group, m_entry);
    m_target = new ResetTarget(m_group, m_entry);
    auto *row = new QHBoxLayout(m_entry);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(theme::space16 * 2);
    row->addWidget(m_scope, 2);
    row->addWidget(m_target, 3);
    m_fixedWords = words("reset-fixed", theme::Token::Text, top);
    auto *column = new QVBoxLayout(top);
    column->setContentsMargins(theme::space16, theme::space12, theme::space16, theme::space12);
    column->addWidget(m_entry);
    column->addWidget(m_fixedWords);
    top->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    return top;
}

QWidget *ResetDialog::buildStatus()
{
    auto *strip = new QWidget(this);
    m_status = words("plan-status", theme::Token::MutedText, strip);
    m_stop = button(tr("Stop"), "plan-stop", strip);
    auto *row = new QHBoxLayout(strip);
    row->setContentsMargins(theme::space16, theme::space4, theme::space16, theme::space4);
    row->setSpacing(theme::space12);
    row->addWidget(m_status, 1);
    row->addWidget(m_stop);
    strip->setMinimumHeight(theme::rowHeight() + 2 + 2 * theme::space4);
    connect(m_stop, &QPushButton::clicked, this, &ResetDialog::stop);
    return strip;
}

QWidget *ResetDialog::buildTable()
{
    m_middle = new QStackedWidget(this);
    m_middle->setBackgroundRole(QPalette::Base);
    m_middle->setAutoFillBackground(true);
    m_model = new PlanModel(this);
    m_table = new DataTable(m_model, m_settings, u"plan-table"_s, tr("Plan"), m_middle);
    for (const int column : {PlanModel::Lost, PlanModel::Outcome, PlanModel::Notes})
        m_table->setOptional(column);
    m_table->setWidths({12, 8, 10, 10, 9, 8, 7, 14, 26, 30}, PlanModel::Next);
    m_table->sortFirst(PlanModel::Topic, Qt::AscendingOrder);
    m_leaveOutAction = new QAction(tr("Leave out these rows"), this);
    m_leaveOutAction->setObjectName(u"plan-leave-out-rows"_s);
    m_leaveOutAction->setShortcut(Qt::Key_Delete);
    m_leaveOutAction->setShortcutContext(Qt::WidgetShortcut);
    m_leaveOutErrorsAction = new QAction(tr("Leave out rows with errors"), this);
    m_leaveOutErrorsAction->setObjectName(u"plan-leave-out-errors"_s);
    m_table->addAction(m_leaveOutAction);
    m_table->addMenuAction(m_leaveOutAction);
    m_table->addMenuAction(m_leaveOutErrorsAction);
    connect(m_leaveOutAction, &QAction::triggered, this, [this] {
        std::vector<TopicPartition> chosen;
        for (const QModelIndex &index : m_table->selectionModel()->selectedRows())
            chosen.push_back(m_model->row(m_table->proxy().mapToSource(index).row()).row.partition);
        leaveOut(chosen);
    });
    connect(m_leaveOutErrorsAction, &QAction::triggered, this,
            [this] { leaveOut(m_model->withErrors()); });
    m_empty = new EmptyState(m_middle);
    m_empty->setObjectName(u"plan-empty"_s);
    m_middle->addWidget(m_empty);
    m_middle->addWidget(m_table);
    m_middle->setMinimumHeight(theme::rowHeight() * 4);
    return m_middle;
}

QWidget *ResetDialog::buildBottom()
{
    auto *bottom = new QWidget(this);
    m_sums = words("plan-sums", theme::Token::Text, bottom);
    m_leaveOutErrors = button(tr("Leave out &rows with errors"), "plan-leave-out", bottom);
    connect(m_leaveOutErrors, &QPushButton::clicked, m_leaveOutErrorsAction, &QAction::trigger);
    m_way = words("plan-way", theme::Token::Warning, bottom);
    m_seekButton = button(tr("See&k the running session"), "plan-seek-session", bottom);
    connect(m_seekButton, &QPushButton::clicked, this, &ResetDialog::seekSession);
    m_wait = button(tr("&Wait until empty…"), "plan-wait", bottom);
    auto *expiries = new QMenu(m_wait);
    expiries->setObjectName(u"plan-wait-menu"_s);
    const std::vector<std::pair<QString, Millis>> choices{{tr("for at most 5 min"), 5 * minute},
                                                          {tr("for at most 30 min"), 30 * minute},
                                                          {tr("for at most 2 h"), 120 * minute},
                                                          {tr("for at most 8 h"), 480 * minute}};
    for (const auto &[text, expires] : choices)
        connect(expiries->addAction(text), &QAction::triggered, this,
                [this, expires = expires] { waitFor(expires); });
    m_wait->setMenu(expiries);
    m_evenIfMoving =
        new QCheckBox(tr("Move it although commits move: whoever commits may &undo it"), bottom);
    m_evenIfMoving->setObjectName(u"plan-even-if-moving"_s);
    connect(m_evenIfMoving, &QCheckBox::toggled, this, &ResetDialog::showButtons);
    m_create = new QCheckBox(tr("Create the group: there is none of that name"), bottom);
    m_create->setObjectName(u"plan-create"_s);
    connect(m_create, &QCheckBox::toggled, this, &ResetDialog::enteredAnew);
    m_messageLabel = words("plan-message", theme::Token::Bad, bottom);

    auto *sums = new QHBoxLayout;
    sums->setSpacing(theme::space12);
    sums->addWidget(m_sums, 1);
    sums->addWidget(m_leaveOutErrors);
    auto *way = new QHBoxLayout;
    way->setSpacing(theme::space12);
    way->addWidget(m_way, 1);
    way->addWidget(m_seekButton);
    way->addWidget(m_wait);
    auto *column = new QVBoxLayout(bottom);
    column->setContentsMargins(theme::space16, theme::space8, theme::space16, theme::space12);
    column->setSpacing(theme::space8);
    column->addLayout(sums);
    column->addLayout(way);
    column->addWidget(m_evenIfMoving);
    column->addWidget(m_create);
    column->addWidget(m_messageLabel);
    column->addLayout(buildFields());
    column->addLayout(buildButtons());
    return bottom;
}

QLayout *ResetDialog::buildFields()
{
    m_reason = new QLineEdit(this);
    m_reason->setObjectName(u"plan-reason"_s);
    m_reason->setAccessibleName(tr("Reason"));
    m_reason->setPlaceholderText(tr("ticket or words, kept in the journal"));
    auto *reason = new Label(tr("Reaso&n"), this);
    reason->setBuddy(m_reason);
    m_typeRow = new QWidget(this);
    m_typed = new QLineEdit(m_typeRow);
    m_typed->setObjectName(u"plan-confirm-name"_s);
    m_typed->setAccessibleName(tr("Type the group's name"));
    auto *typeLabel = new Label(tr("Type the grou&p's name"), m_typeRow);
    typeLabel->setBuddy(m_typed);
    connect(m_typed, &QLineEdit::textChanged, this, &ResetDialog::showButtons);
    auto *name = new QHBoxLayout(m_typeRow);
    name->setContentsMargins(theme::space8, 0, 0, 0);
    name->setSpacing(theme::space8);
    name->addWidget(typeLabel);
    name->addWidget(m_typed, 1);
    auto *row = new QHBoxLayout;
    row->setSpacing(theme::space8);
    row->addWidget(reason);
    row->addWidget(m_reason, 3);
    row->addWidget(m_typeRow, 3);
    return row;
}

QLayout *ResetDialog::buildButtons()
{
    m_copy = button(tr("&Copy as command"), "plan-copy", this);
    auto *commands = new QMenu(m_copy);
    commands->setObjectName(u"plan-copy-menu"_s);
    QAction *const kafka = commands->addAction(tr("kafka-consumer-groups"));
    kafka->setObjectName(u"plan-copy-kafka"_s);
    connect(kafka, &QAction::triggered, this, [this] { copyCommand(true); });
    QAction *const redrive = commands->addAction(tr("redrivectl"));
    redrive->setObjectName(u"plan-copy-redrivectl"_s);
    connect(redrive, &QAction::triggered, this, [this] { copyCommand(false); });
    m_copy->setMenu(commands);
    m_save = button(tr("Sa&ve plan…"), "plan-save", this);
    connect(m_save, &QPushButton::clicked, this, &ResetDialog::savePlan);
    m_undo = button(tr("&Undo…"), "plan-undo", this);
    connect(m_undo, &QPushButton::clicked, this, &ResetDialog::undo);
    m_cancel = button(tr("Cancel"), "plan-cancel", this);
    m_cancel->setDefault(true);
    connect(m_cancel, &QPushButton::clicked, this, &QDialog::reject);
    m_apply = button({}, "plan-apply", this);
    connect(m_apply, &QPushButton::clicked, this, &ResetDialog::applyNow);
    auto *row = new QHBoxLayout;
    row->setSpacing(theme::space8);
    row->addWidget(m_copy);
    row->addWidget(m_save);
    row->addStretch();
    row->addWidget(m_undo);
    row->addWidget(m_cancel);
    row->addWidget(m_apply);
    return row;
}

void ResetDialog::setTabOrders()
{
    const std::vector<QWidget *> order{
        m_stop,   m_table, m_leaveOutErrors, m_seekButton, m_wait, m_evenIfMoving, m_create,
        m_reason, m_typed, m_copy,           m_save,       m_undo, m_cancel,       m_apply};
    for (std::size_t i = 1; i < order.size(); ++i)
        setTabOrder(order[i - 1], order[i]);
}

} // namespace redrive::ui
