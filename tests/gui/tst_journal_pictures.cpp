#include "journalfixture.h"
#include "pictures.h"
#include "ui/bridge/background.h"
#include "ui/pages/journalpage.h"
#include "ui/theme/tokens.h"
#include "ui/widgets/datatable.h"

#include <QAction>

using namespace redrive;
using namespace redrive::ui;
using namespace redrive::test;
using namespace Qt::StringLiterals;

namespace {

const std::string longName = "com.example.platform.ordering.fulfilment.shipment-confirmation-"
                             "projection-rebuilder.production.eu-central-1.blue";

store::JournalEntry longEntry()
{
    auto entry = journalEntry("j20", longName, "reset", store::JournalState::Unknown, {});
    entry.time = wallNow() - Millis(3'000);
    entry.user = "CORP\\svc-stream-operations-eu-central-1";
    entry.reason = "CHG-0048213: after the incident of Thursday night the projection has to be "
                   "built again from the first record of the month, as agreed with the on-call";
    entry.plan = "sha256:3fd1c93a2b7e6d5c4b3a2910f7e6d5c4b3a29180f7e6d5c4b3a29180f7e6d5c4";
    for (int p = 0; p < 300; ++p)
        entry.rows.push_back(journalRow(
            longName + ".orders.v17", p, 918'273'645'546 + p, 900'000'000'000 + p,
            p % 50 == 7 ? store::JournalOutcome::Unknown : store::JournalOutcome::Confirmed));
    return entry;
}

} // namespace

class JournalPicturesTest : public QObject
{
    Q_OBJECT
private slots:
    void init() { failOnWarnings(); }
    void initTestCase()
    {
        isolateSettings();
        Settings settings;
        for (const char *name : {"journal-table", "journal-rows-table", "journal-splitter"})
            settings.setState(QString::fromLatin1(name), {});
    }
    void cleanupTestCase() { QVERIFY(finishBackground(Millis(5000))); }

    void everyState_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }
    void everyState()
    {
        QFETCH(const bool, dark);
        theme::apply(dark ? theme::Scheme::Dark : theme::Scheme::Light);
        Settings settings;
        const auto reader = std::make_shared<TwinReader>();
        ClusterView cluster(u"payments-eu"_s);
        auto snapshot = snapshotOf({summaryOf("billing", 100)});
        snapshot->cluster.emplace();
        snapshot->cluster->clusterId = "cluster-a";
        cluster.show(snapshot);
        cluster.setJournal(reader);
        JournalPage page(settings);
        page.setCluster(&cluster);
        page.resize(1080, 700);
        page.show();
        page.setShown(true);
        auto *table = page.findChild<DataTable *>(u"journal-table"_s);
        QTRY_VERIFY(page.findChild<QAction *>(u"audit-verify"_s));
        QVERIFY(finishBackground(Millis(5000)));
        take(page, u"journal-empty"_s);

        reader->fail(brokerError("opening the journal",
                                 "the file is of version 9, and this Redrive knows version 2",
                                 "NEWER_VERSION"));
        page.changeMade();
        QVERIFY(finishBackground(Millis(5000)));
        take(page, u"journal-broken"_s);

        reader->give(storyJournal(wallNow()));
        page.changeMade();
        QTRY_COMPARE(table->model()->rowCount(), 7);
        take(page, u"journal-unchosen"_s);
        page.goTo(u"j17"_s);
        page.findChild<QAction *>(u"audit-verify"_s)->trigger();
        QVERIFY(finishBackground(Millis(5000)));
        take(page, u"journal"_s);
        take(page, u"journal"_s, 1.5);
        page.goTo(u"j15"_s);
        take(page, u"journal-no-result"_s);
        page.goTo(u"j16"_s);
        take(page, u"journal-session"_s);
        page.resize(640, 480);
        page.goTo(u"j17"_s);
        reader->check.brokenAt = 17;
        page.findChild<QAction *>(u"audit-verify"_s)->trigger();
        QVERIFY(finishBackground(Millis(5000)));
        take(page, u"journal-small"_s);
        page.resize(1080, 700);

        auto story = storyJournal(wallNow());
        story.insert(story.begin(), longEntry());
        reader->give(story, true);
        page.changeMade();
        QTRY_COMPARE(table->model()->rowCount(), 8);
        page.goTo(u"j20"_s);
        take(page, u"journal-long"_s);
        page.setCluster(nullptr);
    }
};

QTEST_MAIN(JournalPicturesTest)
#include "tst_journal_pictures.moc"
