#include "ui/dialogs/resetscope.h"

#include "core/base/text.h"
#include "ui/dialogs/sessionformcompleter.h"
#include "ui/format/format.h"
#include "ui/shell/label.h"
#include "ui/theme/tokens.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QToolButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

constexpr int partitionRole = Qt::UserRole;

std::set<std::int32_t> partitionsOf(const QTreeWidgetItem *item)
{
    std::set<std::int32_t> partitions;
    for (int i = 0; i < item->childCount(); ++i)
        partitions.insert(item->child(i)->data(0, partitionRole).toInt());
    return partitions;
}

QSize rowSize()
{
    return {0, theme::rowHeight() - theme::space4};
}

QToolButton *smallButton(const QString &text, const QString &name, const char *object,
                         QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setObjectName(QLatin1StringView(object));
    button->setText(text);
    button->setAccessibleName(name);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::StrongFocus);
    return button;
}

} // namespace

ResetScope::ResetScope(ClusterView *cluster, GroupId group, QWidget *parent)
    : QWidget(parent)
    , m_cluster(cluster)
    , m_group(std::move(group))
    , m_tree(new QTreeWidget(this))
    , m_newTopic(new QLineEdit(this))
    , m_add(new QPushButton(tr("&Add"), this))
{
    m_tree->setObjectName(u"reset-scope"_s);
    m_tree->setAccessibleName(tr("Scope"));
    m_tree->setHeaderHidden(true);
    m_tree->setUniformRowHeights(true);
    m_tree->setTabKeyNavigation(false);
    m_tree->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_tree->setTextElideMode(Qt::ElideMiddle);
    m_tree->setIndentation(theme::space16);
    m_tree->setMinimumHeight(theme::rowHeight() * 4);
    m_tree->setMaximumHeight(theme::rowHeight() * 5);
    auto *title = new Label(tr("&Scope"), this);
    title->setBuddy(m_tree);
    auto *all = smallButton(tr("All"), tr("Tick all topics"), "reset-scope-all", this);
    auto *none = smallButton(tr("None"), tr("Tick no topic"), "reset-scope-none", this);
    m_newTopic->setObjectName(u"reset-new-topic"_s);
    m_newTopic->setAccessibleName(tr("A topic the group has not read"));
    m_newTopic->setPlaceholderText(tr("another topic"));
    m_newTopic->setToolTip(ui::toolTip(tr("A topic the group has not read yet")));
    m_add->setObjectName(u"reset-add-topic"_s);
    m_add->setAutoDefault(false);
    m_add->setEnabled(false);

    auto *head = new QHBoxLayout;
    head->setSpacing(theme::space4);
    head->addWidget(title);
    head->addStretch();
    head->addWidget(all);
    head->addWidget(none);
    auto *foot = new QHBoxLayout;
    foot->setSpacing(theme::space8);
    foot->addWidget(m_newTopic, 1);
    foot->addWidget(m_add);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme::space4);
    column->addLayout(head);
    column->addWidget(m_tree, 1);
    column->addLayout(foot);
    setTabOrder(all, none);
    setTabOrder(none, m_tree);
    setTabOrder(m_tree, m_newTopic);
    setTabOrder(m_newTopic, m_add);

    connect(m_tree, &QTreeWidget::itemChanged, this, &ResetScope::tell);
    connect(all, &QToolButton::clicked, this, [this] { tickAll(true); });
    connect(none, &QToolButton::clicked, this, [this] { tickAll(false); });
    connect(m_newTopic, &QLineEdit::textChanged, this,
            [this](const QString &text) { m_add->setEnabled(!text.trimmed().isEmpty()); });
    connect(m_newTopic, &QLineEdit::returnPressed, this, &ResetScope::addTyped);
    connect(m_add, &QPushButton::clicked, this, &ResetScope::addTyped);
    refresh();
}

QTreeWidgetItem *ResetScope::topicItem(const std::string &topic)
{
    if (const auto known = m_topics.find(topic); known != m_topics.end())
        return known->second;
    auto *item = new QTreeWidgetItem;
    item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable |
                   Qt::ItemIsAutoTristate);
    item->setCheckState(0, Qt::Unchecked);
    item->setSizeHint(0, rowSize());
    const auto place = m_topics.emplace(topic, item).first;
    const auto row = static_cast<int>(std::distance(m_topics.begin(), place));
    m_tree->insertTopLevelItem(row, item);
    showCount(item);
    return item;
}

void ResetScope::showCount(QTreeWidgetItem *item)
{
    const auto found =
        std::ranges::find(m_topics, item, [](const auto &each) { return each.second; });
    const int count = item->childCount();
    const QString name = foreign(found->first);
    item->setText(0, count > 0 ? tr("%1 (%2)").arg(name).arg(count) : name);
    item->setToolTip(0, ui::toolTip(name));
}

void ResetScope::addPartitions(const std::string &topic, const std::set<std::int32_t> &partitions)
{
    QTreeWidgetItem *const item = topicItem(topic);
    const auto known = partitionsOf(item);
    const bool isWhole = item->checkState(0) == Qt::Checked && !m_byPartition.contains(topic);
    bool isNew = false;
    for (const std::int32_t partition : partitions) {
        if (known.contains(partition))
            continue;
        isNew = true;
        auto *child = new QTreeWidgetItem;
        child->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable |
                        Qt::ItemNeverHasChildren);
        child->setText(0, tr("Partition %1").arg(partition));
        child->setData(0, partitionRole, partition);
        child->setSizeHint(0, rowSize());
        child->setCheckState(0, isWhole ? Qt::Checked : Qt::Unchecked);
        int row = 0;
        while (row < item->childCount() &&
               item->child(row)->data(0, partitionRole).toInt() < partition)
            ++row;
        item->insertChild(row, child);
    }
    if (isNew)
        showCount(item);
}

void ResetScope::know(const std::vector<TopicPartition> &partitions)
{
    const QScopedValueRollback filling(m_isFilling, true);
    std::map<std::string, std::set<std::int32_t>> byTopic;
    for (const TopicPartition &partition : partitions)
        byTopic[partition.topic].insert(partition.partition);
    for (const auto &[topic, numbers] : byTopic)
        addPartitions(topic, numbers);
}

void ResetScope::refresh()
{
    if (!m_cluster)
        return;
    const auto &snapshot = *m_cluster->snapshot();
    std::vector<TopicPartition> known;
    if (snapshot.focus && snapshot.focus->listing.id == m_group) {
        for (const PartitionLag &lag : snapshot.focus->partitions)
            known.push_back(lag.partition);
    }
    know(known);
    const QScopedValueRollback filling(m_isFilling, true);
    if (snapshot.groups) {
        const auto summary = std::ranges::find(
            *snapshot.groups, m_group, [](const GroupSummary &group) { return group.listing.id; });
        if (summary != snapshot.groups->end()) {
            for (const std::string &topic : summary->topics)
                topicItem(topic);
        }
    }
    if (snapshot.topics) {
        for (const workspace::TopicRow &topic : *snapshot.topics) {
            if (!m_topics.contains(topic.info.name))
                continue;
            std::set<std::int32_t> numbers;
            for (const auto &partition : topic.info.partitions)
                numbers.insert(partition.id);
            addPartitions(topic.info.name, numbers);
        }
    }
    showCompletions();
}

void ResetScope::showCompletions()
{
    QStringList names;
    if (const auto &topics = m_cluster->snapshot()->topics) {
        for (const workspace::TopicRow &topic : *topics) {
            // A name that cannot be seen as it is cannot be typed either.
            if (!m_topics.contains(topic.info.name) && visible(topic.info.name) == topic.info.name)
                names << QString::fromStdString(topic.info.name);
        }
    }
    complete(m_newTopic, names, Completes::Whole);
}

void ResetScope::addTyped()
{
    const std::string topic = m_newTopic->text().trimmed().toStdString();
    if (topic.empty())
        return;
    QTreeWidgetItem *const item = topicItem(topic);
    m_newTopic->clear();
    refresh();
    item->setCheckState(0, Qt::Checked);
    m_tree->setCurrentItem(item);
    m_tree->scrollToItem(item);
}

void ResetScope::tickAll(bool ticked)
{
    {
        const QScopedValueRollback filling(m_isFilling, true);
        m_byPartition.clear();
        for (const auto &[topic, item] : m_topics)
            item->setCheckState(0, ticked ? Qt::Checked : Qt::Unchecked);
    }
    tell();
}

void ResetScope::choose(const offsets::Scope &scope)
{
    {
        const QScopedValueRollback filling(m_isFilling, true);
        for (const auto &[topic, item] : m_topics)
            item->setCheckState(0, scope.allTopics ? Qt::Checked : Qt::Unchecked);
        m_byPartition.clear();
        for (const offsets::TopicScope &topic : scope.topics) {
            if (!topic.partitions.empty())
                m_byPartition.insert(topic.topic);
            addPartitions(topic.topic, {topic.partitions.begin(), topic.partitions.end()});
            QTreeWidgetItem *const item = topicItem(topic.topic);
            if (topic.partitions.empty()) {
                item->setCheckState(0, Qt::Checked);
                continue;
            }
            for (int i = 0; i < item->childCount(); ++i) {
                QTreeWidgetItem *const child = item->child(i);
                if (std::ranges::binary_search(topic.partitions,
                                               child->data(0, partitionRole).toInt()))
                    child->setCheckState(0, Qt::Checked);
            }
            if (item->checkState(0) == Qt::PartiallyChecked)
                item->setExpanded(true);
        }
    }
    tell();
}

offsets::Scope ResetScope::scope() const
{
    offsets::Scope scope;
    for (const auto &[topic, item] : m_topics) {
        if (item->checkState(0) == Qt::Unchecked)
            continue;
        offsets::TopicScope chosen{topic, {}};
        if (item->checkState(0) == Qt::PartiallyChecked || m_byPartition.contains(topic)) {
            for (int i = 0; i < item->childCount(); ++i) {
                if (item->child(i)->checkState(0) == Qt::Checked)
                    chosen.partitions.push_back(item->child(i)->data(0, partitionRole).toInt());
            }
        }
        scope.topics.push_back(std::move(chosen));
    }
    return scope;
}

void ResetScope::tell()
{
    if (m_isFilling)
        return;
    offsets::Scope now = scope();
    if (now == m_told)
        return;
    m_told = std::move(now);
    emit changed();
}

} // namespace redrive::ui
