#include "ui/pages/sessionslines.h"

#include "ui/shell/label.h"
#include "ui/widgets/datatable.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace redrive::ui {

SessionsLines::SessionsLines(Settings &settings, const QString &name, const QString &title,
                             std::vector<ColumnSpec> columns, const QList<int> &widths, int fill,
                             bool hasFilter, QWidget *parent)
    : QWidget(parent)
    , m_model(new SessionLines(std::move(columns), this))
    , m_table(new DataTable(m_model, settings, u"session-%1-table"_s.arg(name), title, this))
    , m_count(new Label({}, this))
    , m_note(new Label({}, this))
    , m_empty(new Label({}, this))
{
    setObjectName(u"session-"_s + name);
    m_table->setWidths(widths, fill);
    m_table->sortFirst(0, Qt::DescendingOrder);
    auto *row = new QHBoxLayout;
    row->setContentsMargins(theme::space16, theme::space8, theme::space16, theme::space8);
    row->setSpacing(theme::space12);
    if (hasFilter) {
        m_filter = new QLineEdit(this);
        m_filter->setObjectName(u"session-%1-filter"_s.arg(name));
        m_filter->setAccessibleName(tr("Filter"));
        m_filter->setPlaceholderText(tr("Filter"));
        m_filter->setClearButtonEnabled(true);
        m_problems = new QCheckBox(tr("Problems only"), this);
        m_problems->setObjectName(u"session-%1-problems"_s.arg(name));
        row->addWidget(m_filter, 1);
        row->addWidget(m_problems);
        m_table->proxy().setPredicate([this](int number) { return accepts(number); });
        connect(m_filter, &QLineEdit::textChanged, this, [this](const QString &text) {
            m_needle = text.trimmed();
            m_table->proxy().filterAgain();
        });
        connect(m_problems, &QCheckBox::toggled, this, [this] { m_table->proxy().filterAgain(); });
    }
    m_count->setObjectName(u"session-%1-count"_s.arg(name));
    m_count->setToken(theme::Token::MutedText);
    m_note->setObjectName(u"session-%1-note"_s.arg(name));
    m_note->setToken(theme::Token::Warning);
    m_note->hide();
    row->addWidget(m_count);
    row->addWidget(m_note);
    row->addStretch(hasFilter ? 0 : 1);
    m_empty->setObjectName(u"session-%1-empty"_s.arg(name));
    m_empty->setToken(theme::Token::MutedText);
    m_empty->setWordWrap(true);
    m_empty->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_empty->setContentsMargins(theme::space16, theme::space4, theme::space16, theme::space12);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(row);
    column->addWidget(m_empty);
    column->addWidget(m_table, 1);
    say(0, 0, {});
}

void SessionsLines::change(const std::function<void()> &how)
{
    m_table->update(how);
}

void SessionsLines::setZone(TimeZone zone)
{
    if (zone == m_zone)
        return;
    m_zone = zone;
    m_model->forget();
}

void SessionsLines::setNote(const QString &note)
{
    m_note->setPlainText(note);
    m_note->setVisible(!note.isEmpty());
}

void SessionsLines::focusFilter()
{
    if (m_filter)
        m_filter->setFocus(Qt::ShortcutFocusReason);
}

bool SessionsLines::accepts(int row) const
{
    const SessionLine &line = m_model->row(row);
    if (m_problems->isChecked() && !line.isProblem)
        return false;
    return m_needle.isEmpty() ||
           std::ranges::any_of(line.cells, [this](const SessionLine::Cell &cell) {
               return matches(cell.text, m_needle);
           });
}

void SessionsLines::say(std::uint64_t seen, std::uint64_t letGo, const QString &empty)
{
    const auto count = [](std::uint64_t value) {
        return number(std::optional(static_cast<std::int64_t>(value)));
    };
    m_count->setPlainText(seen == 0 ? QString()
                          : letGo == 0
                              ? count(seen)
                              : tr("the newest %1 of %2").arg(count(seen - letGo), count(seen)));
    m_empty->setPlainText(empty);
    m_empty->setVisible(seen == 0);
    m_table->setVisible(seen > 0);
}

} // namespace redrive::ui
