#include "ui/dialogs/resetjobsbutton.h"

#include "ui/dialogs/resetwords.h"
#include "ui/format/format.h"

#include <QMenu>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

/// Told to the person by the button: what goes on, or has ended without a dialog.
bool isListed(const OffsetEntry &entry)
{
    return entry.isBusy() || !entry.attended;
}

// In menus an ampersand would become a mnemonic.
QString menuText(QString text)
{
    return text.replace(u'&', u"&&"_s);
}

QString countText(std::size_t waiting, std::size_t applying, std::size_t ended)
{
    const auto count = [](std::size_t value) {
        return number(std::optional(static_cast<std::int64_t>(value)));
    };
    QStringList parts;
    if (waiting > 0)
        parts << (waiting == 1 ? ResetJobsButton::tr("1 reset waits")
                               : ResetJobsButton::tr("%1 resets wait").arg(count(waiting)));
    if (applying > 0)
        parts << ResetJobsButton::tr("%1 being applied").arg(count(applying));
    if (ended > 0)
        parts << (ended == 1 ? ResetJobsButton::tr("1 reset ended")
                             : ResetJobsButton::tr("%1 resets ended").arg(count(ended)));
    return u"▸ "_s + parts.join(u", "_s);
}

} // namespace

ResetJobsButton::ResetJobsButton(QWidget *parent)
    : QToolButton(parent)
    , m_menu(new QMenu(this))
{
    setObjectName(u"jobs-button"_s);
    setAutoRaise(true);
    setFocusPolicy(Qt::StrongFocus);
    setPopupMode(QToolButton::InstantPopup);
    setToolButtonStyle(Qt::ToolButtonTextOnly);
    setToolTip(
        ui::toolTip(tr("Resets that go on without their dialog; they end with this window")));
    m_menu->setObjectName(u"jobs-menu"_s);
    m_menu->setToolTipsVisible(true);
    setMenu(m_menu);
    connect(m_menu, &QMenu::aboutToShow, this, &ResetJobsButton::fillMenu);
    hide();
}

void ResetJobsButton::show(const std::vector<ClusterView *> &clusters)
{
    for (const auto &known : m_clusters) {
        if (known)
            disconnect(&known->offsetJobs(), nullptr, this, nullptr);
    }
    m_clusters.assign(clusters.begin(), clusters.end());
    for (ClusterView *cluster : clusters)
        connect(&cluster->offsetJobs(), &OffsetJobs::listChanged, this, &ResetJobsButton::refresh);
    refresh();
}

void ResetJobsButton::refresh()
{
    std::size_t waiting = 0;
    std::size_t applying = 0;
    std::size_t ended = 0;
    for (const auto &cluster : m_clusters) {
        if (!cluster)
            continue;
        for (const OffsetEntry *entry : cluster->offsetJobs().entries()) {
            if (!isListed(*entry))
                continue;
            ++(entry->isWaiting() ? waiting : entry->isBusy() ? applying : ended);
        }
    }
    setVisible(waiting + applying + ended > 0);
    setText(countText(waiting, applying, ended));
    setAccessibleName(text().mid(2));
}

void ResetJobsButton::fillMenu()
{
    m_menu->clear();
    const auto open =
        std::ranges::count_if(m_clusters, [](const auto &cluster) { return !cluster.isNull(); });
    for (const auto &cluster : m_clusters) {
        if (!cluster)
            continue;
        for (const OffsetEntry *entry : cluster->offsetJobs().entries()) {
            if (isListed(*entry))
                addJob(cluster, *entry, open > 1);
        }
    }
}

void ResetJobsButton::addJob(ClusterView *cluster, const OffsetEntry &entry, bool nameCluster)
{
    const auto &snapshot = *entry.snapshot;
    const QString group = foreign(entry.group.value());
    QString title = nameCluster ? u"%1 · %2"_s.arg(cluster->name(), group) : group;
    title += u" · "_s + jobText(snapshot, wallNow());
    constexpr int longest = 90;
    if (title.size() > longest)
        title = title.left(longest) + u'…';
    QMenu *const job = m_menu->addMenu(menuText(title));
    job->setObjectName(u"job-%1"_s.arg(entry.id));
    QString what = targetText(snapshot.request.target, TimeZone::Utc);
    if (snapshot.plan)
        what = tr("%1, %2").arg(partitionsText(snapshot.plan->rows.size()), what);
    job->addAction(menuText(what))->setEnabled(false);
    job->addSeparator();
    const int id = entry.id;
    QAction *const open = job->addAction(tr("Open"));
    open->setObjectName(u"job-open"_s);
    connect(open, &QAction::triggered, this, [this, cluster = QPointer(cluster), id] {
        if (cluster)
            emit openRequested(cluster, id);
    });
    OffsetJobs *const jobs = &cluster->offsetJobs();
    if (entry.isWaiting()) {
        QAction *const cancel = job->addAction(tr("Cancel"));
        cancel->setObjectName(u"job-cancel"_s);
        connect(cancel, &QAction::triggered, jobs, [jobs, id] { jobs->cancel(id); });
    } else if (!entry.isBusy()) {
        QAction *const forget = job->addAction(tr("Take off the list"));
        forget->setObjectName(u"job-forget"_s);
        connect(forget, &QAction::triggered, jobs, [jobs, id] { jobs->leave(id); });
    }
}

} // namespace redrive::ui
