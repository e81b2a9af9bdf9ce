#include "groupsstory.h"
#include "pictures.h"
#include "ui/pages/groupspage.h"
#include "ui/pages/topicspage.h"
#include "ui/theme/tokens.h"

#include <QTabWidget>
#include <QTableView>

using namespace redrive;
using namespace redrive::ui;
using namespace redrive::test;
using namespace Qt::StringLiterals;

class TestGroupsScreenshots : public QObject
{
    Q_OBJECT
private slots:
    void init() { failOnWarnings(); }
    void initTestCase()
    {
        isolateSettings();
        Settings settings;
        for (const auto *name : {"groups-table", "partition-table", "member-table",
                                 "groups-splitter", "topics-table", "topics-splitter"})
            settings.setState(QString::fromLatin1(name), {});
        settings.setWatched(u"payments-eu"_s, u"billing"_s, true);
    }
    void everyPage_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }
    void everyPage()
    {
        QFETCH(const bool, dark);
        theme::apply(dark ? theme::Scheme::Dark : theme::Scheme::Light);
        Settings settings;
        ClusterView cluster(u"payments-eu"_s);
        auto snapshot = storySnapshot();
        GroupDetail detail = storyDetail(*snapshot);
        snapshot->focusHistory =
            std::make_shared<const workspace::GroupHistory>(storyHistory(detail));
        focus(*snapshot, detail);
        cluster.show(snapshot);

        GroupsPage groups(settings);
        groups.setCluster(&cluster);
        groups.resize(1440, 760);
        groups.show();
        groups.setShown(true);
        groups.goTo(u"billing"_s);
        auto *tabs = groups.findChild<QTabWidget *>(u"group-tabs"_s);
        for (int tab = 0; tab < tabs->count(); ++tab) {
            tabs->setCurrentIndex(tab);
            if (tab == 1)
                groups.findChild<QTableView *>(u"member-table"_s)->selectRow(2);
            take(groups, u"groups-"_s + tabs->tabText(tab).toLower());
        }
        tabs->setCurrentIndex(0);
        take(groups, u"groups-partitions"_s, 1.5);
        groups.goTo(u"legacy-share"_s);
        take(groups, u"groups-reading"_s);
        groups.goTo({});
        take(groups, u"groups-none-selected"_s);

        auto empty = snapshotOf({});
        cluster.show(empty);
        take(groups, u"groups-empty"_s);
        auto failed = std::make_shared<Snapshot>();
        failed->connectionError =
            brokerError("connecting to broker-1.kafka.svc:9092",
                        "Connect to ipv4#10.0.0.1:9092 failed: Connection refused", "_TRANSPORT");
        failed->connectionAdvice =
            "Check that a broker listens there, and that no firewall is between.";
        cluster.show(failed);
        take(groups, u"groups-failed"_s);

        auto stale = storySnapshot();
        stale->connection = workspace::Connection::Stale;
        stale->since = noon();
        stale->connectionError = failed->connectionError;
        std::vector<workspace::TopicRow> rows;
        for (const char *name : {"orders", "payments", "returns", "task-events"}) {
            workspace::TopicRow row;
            row.info.name = name;
            for (int p = 0; p < 6; ++p)
                row.info.partitions.push_back({p,
                                               p == 4 && row.info.name == "returns"
                                                   ? std::optional<std::int32_t>()
                                                   : p % 3 + 1,
                                               {}});
            row.records = 36'622 * 6;
            row.readersKnown = true;
            if (row.info.name != "task-events")
                row.readers = {GroupId("audit"), GroupId("billing"), GroupId("search-indexer")};
            rows.push_back(row);
        }
        stale->topics = std::make_shared<const std::vector<workspace::TopicRow>>(rows);
        cluster.show(stale);
        take(groups, u"groups-stale"_s);
        TopicsPage topics(settings);
        topics.setCluster(&cluster);
        topics.resize(1440, 760);
        topics.show();
        topics.setShown(true);
        topics.goTo(u"returns"_s);
        take(topics, u"topics"_s);
    }
};

QTEST_MAIN(TestGroupsScreenshots)
#include "tst_groups_screenshots.moc"
