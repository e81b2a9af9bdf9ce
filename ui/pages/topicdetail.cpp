#include "ui/pages/topicdetail.h"

#include "ui/shell/label.h"
#include "ui/theme/tokens.h"
#include "ui/widgets/datatable.h"
#include "ui/widgets/elidedlabel.h"

#include <QAction>
#include <QTabWidget>
#include <QVBoxLayout>

#include <utility>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

Label *plainLabel(QWidget *parent, const QString &objectName, theme::Token token)
{
    auto *label = new Label({}, parent);
    label->setObjectName(objectName);
    label->setToken(token);
    label->setWordWrap(true);
    return label;
}

} // namespace

TopicDetailPanel::TopicDetailPanel(Settings &settings, QWidget *parent)
    : QWidget(parent)
    , m_readers(new ReaderModel(this))
    , m_partitions(new TopicPartitionModel(this))
    , m_partitionTable(new DataTable(m_partitions, settings, u"topic-partition-table"_s,
                                     tr("Partitions of the topic"), this))
    , m_name(new ElidedLabel(this))
    , m_facts(plainLabel(this, u"topic-facts"_s, theme::Token::Text))
    , m_problem(plainLabel(this, u"topic-problem"_s, theme::Token::Bad))
{
    setObjectName(u"topic-detail"_s);
    m_name->setObjectName(u"topic-name"_s);
    QFont large = font();
    large.setPointSizeF(large.pointSizeF() * 1.4);
    large.setWeight(QFont::DemiBold);
    m_name->setFont(large);
    m_partitionTable->setWidths({10, 9, 30}, TopicPartitionModel::Problem);
    m_partitionTable->sortFirst(TopicPartitionModel::Partition, Qt::AscendingOrder);

    auto *tabs = new QTabWidget(this);
    tabs->setObjectName(u"topic-tabs"_s);
    tabs->setAccessibleName(tr("Topic"));
    tabs->setDocumentMode(true);
    tabs->addTab(makeReaders(settings), tr("Readers"));
    tabs->addTab(m_partitionTable, tr("Partitions"));
    auto *header = new QVBoxLayout;
    header->setContentsMargins(theme::space16, theme::space12, theme::space12, theme::space12);
    header->setSpacing(theme::space4);
    header->addWidget(m_name);
    header->addWidget(m_facts);
    header->addWidget(m_problem);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(header);
    column->addWidget(tabs, 1);
}

QWidget *TopicDetailPanel::makeReaders(Settings &settings)
{
    auto *readers = new QWidget(this);
    m_readerTable = new DataTable(m_readers, settings, u"reader-table"_s, tr("Readers"), readers);
    m_readerTable->setWidths({15, 14, 8, 9}, ReaderModel::Group);
    m_readerTable->sortFirst(ReaderModel::Lag, Qt::DescendingOrder);
    m_readerNote = plainLabel(readers, u"reader-note"_s, theme::Token::MutedText);
    m_readerNote->setContentsMargins(theme::space16, theme::space12, theme::space16,
                                     theme::space12);
    m_readerNote->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    auto *column = new QVBoxLayout(readers);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_readerNote);
    column->addWidget(m_readerTable, 1);

    auto *action = new QAction(tr("Open group"), this);
    action->setObjectName(u"open-reader"_s);
    m_readerTable->addMenuAction(action);
    connect(action, &QAction::triggered, this, [this] { open(m_readerTable->currentSourceRow()); });
    connect(m_readerTable, &DataTable::opened, this, &TopicDetailPanel::open);
    return readers;
}

void TopicDetailPanel::show(const std::string &name, const workspace::TopicRow *topic,
                            GroupList groups)
{
    m_readerTable->update([&] { m_readers->show(topic, std::move(groups)); });
    m_partitionTable->update([&] { m_partitions->show(topic ? &topic->info : nullptr); });
    m_name->setText(foreign(name));
    const QString problem = topic ? problemOf(topic->info) : QString();
    m_problem->setText(u"⚠ "_s + problem);
    m_problem->setVisible(!problem.isEmpty());
    if (topic) {
        QStringList facts{
            topic->info.partitions.size() == 1
                ? tr("1 partition")
                : tr("%1 partitions")
                      .arg(number(static_cast<std::int64_t>(topic->info.partitions.size()))),
            topic->records ? tr("%1 records at most").arg(number(topic->records))
                           : tr("records unknown")};
        if (topic->info.internal)
            facts << tr("internal");
        m_facts->setText(facts.join(u" · "_s));
    } else {
        m_facts->setText(tr("Not in the list of topics"));
    }
    const bool known = topic && topic->readersKnown;
    m_readerNote->setText(known ? tr("No group has an assignment or a commit here.")
                                : tr("Who reads it is not known yet."));
    m_readerNote->setVisible(m_readers->rowCount() == 0);
    m_readerTable->setVisible(m_readers->rowCount() > 0);
}

void TopicDetailPanel::focusContents()
{
    m_readerTable->setFocus();
}

void TopicDetailPanel::forget()
{
    m_readers->forget();
}

void TopicDetailPanel::open(int row)
{
    if (row >= 0)
        emit groupRequested(groupName(m_readers->row(row).group));
}

} // namespace redrive::ui
