#include "ui/pages/journalaudit.h"

#include "ui/models/journalwords.h"
#include "ui/shell/label.h"
#include "ui/widgets/actionbutton.h"

#include <QAction>
#include <QFileDialog>
#include <QHBoxLayout>

using namespace Qt::StringLiterals;

namespace redrive::ui {

JournalAudit::JournalAudit(QWidget *parent)
    : QWidget(parent)
    , m_verify(new QAction(tr("Verify Chain"), this))
    , m_export(new QAction(tr("Export Audit Log…"), this))
    , m_words(new Label({}, this))
{
    setObjectName(u"journal-audit"_s);
    m_verify->setObjectName(u"audit-verify"_s);
    m_export->setObjectName(u"audit-export"_s);
    m_words->setObjectName(u"audit-words"_s);
    m_words->setElided(true);
    m_words->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(theme::space16, theme::space8, theme::space16, theme::space8);
    row->setSpacing(theme::space8);
    row->addWidget(m_words, 1);
    row->addWidget(new ActionButton(m_verify, this));
    row->addWidget(new ActionButton(m_export, this));
    connect(m_verify, &QAction::triggered, this, [this] {
        if (m_feed)
            m_feed->verify();
    });
    connect(m_export, &QAction::triggered, this, &JournalAudit::chooseFile);
}

void JournalAudit::setFeed(JournalFeed *feed)
{
    m_feed = feed;
}

void JournalAudit::show(TimeZone zone, WallTime now)
{
    const AuditWords words = m_feed ? auditWords(m_feed->audit(), zone, now) : AuditWords{};
    m_words->setToken(words.token);
    m_words->setPlainText(words.text);
    const auto reading = m_feed ? m_feed->reading() : nullptr;
    const QString whyNot = !reading || !reading->exists ? tr("There is no journal yet.")
                           : m_feed->isAuditBusy()      ? tr("It is being read just now.")
                                                        : QString();
    setHelp(m_verify,
            tr("Reads the whole audit log and checks that no line was changed, removed "
               "or put elsewhere"),
            whyNot.isEmpty(), whyNot);
    setHelp(m_export, tr("Writes the whole audit log to a file, one line of JSON an entry"),
            whyNot.isEmpty(), whyNot);
}

void JournalAudit::chooseFile()
{
    auto *dialog = new QFileDialog(this, tr("Export the audit log"), {},
                                   tr("NDJSON files (*.ndjson);;All files (*)"));
    dialog->setObjectName(u"audit-export-dialog"_s);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(u"ndjson"_s);
    dialog->selectFile(u"audit.ndjson"_s);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &path) {
        if (m_feed)
            m_feed->exportAudit(path.toStdString());
    });
    dialog->open();
}

} // namespace redrive::ui
