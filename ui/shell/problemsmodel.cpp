#include "ui/shell/problemsmodel.h"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

std::vector<ColumnSpec> problemColumns()
{
    const auto tr = [](const char *text) { return ProblemsModel::tr(text); };
    return {
        {tr("State"), u"state"_s, tr("Whether it still holds"), false, false},
        {tr("Attempted"), u"attempted"_s, tr("What Redrive was doing"), false, false},
        {tr("What was said"), u"message"_s, tr("In the words of the broker or the library"), false,
         false},
        {tr("What helps"), u"advice"_s, {}, false, false},
        {tr("Since"), u"since"_s, {}, false, false},
        {tr("Last"), u"last"_s, {}, false, false},
        {tr("Times"), u"times"_s, tr("How often it has happened"), true, false},
    };
}

QString said(const Error &error)
{
    const QString message = foreign(error.message);
    return error.code.empty() ? message : message + u" ("_s + foreign(error.code) + u')';
}

qint64 millis(WallTime time)
{
    return time.time_since_epoch().count();
}

} // namespace

ProblemsModel::ProblemsModel(QObject *parent)
    : RowTable(problemColumns(), parent)
{
}

void ProblemsModel::show(std::vector<workspace::Problem> problems, TimeZone zone, WallTime now)
{
    m_zone = zone;
    m_now = now;
    std::ranges::sort(problems, [this](const auto &a, const auto &b) { return less(a, b); });
    update(std::move(problems));
}

bool ProblemsModel::less(const workspace::Problem &a, const workspace::Problem &b) const
{
    return a.id < b.id;
}

bool ProblemsModel::same(const workspace::Problem &a, const workspace::Problem &b) const
{
    return a == b;
}

QVariant ProblemsModel::cell(int rowNumber, int column, int role) const
{
    const workspace::Problem &problem = row(rowNumber);
    if (role == SortRole) {
        // What still holds first, then the newest.
        if (column == State)
            return (problem.current ? qint64{1} << 50 : 0) + millis(problem.last);
        if (column == Since)
            return millis(problem.first);
        if (column == Last)
            return millis(problem.last);
        if (column == Times)
            return static_cast<qulonglong>(problem.count);
    }
    if (role == Qt::ToolTipRole) {
        if (column == Since)
            return absolute(problem.first, m_zone);
        if (column == Last)
            return absolute(problem.last, m_zone);
        return cell(rowNumber, column, Qt::DisplayRole);
    }
    if (role != Qt::DisplayRole && role != SortRole && role != RawRole)
        return {};
    switch (column) {
    case State: return problem.current ? tr("✕ current") : tr("○ over");
    case Attempted: return foreign(problem.error.attempted);
    case Said: return said(problem.error);
    case Advice: return foreign(problem.advice);
    case Since: return clock(problem.first, m_zone, m_now);
    case Last: return clock(problem.last, m_zone, m_now);
    case Times: return number(static_cast<std::int64_t>(problem.count));
    default: return {};
    }
}

QString problemText(const workspace::Problem &problem, TimeZone zone)
{
    QStringList lines;
    if (!problem.error.attempted.empty())
        lines << ProblemsModel::tr("Attempted: %1").arg(foreign(problem.error.attempted));
    lines << ProblemsModel::tr("Said: %1").arg(said(problem.error));
    if (!problem.advice.empty())
        lines << ProblemsModel::tr("What helps: %1").arg(foreign(problem.advice));
    lines << ProblemsModel::tr("Since: %1").arg(absolute(problem.first, zone));
    lines << ProblemsModel::tr("Last: %1; happened %2 ×")
                 .arg(absolute(problem.last, zone),
                      number(static_cast<std::int64_t>(problem.count)));
    lines << (problem.current
                  ? ProblemsModel::tr("It still holds.")
                  : ProblemsModel::tr("It is over: the same attempt has succeeded since."));
    return lines.join(u'\n');
}

} // namespace redrive::ui
