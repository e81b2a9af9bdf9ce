#include "groupsstory.h"
#include "ui/pages/topicspage.h"

#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTableView>

using namespace redrive;
using namespace redrive::ui;
using namespace redrive::test;
using namespace Qt::StringLiterals;

namespace {

workspace::TopicRow topicOf(const std::string &name, int partitions, std::vector<GroupId> readers)
{
    workspace::TopicRow topic;
    topic.info.name = name;
    topic.info.internal = name.starts_with("__");
    for (int p = 0; p < partitions; ++p)
        topic.info.partitions.push_back({p, 1, {}});
    topic.records = 1000 * partitions;
    topic.readers = std::move(readers);
    topic.readersKnown = true;
    return topic;
}

std::shared_ptr<Snapshot> withTopics()
{
    auto snapshot = storySnapshot();
    snapshot->topics =
        std::make_shared<const std::vector<workspace::TopicRow>>(std::vector<workspace::TopicRow>{
            topicOf("__consumer_offsets", 50, {}),
            topicOf("orders", 6, {GroupId("audit"), GroupId("billing")}),
            topicOf("payments", 4, {GroupId("billing")}), topicOf("unread", 1, {})});
    return snapshot;
}

struct Desk
{
    Settings settings;
    ClusterView cluster{u"payments-eu"_s};
    TopicsPage page{settings};

    Desk()
    {
        page.setCluster(&cluster);
        page.resize(1200, 700);
        bringUp(page);
        page.setShown(true);
        cluster.show(withTopics());
    }
    QTableView *table(const char *name)
    {
        return page.findChild<QTableView *>(QString::fromLatin1(name));
    }
    QStringList names(const char *name = "topics-table")
    {
        QStringList all;
        for (int row = 0; row < table(name)->model()->rowCount(); ++row)
            all << table(name)->model()->index(row, 0).data().toString();
        return all;
    }
    QString label(const char *name)
    {
        return page.findChild<QLabel *>(QString::fromLatin1(name))->text();
    }
};

} // namespace

class TestTopicsPage : public QObject
{
    Q_OBJECT
private slots:
    void init() { failOnWarnings(); }
    void initTestCase() { isolateSettings(); }

    void internalTopicsAreHiddenUntilAskedFor()
    {
        Desk desk;
        QCOMPARE(desk.names(), (QStringList{u"orders"_s, u"payments"_s, u"unread"_s}));
        QCOMPARE(desk.label("topics-count"), u"3 of 4"_s);
        desk.page.findChild<QCheckBox *>(u"topics-internal"_s)->click();
        QCOMPARE(desk.names().size(), 4);
    }

    void theReadersOfATopicAreListedAndOpened()
    {
        Desk desk;
        desk.page.goTo(u"orders"_s);
        QCOMPARE(desk.names("reader-table"), (QStringList{u"billing"_s, u"audit"_s}));
        QCOMPARE(desk.label("topic-facts"), u"6 partitions · 6,000 records at most"_s);
        QSignalSpy asked(&desk.page, &Page::openRequested);
        QTableView *readers = desk.table("reader-table");
        readers->setFocus();
        readers->selectRow(1);
        QTest::keyClick(readers, Qt::Key_Return);
        QCOMPARE(asked.size(), 1);
        QCOMPARE(asked[0][0].toString(), u"Groups"_s);
        QCOMPARE(asked[0][1].toString(), u"audit"_s);
    }

    void aTopicNobodyReadsSaysSo()
    {
        Desk desk;
        desk.page.goTo(u"unread"_s);
        QCOMPARE(desk.label("reader-note"), u"No group has an assignment or a commit here."_s);
        QVERIFY(!desk.table("reader-table")->isVisible());
    }

    void goingToAnInternalTopicShowsIt()
    {
        Desk desk;
        desk.page.goTo(u"__consumer_offsets"_s);
        QVERIFY(desk.names().contains(u"__consumer_offsets"_s));
        QVERIFY(desk.label("topic-facts").contains(u"internal"_s));
    }

    void leaderlessPartitionsAreNamed()
    {
        Desk desk;
        auto snapshot = withTopics();
        auto topics = *snapshot->topics;
        topics[1].info.partitions[2].leader.reset();
        topics[1].info.partitions[2].error = brokerError(
            "reading metadata of orders", "Broker: Leader not available", "LEADER_NOT_AVAILABLE");
        snapshot->topics = std::make_shared<const std::vector<workspace::TopicRow>>(topics);
        desk.cluster.show(snapshot);
        desk.page.goTo(u"orders"_s);
        QVERIFY(desk.label("topic-problem").contains(u"1 of 6 partitions have no leader"_s));
        const QAbstractItemModel *partitions = desk.table("topic-partition-table")->model();
        QCOMPARE(partitions->index(2, 1).data().toString(), u"–"_s);
        QVERIFY(partitions->index(2, 2).data().toString().contains(u"LEADER_NOT_AVAILABLE"_s));
    }

    void theFilterIsReachedByKeyAndHides()
    {
        Desk desk;
        desk.page.focusFilter();
        QTest::keyClicks(desk.page.findChild<QLineEdit *>(u"topics-filter"_s), u"pay"_s);
        QCOMPARE(desk.names(), QStringList{u"payments"_s});
    }

    void theSelectionSurvivesARefresh()
    {
        Desk desk;
        desk.page.goTo(u"payments"_s);
        desk.cluster.show(withTopics());
        QCOMPARE(desk.page.place(), u"payments"_s);
        QCOMPARE(desk.table("topics-table")->currentIndex().siblingAtColumn(0).data().toString(),
                 u"payments"_s);
    }
};

QTEST_MAIN(TestTopicsPage)
#include "tst_topics_page.moc"
