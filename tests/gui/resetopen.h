#pragma once

#include "resetfixture.h"
#include "sessionsfixture.h"
#include "ui/dialogs/resetdialog.h"
#include "ui/widgets/datatable.h"

#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QTreeWidget>

namespace redrive::test {

inline std::shared_ptr<Snapshot> clusterOf(int partitions)
{
    auto billing = summaryOf("billing", 18'402, GroupState::Empty);
    billing.topics = {"orders", "payments"};
    auto snapshot = snapshotOf({billing, summaryOf("audit", 3, GroupState::Empty)});
    std::vector<workspace::TopicRow> topics;
    for (const char *name : {"orders", "payments", "returns"}) {
        workspace::TopicRow row;
        row.info.name = name;
        for (int p = 0; p < partitions; ++p)
            row.info.partitions.push_back({p, 1, {}});
        topics.push_back(row);
    }
    snapshot->topics = std::make_shared<const std::vector<workspace::TopicRow>>(topics);
    return snapshot;
}

/// The dialog of a plan for billing, over facts in memory.
struct Open
{
    explicit Open(kafka::AccessPolicy policy = {}, offsets::Facts facts = factsOf("billing", 3))
        : runner(std::make_shared<TwinOffsets>(std::move(facts)))
        , cluster(QStringLiteral("payments-eu"), policy, {})
    {
        cluster.setOffsetRunner(runner);
        cluster.setRunner(sessions);
        cluster.show(clusterOf(3));
        dialog = new ui::ResetDialog(&cluster, settings, GroupId("billing"));
        dialog->setAttribute(Qt::WA_DeleteOnClose, false);
        bringUp(*dialog);
    }
    ~Open() { delete dialog; }

    template <typename T>
    T *find(const char *name) const
    {
        T *const found = dialog->findChild<T *>(QLatin1StringView(name));
        if (!found)
            qFatal("no %s", name);
        return found;
    }
    OffsetTwin &twin() const { return *runner->twins.front(); }
    QPushButton *button(const char *name) const { return find<QPushButton>(name); }
    QString words(const char *name) const { return find<QLabel>(name)->text(); }
    void tick(const QString &topic) const
    {
        auto *tree = find<QTreeWidget>("reset-scope");
        for (int i = 0; i < tree->topLevelItemCount(); ++i) {
            if (tree->topLevelItem(i)->text(0).startsWith(topic))
                tree->topLevelItem(i)->setCheckState(0, Qt::Checked);
        }
    }
    void choose(const char *way) const { find<QRadioButton>(way)->click(); }
    bool isPlanned() const { return button("plan-copy")->isEnabled(); }
    void planEarliest() const
    {
        tick(QStringLiteral("orders"));
        choose("reset-to-earliest");
        QTRY_VERIFY(isPlanned());
    }
    /// All three partitions; two of them cannot go there.
    void planPastTheEnd() const
    {
        tick(QStringLiteral("orders"));
        choose("reset-to-offset");
        find<QLineEdit>("reset-offset")->setText(QStringLiteral("36,624"));
        QTRY_VERIFY(isPlanned());
    }
    ui::DataTable *table() const { return find<ui::DataTable>("plan-table"); }
    QString cell(int row, int column) const
    {
        return table()->proxy().index(row, column).data().toString();
    }

    ui::Settings settings;
    std::shared_ptr<TwinOffsets> runner;
    std::shared_ptr<TwinRunner> sessions = std::make_shared<TwinRunner>();
    ui::ClusterView cluster;
    ui::ResetDialog *dialog = nullptr;
};

} // namespace redrive::test
