#include "journalfixture.h"
#include "modelfixture.h"
#include "ui/models/journalmodel.h"
#include "ui/models/journalwords.h"

#include <QSignalSpy>

using namespace redrive;
using namespace redrive::ui;
using namespace redrive::test;
using namespace Qt::StringLiterals;
using store::JournalOutcome;
using store::JournalState;

namespace {

std::shared_ptr<const JournalReading> readingOf(std::vector<store::JournalEntry> entries)
{
    auto reading = std::make_shared<JournalReading>();
    reading->exists = true;
    reading->entries = std::move(entries);
    return reading;
}

store::JournalEntry entryIn(JournalState state)
{
    return journalEntry("j1", "billing", "reset", state, {journalRow("orders", 0, 9, 1, {})});
}

QVariant value(const QAbstractItemModel &model, int row, int column, int role)
{
    return model.index(row, column).data(role);
}

} // namespace

class JournalModelsTest : public QObject
{
    Q_OBJECT
private slots:
    void init() { failOnWarnings(); }

    void eachStateHasAShapeOfItsOwnAndASentence()
    {
        QSet<QString> texts;
        for (const auto state :
             {JournalState::Begun, JournalState::Asked, JournalState::Done, JournalState::Partial,
              JournalState::Failed, JournalState::Unknown}) {
            texts.insert(journalStateText(entryIn(state), noon()));
            QVERIFY(!journalStateHelp(entryIn(state), noon()).isEmpty());
        }
        QCOMPARE(texts.size(), 6);
        QSet<QString> outcomes;
        for (const auto &outcome :
             {std::optional<JournalOutcome>(), std::optional(JournalOutcome::Confirmed),
              std::optional(JournalOutcome::NotApplied), std::optional(JournalOutcome::Unknown)})
            outcomes.insert(journalOutcomeText(outcome));
        QCOMPARE(outcomes.size(), 4);
        QVERIFY(outcomes.contains(u"✓ CONFIRMED"_s));
        QVERIFY(outcomes.contains(u"✕ NOT APPLIED"_s));
        QVERIFY(outcomes.contains(u"? UNKNOWN"_s));
        QVERIFY(outcomes.contains(unknownText()));
    }

    void aChangeThatBeganLongAgoEndedWithoutAResult()
    {
        const auto entry = entryIn(JournalState::Begun);
        QCOMPARE(journalStateText(entry, noon() + Millis(5'000)), u"… under way"_s);
        QVERIFY(!endedWithoutResult(entry, noon() + Millis(5'000)));
        QCOMPARE(journalStateText(entry, noon() + Millis(600'000)), u"? no result"_s);
        QVERIFY(journalStateHelp(entry, noon() + Millis(600'000))
                    .startsWith(u"Ended without a result: unknown."_s));
        QVERIFY(whyNoUndo(entry).isEmpty());
    }

    void whatDidNothingAndStepsOfSessionsAreNotTakenBack()
    {
        auto failed = entryIn(JournalState::Failed);
        failed.rows[0].outcome = JournalOutcome::NotApplied;
        QVERIFY(whyNoUndo(failed).contains(u"changed nothing"_s));
        failed.rows.push_back(journalRow("orders", 1, 3, 1, JournalOutcome::Unknown));
        QVERIFY(whyNoUndo(failed).isEmpty());
        auto skip = entryIn(JournalState::Asked);
        skip.action = "session skip";
        QVERIFY(whyNoUndo(skip).contains(u"Sessions"_s));
        skip.rows.clear();
        QVERIFY(!whyNoUndo(skip).isEmpty());
    }

    void whatNobodyKnowsIsToldByWhatTheGroupHasCommittedSince()
    {
        auto entry = journalEntry(
            "j1", "billing", "reset", JournalState::Begun,
            {journalRow("orders", 0, 100, 20, {}), journalRow("orders", 1, 100, 20, {}),
             journalRow("orders", 2, std::nullopt, 20, {}), journalRow("orders", 3, 100, 20, {})});
        const WallTime later = noon() + Millis(600'000);
        auto detail = detailOf(
            summaryOf("billing", 5), {},
            {partitionOf("orders", 0, 20, 200), partitionOf("orders", 1, 100, 200),
             partitionOf("orders", 2, std::nullopt, 200), partitionOf("orders", 3, 77, 200)});
        detail.commitsReadAt = later;
        const auto settled = settledBy(entry, &detail, later);
        QVERIFY(settled);
        QCOMPARE(journalSums(settled->rows),
                 u"4 partitions: 1 confirmed, 2 not applied, 1 unknown"_s);
        QVERIFY(!settledBy(entry, nullptr, later));
        QVERIFY(!settledBy(entry, &detail, noon() + Millis(5'000)));

        auto elsewhere = detail;
        elsewhere.listing.id = GroupId("audit");
        QVERIFY(!settledBy(entry, &elsewhere, later));
        auto old = detail;
        old.commitsReadAt = noon() - Millis(1);
        QVERIFY(!settledBy(entry, &old, later));
        auto failed = detail;
        failed.errors.push_back(brokerError("reading offsets", "no", "NO"));
        QVERIFY(!settledBy(entry, &failed, later));
        entry.state = JournalState::Done;
        QVERIFY(!settledBy(entry, &detail, later));
    }

    void sumsNameEachOutcome()
    {
        const auto story = storyJournal(noon());
        QCOMPARE(journalSums(story[2].rows),
                 u"5 partitions: 3 confirmed, 1 not applied, 1 unknown"_s);
        QCOMPARE(journalSums(story[0].rows), u"1 partition"_s);
        QCOMPARE(journalTitle(story[2]), u"reset of billing"_s);
        QCOMPARE(journalTitle(story[3]), u"session skip in search-indexer"_s);
    }

    void theAuditSaysWhichLineDoesNotChain()
    {
        AuditNews news;
        news.what = AuditNews::What::Verified;
        news.at = noon();
        news.check = {.lines = 1'200, .brokenAt = {}};
        QCOMPARE(auditWords(news, ui::TimeZone::Utc, noon()).text,
                 u"● The chain holds: 1,200 lines (checked 11:03:22 UTC)."_s);
        news.check.brokenAt = 17;
        const AuditWords broken = auditWords(news, ui::TimeZone::Utc, noon());
        QVERIFY(broken.text.startsWith(u"✕ Line 17 does not chain"_s));
        QCOMPARE(broken.token, theme::Token::Bad);
        news.what = AuditNews::What::Failed;
        news.error = brokerError("reading the audit log", "disk I/O error", "SQLITE_IOERR");
        QVERIFY(auditWords(news, ui::TimeZone::Utc, noon()).text.contains(u"disk I/O error"_s));
    }

    void theListChangesInPlaceAndStatesGrowOld()
    {
        JournalModel model;
        const QAbstractItemModelTester tester(&model, strict);
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        const WallTime now = noon();
        model.show(readingOf(storyJournal(now)), ui::TimeZone::Utc, now);
        QCOMPARE(model.rowCount(), 7);
        const int newest = model.find("j19");
        QCOMPARE(newest, 6);
        QCOMPARE(model.find("j20"), -1);
        QCOMPARE(model.find("x19"), -1);
        QCOMPARE(value(model, newest, JournalModel::State, Qt::DisplayRole).toString(),
                 u"… under way"_s);

        const auto again = readingOf(storyJournal(now));
        QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
        model.show(again, ui::TimeZone::Utc, now);
        QCOMPARE(changes.count(), 0);
        model.show(again, ui::TimeZone::Utc, now + Millis(300'000));
        QCOMPARE(value(model, newest, JournalModel::State, Qt::DisplayRole).toString(),
                 u"? no result"_s);

        auto fewer = storyJournal(now);
        fewer.erase(fewer.begin() + 1);
        fewer.insert(fewer.begin(), journalEntry("j20", "billing", "undo", JournalState::Done, {}));
        model.show(readingOf(fewer), ui::TimeZone::Utc, now);
        QCOMPARE(model.find("j18"), -1);
        QVERIFY(model.find("j20") > model.find("j19"));
        QCOMPARE(resets.count(), 0);
        QCOMPARE(model.groups(),
                 (std::vector<std::string>{"audit", "billing", "legacy", "search-indexer"}));
    }

    void changesOfOneMillisecondStandInTheOrderOfTheirBeginning()
    {
        JournalModel model;
        model.show(readingOf({journalEntry("j10", "a", "reset", JournalState::Done, {}),
                              journalEntry("j9", "a", "reset", JournalState::Done, {})}),
                   ui::TimeZone::Utc, noon());
        QVERIFY(value(model, 1, JournalModel::Time, SortRole).toLongLong() >
                value(model, 0, JournalModel::Time, SortRole).toLongLong());
        QCOMPARE(model.entryAt(1).id, "j10");
    }

    void foreignTextIsText()
    {
        auto entry = entryIn(JournalState::Done);
        entry.group = GroupId("<b>bil\nling</b>");
        entry.reason = "<img src=x>\x1b[31m";
        JournalModel model;
        model.show(readingOf({entry}), ui::TimeZone::Utc, noon());
        QCOMPARE(value(model, 0, JournalModel::Group, Qt::DisplayRole).toString(),
                 u"<b>bil\\nling</b>"_s);
        QVERIFY(
            !value(model, 0, JournalModel::Reason, Qt::ToolTipRole).toString().contains(u"<img"_s));
        QVERIFY(model.row(0).haystack.contains(u"orders"_s));
    }

    void aMissingCommitIsAWordAndWhatWasNotReadBackIsADash()
    {
        JournalRowModel model;
        const QAbstractItemModelTester tester(&model, strict);
        using Column = JournalRowModel;
        auto entry =
            journalEntry("j1", "billing", "delete", JournalState::Partial,
                         {journalRow("orders", 0, 17, std::nullopt, JournalOutcome::Confirmed),
                          journalRow("orders", 1, std::nullopt, 4, JournalOutcome::Unknown),
                          journalRow("orders", 2, 18'220, 0, {})});
        entry.rows[0].beforeEpoch = 7;
        entry.rows[0].beforeMetadata = "by\nhand";
        model.show(entry.rows, false);
        const auto text = [&](int row, int column) {
            return value(model, row, column, Qt::DisplayRole).toString();
        };
        QCOMPARE(text(0, Column::Requested), u"none"_s);
        QCOMPARE(text(0, Column::After), u"none"_s);
        QCOMPARE(text(1, Column::Before), u"none"_s);
        QCOMPARE(text(1, Column::After), unknownText());
        QCOMPARE(text(2, Column::Before), u"18,220"_s);
        QCOMPARE(text(2, Column::Outcome), unknownText());
        QVERIFY(!value(model, 1, Column::Before, RawRole).isValid());
        QCOMPARE(value(model, 2, Column::Before, RawRole).toLongLong(), 18'220);
        QVERIFY(value(model, 1, Column::After, Qt::ToolTipRole).toString().contains(u"not read"_s));
        QVERIFY(value(model, 0, Column::Before, Qt::ToolTipRole)
                    .toString()
                    .contains(u"leader epoch 7, metadata “by\\nhand”"_s));
        QVERIFY(!model.hasProblems());

        const auto session = storyJournal(noon())[3];
        model.show(session.rows, true);
        QCOMPARE(model.rowCount(), 1);
        auto unknown = session;
        unknown.rows[0].before.reset();
        model.show(unknown.rows, true);
        QCOMPARE(text(0, Column::Before), unknownText());
    }
};

QTEST_MAIN(JournalModelsTest)
#include "tst_journal_models.moc"
