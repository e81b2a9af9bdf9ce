// The part of the journal's page that deals with its list: what is in it, and what of it is shown.
#include "ui/models/journalmodel.h"
#include "ui/pages/journalpage.h"
#include "ui/shell/label.h"
#include "ui/widgets/datatable.h"
#include "ui/widgets/emptystate.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QStackedWidget>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace redrive::ui {

QWidget *JournalPage::makeFilterLine()
{
    m_filter->setObjectName(u"journal-filter"_s);
    m_filter->setAccessibleName(tr("Filter changes"));
    m_filter->setPlaceholderText(tr("Filter by group, topic, action, reason or user"));
    m_filter->setClearButtonEnabled(true);
    m_group->setObjectName(u"journal-group"_s);
    m_group->setAccessibleName(tr("Group"));
    m_group->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_group->setMinimumContentsLength(18);
    m_count->setObjectName(u"journal-count"_s);
    m_count->setToken(theme::Token::MutedText);
    auto *whole = new QWidget(this);
    auto *line = new QHBoxLayout(whole);
    line->setContentsMargins(theme::space8, theme::space8, theme::space16, theme::space8);
    line->setSpacing(theme::space8);
    line->addWidget(m_filter, 1);
    line->addWidget(m_group);
    line->addWidget(m_count);
    connect(m_filter, &QLineEdit::textChanged, this, &JournalPage::filterAgain);
    connect(m_filter, &QLineEdit::returnPressed, this, [this] {
        m_table->setFocus();
        if (!m_table->currentIndex().isValid())
            m_table->selectRow(0);
    });
    connect(m_group, &QComboBox::currentIndexChanged, this, &JournalPage::filterAgain);
    return whole;
}

void JournalPage::refreshList()
{
    m_changing = true;
    m_table->update([this] {
        m_model->show(m_feed ? m_feed->reading() : nullptr, m_settings.timeZone(), wallNow());
    });
    m_table->selectSourceRow(m_chosen.empty() ? -1 : m_model->find(m_chosen));
    m_changing = false;
}

void JournalPage::refreshGroups()
{
    const auto groups = m_model->groups();
    const QString chosen = m_group->currentData().toString();
    bool same = m_group->count() == static_cast<int>(groups.size()) + 1;
    for (std::size_t i = 0; same && i < groups.size(); ++i)
        same = m_group->itemData(static_cast<int>(i) + 1).toString().toStdString() == groups[i];
    if (same)
        return;
    {
        const QSignalBlocker blocker(m_group);
        m_group->clear();
        m_group->addItem(tr("All groups"), QString());
        for (const std::string &group : groups)
            m_group->addItem(foreign(group), QString::fromStdString(group));
        m_group->setCurrentIndex(std::max(0, m_group->findData(chosen)));
    }
    if (m_group->currentData().toString() != chosen)
        filterAgain();
}

void JournalPage::showCount()
{
    const auto counted = [](int count) { return number(std::optional<std::int64_t>(count)); };
    const int all = m_model->rowCount();
    const int shown = m_table->proxy().rowCount();
    const JournalReading *const read = reading();
    m_count->setPlainText(shown < all             ? tr("%1 of %2").arg(counted(shown), counted(all))
                          : read && read->hasMore ? tr("the newest %1").arg(counted(all))
                          : all == 1              ? tr("1 change")
                                                  : tr("%1 changes").arg(counted(all)));
    m_noMatch->say(tr("No change matches"),
                   all == 1 ? tr("1 is hidden.") : tr("%1 are hidden.").arg(counted(all)),
                   tr("Show all changes"));
    m_listStack->setCurrentWidget(all == 0 || shown > 0 ? static_cast<QWidget *>(m_table)
                                                        : m_noMatch);
}

bool JournalPage::accepts(int row) const
{
    const JournalLine &line = m_model->row(row);
    if (m_group->currentIndex() > 0 &&
        m_group->currentData().toString().toStdString() != line.entry->group.value())
        return false;
    return matches(line.haystack, m_filter->text().trimmed());
}

void JournalPage::filterAgain()
{
    m_changing = true;
    m_table->update([this] { m_table->proxy().filterAgain(); });
    m_table->selectSourceRow(m_chosen.empty() ? -1 : m_model->find(m_chosen));
    m_changing = false;
    showCount();
}

void JournalPage::clearFilter()
{
    m_filter->clear();
    m_group->setCurrentIndex(0);
}

} // namespace redrive::ui
