#include "ui/dialogs/sessionsteer.h"

#include "ui/format/format.h"
#include "ui/models/sessionwords.h"
#include "ui/shell/label.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <utility>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

using Move = SessionSteer::Move;

QString count(std::int64_t records)
{
    return number(std::optional(records));
}

MoveWords toOffset(const consumer::LaneSnapshot &lane, std::int64_t target)
{
    if (lane.logEnd && target > lane.logEnd->value())
        return {false, SessionSteer::tr("The log ends at %1.").arg(number(lane.logEnd))};
    if (!lane.position)
        return {true, SessionSteer::tr("Its position is not known yet.")};
    const std::int64_t by = target - lane.position->value();
    if (by == 0)
        return {false, SessionSteer::tr("It stands there already.")};
    if (by < 0)
        return {true, SessionSteer::tr("Goes back to %1: up to %2 records are processed again. "
                                       "Those known to the handler's database have no second "
                                       "effect.")
                          .arg(count(target), count(-by))};
    return {true, SessionSteer::tr("Goes forward to %1: up to %2 records are passed over and "
                                   "never processed by this group.")
                      .arg(count(target), count(by))};
}

} // namespace

MoveWords wordsOfMove(Move move, const consumer::LaneSnapshot *lane,
                      std::optional<std::int64_t> number)
{
    if (!lane)
        return {false, SessionSteer::tr("The session does not own this partition now.")};
    switch (move) {
    case Move::Seek:
        if (!number)
            return {false, SessionSteer::tr("Type an offset.")};
        return toOffset(*lane, *number);
    case Move::Rewind:
        if (!number || *number == 0)
            return {false, SessionSteer::tr("Type how many records to go back.")};
        if (!lane->position)
            return {false, SessionSteer::tr("Its position is not known yet.")};
        if (*number > lane->position->value())
            return {
                false,
                SessionSteer::tr("Only %1 offsets lie before it.").arg(ui::number(lane->position))};
        return toOffset(*lane, lane->position->value() - *number);
    case Move::SkipOne: {
        const auto offset = lane->retry ? std::optional(lane->retry->offset) : lane->position;
        if (!offset)
            return {false, SessionSteer::tr("Its position is not known yet.")};
        QString text = SessionSteer::tr("The record at %1 is passed over: it has no effect here "
                                        "and goes to no dead-letter topic. It is counted as "
                                        "skipped and noted in the journal.")
                           .arg(ui::number(offset));
        if (lane->retry)
            text +=
                u'\n' + SessionSteer::tr("It failed: %1").arg(failureText(lane->retry->failure));
        return {true, text};
    }
    }
    return {};
}

SessionSteer::SessionSteer(ConsumerSessions *sessions, int session, TopicPartition partition,
                           Move move, QWidget *parent)
    : QDialog(parent)
    , m_sessions(sessions)
    , m_session(session)
    , m_partition(std::move(partition))
    , m_move(move)
    , m_where(new Label({}, this))
    , m_meaning(new Label({}, this))
{
    setObjectName(u"session-steer"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    const QString name = partitionText(m_partition);
    setWindowTitle(move == Move::Seek     ? tr("Seek %1").arg(name)
                   : move == Move::Rewind ? tr("Rewind %1").arg(name)
                                          : tr("Skip one record of %1").arg(name));
    setAccessibleName(windowTitle());
    m_where->setObjectName(u"steer-where"_s);
    m_where->setToken(theme::Token::MutedText);
    m_where->setWordWrap(true);
    m_meaning->setObjectName(u"steer-meaning"_s);
    m_meaning->setWordWrap(true);
    m_meaning->setMinimumHeight(fontMetrics().lineSpacing() * 3);
    m_meaning->setAlignment(Qt::AlignTop | Qt::AlignLeft);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(theme::space16, theme::space16, theme::space16, theme::space12);
    column->setSpacing(theme::space12);
    column->addWidget(m_where);
    if (move != Move::SkipOne) {
        m_number = new QLineEdit(this);
        m_number->setObjectName(u"steer-number"_s);
        const QString label = move == Move::Seek ? tr("To offset") : tr("Records back");
        m_number->setAccessibleName(label);
        auto *form = new QFormLayout;
        form->addRow(label, m_number);
        levelLabels(form);
        column->addLayout(form);
        connect(m_number, &QLineEdit::textChanged, this, &SessionSteer::refresh);
    }
    column->addWidget(m_meaning);
    column->addStretch();
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_apply = buttons->addButton(move == Move::Seek     ? tr("Seek")
                                 : move == Move::Rewind ? tr("Rewind")
                                                        : tr("Skip one"),
                                 QDialogButtonBox::AcceptRole);
    m_apply->setObjectName(u"steer-apply"_s);
    m_apply->setDefault(true);
    column->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &SessionSteer::submit);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(sessions, &ConsumerSessions::changed, this, &SessionSteer::refresh);
    connect(sessions, &QObject::destroyed, this, &QDialog::reject);
    setMinimumWidth(fontMetrics().averageCharWidth() * 64);
    refresh();
}

const consumer::LaneSnapshot *SessionSteer::lane() const
{
    const SessionEntry *const entry = m_sessions ? m_sessions->find(m_session) : nullptr;
    if (!entry || !entry->canBeSteered())
        return nullptr;
    for (const consumer::LaneSnapshot &lane : entry->snapshot->lanes) {
        if (lane.partition == m_partition)
            return &lane;
    }
    return nullptr;
}

std::optional<std::int64_t> SessionSteer::typed() const
{
    if (!m_number)
        return std::nullopt;
    QString digits = m_number->text().trimmed();
    digits.remove(u',');
    bool isNumber = false;
    const qlonglong value = digits.toLongLong(&isNumber);
    return isNumber && value >= 0 ? std::optional<std::int64_t>(value) : std::nullopt;
}

void SessionSteer::refresh()
{
    const consumer::LaneSnapshot *const now = lane();
    m_where->setPlainText(
        now ? tr("Position %1 · committed %2 · log end %3")
                  .arg(number(now->position), number(now->committed), number(now->logEnd))
            : QString());
    const MoveWords words = wordsOfMove(m_move, now, typed());
    m_meaning->setPlainText(words.text);
    m_apply->setEnabled(words.isPossible);
    m_apply->setAccessibleDescription(words.isPossible ? QString() : words.text);
}

void SessionSteer::submit()
{
    const consumer::LaneSnapshot *const now = lane();
    if (!wordsOfMove(m_move, now, typed()).isPossible)
        return;
    switch (m_move) {
    case Move::Seek: m_sessions->seek(m_session, m_partition, Offset(*typed())); break;
    case Move::Rewind: m_sessions->rewind(m_session, m_partition, *typed()); break;
    case Move::SkipOne: m_sessions->skipOne(m_session, m_partition); break;
    }
    accept();
}

} // namespace redrive::ui
