#include "ui/dialogs/resetclosing.h"

#include "ui/dialogs/resetwords.h"
#include "ui/format/format.h"

#include <QCoreApplication>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("ResetClosing", text);
}

} // namespace

QStringList waitingGroups(const std::vector<ClusterView *> &clusters)
{
    QStringList groups;
    for (const ClusterView *cluster : clusters) {
        for (const OffsetEntry *entry : cluster->offsetJobs().entries()) {
            if (entry->isWaiting())
                groups << foreign(entry->group.value());
        }
    }
    return groups;
}

QMessageBox *askToEndWaiting(const std::vector<ClusterView *> &clusters, QWidget *parent)
{
    const QStringList groups = waitingGroups(clusters);
    const QString title = tr("Resets are waiting");
    auto *box = new QMessageBox(
        QMessageBox::Warning, title,
        groups.size() == 1
            ? tr("A reset waits until its group is empty: %1.").arg(groups.first())
            : tr("%1 resets wait until their groups are empty: %2.")
                  .arg(number(std::optional<std::int64_t>(groups.size())), groups.join(u", "_s)),
        QMessageBox::NoButton, parent);
    box->setObjectName(u"resets-closing"_s);
    box->setAccessibleName(title);
    box->setTextFormat(Qt::PlainText);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(tr("What waits ends here. Nothing of it has been sent, and the offsets "
                               "stay as they are."));
    QPushButton *const end = box->addButton(tr("End and close"), QMessageBox::AcceptRole);
    end->setObjectName(u"resets-closing-end"_s);
    QPushButton *const stay = box->addButton(tr("Keep waiting"), QMessageBox::RejectRole);
    stay->setObjectName(u"resets-closing-stay"_s);
    box->setDefaultButton(stay);
    box->setEscapeButton(stay);
    return box;
}

} // namespace redrive::ui
