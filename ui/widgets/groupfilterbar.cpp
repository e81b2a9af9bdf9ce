#include "ui/widgets/groupfilterbar.h"

#include "ui/format/format.h"
#include "ui/models/tableproxy.h"
#include "ui/theme/tokens.h"
#include "ui/widgets/checkmenu.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

/// Both kinds of rebalancing are one choice, and so is all that is unknown.
enum StateChoice
{
    StableChoice,
    RebalancingChoice,
    EmptyChoice,
    DeadChoice,
    UnknownChoice
};

StateChoice choiceOf(const std::optional<GroupState> &state)
{
    if (!state)
        return UnknownChoice;
    switch (*state) {
    case GroupState::Stable: return StableChoice;
    case GroupState::PreparingRebalance:
    case GroupState::CompletingRebalance: return RebalancingChoice;
    case GroupState::Empty: return EmptyChoice;
    case GroupState::Dead: return DeadChoice;
    }
    return UnknownChoice;
}

} // namespace

GroupFilterBar::GroupFilterBar(QWidget *parent)
    : QWidget(parent)
    , m_text(new QLineEdit(this))
    , m_states(new CheckMenu(tr("State"), this))
    , m_watched(new QToolButton(this))
    , m_count(new QLabel(this))
{
    m_text->setObjectName(u"groups-filter"_s);
    m_text->setAccessibleName(tr("Filter groups"));
    m_text->setPlaceholderText(tr("Filter by name"));
    m_text->setClearButtonEnabled(true);
    m_states->setObjectName(u"groups-state-filter"_s);
    m_states->addChoice(tr("● Stable"), StableChoice);
    m_states->addChoice(tr("◐ Rebalancing"), RebalancingChoice);
    m_states->addChoice(tr("○ Empty"), EmptyChoice);
    m_states->addChoice(tr("✕ Dead"), DeadChoice);
    m_states->addChoice(tr("? Unknown"), UnknownChoice);
    m_watched->setObjectName(u"groups-watched-only"_s);
    m_watched->setText(tr("★ Watched"));
    m_watched->setAccessibleName(tr("Watched groups only"));
    m_watched->setToolTip(ui::toolTip(m_watched->accessibleName()));
    m_watched->setCheckable(true);
    m_watched->setFocusPolicy(Qt::StrongFocus);
    m_count->setObjectName(u"groups-count"_s);
    m_count->setTextFormat(Qt::PlainText);
    m_count->setForegroundRole(QPalette::PlaceholderText);

    auto *line = new QHBoxLayout(this);
    line->setContentsMargins(theme::space8, theme::space8, theme::space8, theme::space8);
    line->setSpacing(theme::space8);
    line->addWidget(m_text, 1);
    line->addWidget(m_states);
    line->addWidget(m_watched);
    line->addWidget(m_count);

    connect(m_text, &QLineEdit::textChanged, this, &GroupFilterBar::choose);
    connect(m_text, &QLineEdit::returnPressed, this, &GroupFilterBar::entered);
    connect(m_states, &CheckMenu::chosenChanged, this, &GroupFilterBar::choose);
    connect(m_watched, &QToolButton::toggled, this, &GroupFilterBar::choose);
}

bool GroupFilterBar::accepts(const GroupRow &row) const
{
    if (m_watched->isChecked() && !row.watched)
        return false;
    const GroupListing &listing = row.summary->listing;
    if (!m_chosen.isEmpty() && !m_chosen.contains(choiceOf(listing.state)))
        return false;
    return m_needle.isEmpty() || matches(foreign(listing.id.value()), m_needle);
}

bool GroupFilterBar::isActive() const
{
    return m_watched->isChecked() || !m_chosen.isEmpty() || !m_needle.isEmpty();
}

void GroupFilterBar::clear()
{
    m_text->clear();
    m_states->clear();
    m_watched->setChecked(false);
}

void GroupFilterBar::focusText()
{
    m_text->setFocus(Qt::ShortcutFocusReason);
    m_text->selectAll();
}

void GroupFilterBar::setCount(int shown, int all)
{
    const auto text = [](int value) { return number(static_cast<std::int64_t>(value)); };
    m_count->setText(isActive() ? tr("%1 of %2").arg(text(shown), text(all))
                     : all == 1 ? tr("1 group")
                                : tr("%1 groups").arg(text(all)));
    m_count->setAccessibleName(m_count->text());
}

void GroupFilterBar::choose()
{
    m_needle = m_text->text().trimmed();
    m_chosen = m_states->chosen();
    emit changed();
}

} // namespace redrive::ui
