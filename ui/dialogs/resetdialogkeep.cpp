// What a plan is taken from and kept in beside its job: the journal, files, the clipboard.
#include "core/offsets/planfile.h"
#include "core/offsets/words.h"
#include "ui/bridge/background.h"
#include "ui/dialogs/resetdialog.h"
#include "ui/widgets/copying.h"

#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>

using namespace Qt::StringLiterals;

namespace redrive::ui {

void ResetDialog::undo()
{
    if (!m_applied || !m_jobs->runner() || !m_cluster)
        return;
    const auto &known = m_cluster->snapshot()->cluster;
    const std::string cluster = m_plan && !m_plan->clusterId.empty() ? m_plan->clusterId
                                : known                              ? known->clusterId
                                                                     : std::string();
    runInBackground("read-journal", [this, relay = m_relay, runner = m_jobs->runner(), cluster,
                                     id = m_applied->journal] {
        auto request = runner->undoOf(cluster, id);
        relay.post([this, request = std::move(request)] {
            if (request)
                fixOn(*request);
            else
                say(errorText(request.error()), true);
        });
    });
}

void ResetDialog::savePlan()
{
    if (!m_shown)
        return;
    auto *dialog = new QFileDialog(this, tr("Save the plan"), {}, tr("Plans (*.json)"));
    dialog->setObjectName(u"plan-save-file"_s);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(u"json"_s);
    connect(dialog, &QFileDialog::fileSelected, this, [this, plan = *m_shown](const QString &path) {
        runInBackground("save-plan", [this, relay = m_relay, plan, path] {
            const auto saved = offsets::savePlan(plan, path.toStdString());
            relay.post([this, saved, path] {
                say(saved ? tr("The plan is saved as %1.").arg(path) : errorText(saved.error()),
                    !saved);
            });
        });
    });
    dialog->open();
}

void ResetDialog::copyCommand(bool asKafka)
{
    if (!m_shown || !m_cluster)
        return;
    QStringList reach;
    for (const QString &word : m_cluster->reach())
        reach << shellQuoted(word.toStdString());
    const std::string command =
        asKafka ? offsets::asKafkaCommand(*m_shown, m_jobs->runner()->bootstrap())
                : offsets::asRedriveCommand(*m_shown, reach.join(u' ').toStdString());
    QGuiApplication::clipboard()->setText(QString::fromStdString(command));
}

} // namespace redrive::ui
