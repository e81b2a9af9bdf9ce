#include "journalfixture.h"
#include "ui/bridge/background.h"
#include "ui/models/journalmodel.h"
#include "ui/pages/journalpage.h"
#include "ui/widgets/datatable.h"
#include "ui/widgets/emptystate.h"

#include <QAction>
#include <QComboBox>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>

using namespace redrive;
using namespace redrive::ui;
using namespace redrive::test;
using namespace Qt::StringLiterals;

namespace {

std::shared_ptr<Snapshot> connectedSnapshot(const std::string &clusterId = "cluster-a")
{
    auto snapshot = snapshotOf({summaryOf("billing", 100)});
    snapshot->cluster.emplace();
    snapshot->cluster->clusterId = clusterId;
    return snapshot;
}

/// A page over one cluster whose journal is a twin.
struct World
{
    Settings settings;
    std::shared_ptr<TwinReader> reader = std::make_shared<TwinReader>();
    std::unique_ptr<ClusterView> cluster;
    std::unique_ptr<JournalPage> page;

    explicit World(kafka::AccessPolicy policy = {})
        : cluster(std::make_unique<ClusterView>(u"local"_s, policy, QStringList()))
        , page(std::make_unique<JournalPage>(settings))
    {
        cluster->setJournal(reader);
        page->resize(1080, 700);
    }
    void open()
    {
        cluster->show(connectedSnapshot());
        page->setCluster(cluster.get());
        page->setShown(true);
        bringUp(*page);
    }
    void openStory()
    {
        reader->give(storyJournal(wallNow()));
        open();
        [&] { QTRY_COMPARE(table()->model()->rowCount(), 7); }();
    }
    template <typename T>
    T *find(const char *name) const
    {
        T *const found = page->findChild<T *>(QLatin1StringView(name));
        if (!found)
            qWarning() << "no" << name;
        return found;
    }
    DataTable *table() const { return find<DataTable>("journal-table"); }
    QString label(const char *name) const { return find<QLabel>(name)->text(); }
    EmptyState *emptiness() const
    {
        for (auto *empty : page->findChildren<EmptyState *>()) {
            if (empty->isVisible() && empty->objectName() != "journal-no-detail"_L1)
                return empty;
        }
        return nullptr;
    }
    QString cell(int row, int column) const
    {
        return table()->model()->index(row, column).data().toString();
    }
};

} // namespace

class JournalPageTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { isolateSettings(); }
    void init() { failOnWarnings(); }
    void cleanup() { QVERIFY(finishBackground(Millis(5000))); }

    void aClusterWithoutAJournalSaysWhatWouldBeInIt()
    {
        World world;
        world.open();
        QTRY_COMPARE(world.emptiness()->title(), u"Nothing has been changed from here yet"_s);
        QVERIFY(world.emptiness()->text().contains(u"what was there before"_s));
        QCOMPARE(world.reader->asked(), std::vector<std::string>{"cluster-a"});
    }

    void nothingIsReadBeforeTheClusterIsKnown()
    {
        World world;
        world.page->setCluster(world.cluster.get());
        world.page->setShown(true);
        bringUp(*world.page);
        QVERIFY(world.emptiness()->title().contains(u"local"_s));
        QVERIFY(world.reader->asked().empty());
        world.reader->give(storyJournal(wallNow()));
        world.cluster->show(connectedSnapshot());
        QTRY_COMPARE(world.table()->model()->rowCount(), 7);
        world.page->setCluster(nullptr);
        QCOMPARE(world.table()->model()->rowCount(), 0);
        QCOMPARE(world.emptiness()->title(), u"No cluster is open"_s);
    }

    void aJournalThatCannotBeReadSaysSoInItsWordsAndIsTriedAgain()
    {
        World world;
        world.reader->fail(brokerError(
            "opening journal.db", "it is of version 9, and this Redrive knows 2", "NEWER_VERSION"));
        world.open();
        QTRY_COMPARE(world.emptiness()->title(), u"The journal cannot be read"_s);
        QVERIFY(world.emptiness()->text().contains(u"it is of version 9"_s));
        world.reader->give(storyJournal(wallNow()));
        emit world.emptiness()->pressed();
        QTRY_COMPARE(world.table()->model()->rowCount(), 7);

        world.reader->fail(brokerError("reading the journal", "disk I/O error", "SQLITE_IOERR"));
        world.page->changeMade();
        QTRY_VERIFY(world.find<QLabel>("journal-problem")->isVisible());
        QVERIFY(world.label("journal-problem").contains(u"disk I/O error"_s));
        QCOMPARE(world.table()->model()->rowCount(), 7);
    }

    void changesStandNewestFirstAndTheChosenOneIsShown()
    {
        World world;
        world.openStory();
        QCOMPARE(world.cell(0, JournalModel::Action), u"reset"_s);
        QCOMPARE(world.cell(0, JournalModel::State), u"… under way"_s);
        QCOMPARE(world.cell(1, JournalModel::Action), u"undo"_s);
        QCOMPARE(world.label("journal-count"), u"7 changes"_s);

        QSignalSpy places(world.page.get(), &Page::placeChanged);
        world.table()->selectRow(2);
        QCOMPARE(places.count(), 1);
        QCOMPARE(world.page->place(), u"j17"_s);
        QCOMPARE(world.label("journal-state"), u"◐ partial"_s);
        QCOMPARE(world.label("journal-reason"), u"INC-4711: process the morning's orders again"_s);
        QVERIFY(world.label("journal-outcome").startsWith(u"5 partitions: 3 confirmed"_s));
        const auto *rows = world.find<DataTable>("journal-rows-table");
        QCOMPARE(rows->model()->rowCount(), 5);
        QVERIFY(!rows->isColumnHidden(JournalRowModel::Problem));

        world.page->goTo(u"j15"_s);
        QCOMPARE(world.label("journal-state"), u"? no result"_s);
        QVERIFY(world.label("journal-outcome").contains(u"Ended without a result: unknown."_s));
        QCOMPARE(rows->model()->rowCount(), 2);
    }

    void aNewChangeComesWithoutTakingTheSelectionAway()
    {
        World world;
        world.openStory();
        world.page->goTo(u"j17"_s);
        auto story = storyJournal(wallNow());
        story.insert(story.begin(),
                     journalEntry("j20", "billing", "reset", store::JournalState::Done, {}));
        story.front().time = wallNow();
        world.reader->give(story);
        world.page->changeMade();
        QTRY_COMPARE(world.table()->model()->rowCount(), 8);
        QCOMPARE(world.page->place(), u"j17"_s);
        QCOMPARE(world.table()->currentSourceRow(),
                 static_cast<JournalModel &>(world.table()->source()).find("j17"));
    }

    void itLooksAgainByItselfOnlyWhileItIsShown()
    {
        World world;
        world.openStory();
        auto fewer = storyJournal(wallNow());
        fewer.pop_back();
        world.reader->give(fewer);
        QTRY_COMPARE_WITH_TIMEOUT(world.table()->model()->rowCount(), 6,
                                  JournalFeed::lookMillis * 3);
        world.page->setShown(false);
        const auto asked = world.reader->asked().size();
        world.page->changeMade();
        QCOMPARE(world.reader->asked().size(), asked);
        world.reader->give(storyJournal(wallNow()));
        world.page->setShown(true);
        QTRY_COMPARE(world.table()->model()->rowCount(), 7);
    }

    void anAnswerThatComesAfterTheClusterWentChangesNothing()
    {
        World world;
        world.reader->give(storyJournal(wallNow()));
        world.reader->hold(true);
        world.open();
        world.page->setCluster(nullptr);
        world.reader->hold(false);
        QVERIFY(finishBackground(Millis(5000)));
        QCoreApplication::processEvents();
        QCOMPARE(world.table()->model()->rowCount(), 0);
    }

    void theFilterLooksIntoTopicsReasonsAndGroups()
    {
        World world;
        world.openStory();
        auto *filter = world.find<QLineEdit>("journal-filter");
        filter->setText(u"payments"_s);
        QCOMPARE(world.table()->model()->rowCount(), 1);
        QCOMPARE(world.label("journal-count"), u"1 of 7"_s);
        filter->setText(u"inc-471"_s);
        QCOMPARE(world.table()->model()->rowCount(), 3);
        auto *group = world.find<QComboBox>("journal-group");
        QCOMPARE(group->count(), 5);
        group->setCurrentText(u"audit"_s);
        QCOMPARE(world.emptiness()->title(), u"No change matches"_s);
        emit world.emptiness()->pressed();
        QCOMPARE(world.table()->model()->rowCount(), 7);
        group->setCurrentText(u"audit"_s);
        QCOMPARE(world.table()->model()->rowCount(), 2);
        world.page->goTo(u"j14"_s);
        QCOMPARE(world.table()->model()->rowCount(), 7);
    }

    void undoAsksForThePlanOfTheChosenChange()
    {
        World world;
        world.openStory();
        auto *undo = world.find<QAction>("journal-undo");
        auto *button = world.find<QPushButton>("journal-undo-button");
        QVERIFY(!undo->isEnabled());
        QVERIFY(button->accessibleDescription().contains(u"No change is selected"_s));
        std::vector<OffsetWish> asked;
        connect(world.page.get(), &Page::offsetsRequested, this,
                [&asked](const OffsetWish &wish) { asked.push_back(wish); });
        world.page->goTo(u"j17"_s);
        QVERIFY(undo->isEnabled());
        world.table()->setFocus();
        QTest::keySequence(world.table(), QKeySequence::Undo);
        QCOMPARE(asked.size(), std::size_t(1));
        QCOMPARE(asked[0].group, GroupId("billing"));
        const auto &way = std::get<offsets::to::Undo>(*asked[0].target);
        QCOMPARE(way.journal, "j17");
        QCOMPARE(way.before.size(), std::size_t(4)); // one of the five was not applied
        QCOMPARE(way.before.at({"orders", 0}).offset, std::optional(Offset(18'220)));
        QVERIFY(!way.before.at({"payments", 0}).offset);
        world.page->goTo(u"j15"_s);
        QVERIFY(undo->isEnabled());
        world.page->goTo(u"j13"_s);
        QVERIFY(!undo->isEnabled());
        QVERIFY(button->accessibleDescription().contains(u"nothing that could be taken back"_s));
        world.page->goTo(u"j16"_s);
        QVERIFY(!undo->isEnabled());

        QSignalSpy opened(world.page.get(), &Page::openRequested);
        world.find<QAction>("journal-open-group")->trigger();
        QCOMPARE(opened[0][1].toString(), u"search-indexer"_s);
    }

    void aChangeWithoutAResultIsSettledByWhatTheGroupHasNow()
    {
        World world;
        world.openStory();
        world.page->goTo(u"j15"_s);
        QVERIFY(!world.find<QLabel>("journal-settled")->isVisible());
        auto snapshot = connectedSnapshot();
        auto detail = detailOf(
            summaryOf("audit", 5), {},
            {partitionOf("task-events", 0, 0, 9'500), partitionOf("task-events", 1, 8'871, 9'500)});
        detail.commitsReadAt = wallNow();
        focus(*snapshot, detail);
        world.cluster->show(snapshot);
        QVERIFY(world.label("journal-settled")
                    .endsWith(u"2 partitions: 1 confirmed, 1 not applied."_s));
        const auto *rows = world.find<DataTable>("journal-rows-table")->model();
        QCOMPARE(rows->index(1, JournalRowModel::Outcome).data().toString(), u"✕ NOT APPLIED"_s);
        world.page->goTo(u"j17"_s);
        QVERIFY(!world.find<QLabel>("journal-settled")->isVisible());
    }

    void aReadOnlyProfileTakesNothingBack()
    {
        World world(kafka::effectivePolicy(std::nullopt, true));
        world.openStory();
        world.page->goTo(u"j17"_s);
        QVERIFY(!world.find<QAction>("journal-undo")->isEnabled());
        QVERIFY(world.find<QPushButton>("journal-undo-button")
                    ->accessibleDescription()
                    .contains(u"read-only"_s));
    }

    void theChainIsVerifiedAndExportedFromHere()
    {
        World world;
        world.openStory();
        auto *verify = world.find<QAction>("audit-verify");
        QVERIFY(verify->isEnabled());
        verify->trigger();
        QVERIFY(!verify->isEnabled());
        QTRY_VERIFY(world.label("audit-words").contains(u"The chain holds: 42 lines"_s));
        QVERIFY(verify->isEnabled());
        world.reader->check.brokenAt = 17;
        verify->trigger();
        QTRY_VERIFY(world.label("audit-words").contains(u"Line 17 does not chain"_s));

        world.find<QAction>("audit-export")->trigger();
        auto *dialog = world.page->findChild<QFileDialog *>(u"audit-export-dialog"_s);
        QVERIFY(dialog);
        emit dialog->fileSelected(u"/tmp/audit.ndjson"_s);
        dialog->close();
        QTRY_VERIFY(world.label("audit-words").contains(u"42 lines written to"_s));
        QCOMPARE(world.reader->exported, std::vector<std::string>{"/tmp/audit.ndjson"});
    }

    void whereThereIsNoJournalThereIsNothingToVerify()
    {
        World world;
        world.open();
        QTRY_VERIFY(world.emptiness());
        QVERIFY(!world.find<QAction>("audit-verify")->isEnabled());
        QVERIFY(!world.find<QAction>("audit-export")->isEnabled());
    }

    void everyControlHasANameForAssistiveTechnology()
    {
        World world;
        world.openStory();
        world.page->goTo(u"j17"_s);
        QCOMPARE(world.page->accessibleName(), u"Journal"_s);
        QCOMPARE(world.table()->accessibleName(), u"Journal"_s);
        QCOMPARE(world.find<DataTable>("journal-rows-table")->accessibleName(),
                 u"Partitions of the change"_s);
        QCOMPARE(world.find<QComboBox>("journal-group")->accessibleName(), u"Group"_s);
        QStringList headers;
        for (int column = 0; column < JournalRowModel::Count; ++column)
            headers << world.find<DataTable>("journal-rows-table")
                           ->model()
                           ->headerData(column, Qt::Horizontal)
                           .toString();
        QCOMPARE(headers, (QStringList{u"Topic"_s, u"Partition"_s, u"Before"_s, u"Requested"_s,
                                       u"After"_s, u"Outcome"_s, u"Problem"_s}));
    }
};

QTEST_MAIN(JournalPageTest)
#include "tst_journal_page.moc"
