#include "core/offsets/shell.h"
#include "core/offsets/words.h"
#include "tests/unit/offsets/planworld.h"

#include <QProcess>
#include <QTest>

using namespace redrive;
using namespace redrive::offsets;

namespace {

Plan planned(const Target &target, const std::string &facts,
             const Scope &scope = {.topics = {}, .allTopics = true})
{
    return makePlan(request(target, scope), factsOf("group Empty\n" + facts), noon);
}

QString sums(const Target &target, const std::string &facts,
             const Scope &scope = {.topics = {}, .allTopics = true})
{
    return QString::fromStdString(sumsInWords(planned(target, facts, scope)));
}

QString asKafka(const Target &target, const std::string &facts,
                const Scope &scope = {.topics = {}, .allTopics = true})
{
    return QString::fromStdString(asKafkaCommand(planned(target, facts, scope), "host:9092"));
}

QString redrivectl(const Target &target, const std::string &facts,
                   const Scope &scope = {.topics = {}, .allTopics = true})
{
    return QString::fromStdString(asRedriveCommand(planned(target, facts, scope), "--profile p"));
}

constexpr const char *two = "orders/0 committed=120 end=150\norders/2 committed=30 end=150\n"
                            "payments/1 committed=100 end=150\n";

} // namespace

class TestWords : public QObject
{
    Q_OBJECT

private slots:
    void theSumsAreSaidInWords()
    {
        QCOMPARE(sums(to::Earliest{}, "orders/0 committed=6219 end=7000"),
                 "6,219 records will be processed again, none skipped.");
        QCOMPARE(sums(to::Latest{}, "orders/0 committed=8 end=9"),
                 "No record will be processed again, 1 skipped that was never processed.");
        QCOMPARE(sums(to::Exact{Offset(100)}, two),
                 "20 records will be processed again, 70 skipped that were never processed. "
                 "1 partition is there already.");
        QCOMPARE(
            sums(to::Exact{Offset(1)}, "orders/0 committed=2 end=9\norders/1 committed=2 end=0"),
            "1 record will be processed again, none skipped. 1 partition needs a decision.");
        QCOMPARE(sums(to::Exact{Offset(9)}, "orders/0 committed=9 end=9"),
                 "Nothing will move: everything is where it is to be already.");
        QCOMPARE(sums(to::Earliest{}, "orders/0 end=9\norders/1 end=9", topic("orders")),
                 "2 partitions will be committed to for the first time.");
        QCOMPARE(sums(to::Delete{}, "orders/0 committed=3 end=9"),
                 "1 commit will be deleted: where the group then begins is up to its "
                 "auto.offset.reset.");
        QCOMPARE(sums(to::Earliest{}, "orders/0 committed=5 start=20 end=50"),
                 "No record will be processed again, none skipped. 15 records were deleted from "
                 "the log before the group could read them.");
        QCOMPARE(sums(to::Time{noon}, "orders/0 committed=5 end=50"),
                 "1 partition was not read yet.");
        QCOMPARE(sums(to::Earliest{}, "orders/0 end=50"),
                 "the group has committed nothing: choose its topics by name.");
    }

    void whatIsInTheWayIsSaid()
    {
        const auto way = [](const char *facts, bool create = false) {
            auto asked = request(to::Earliest{}, topic("orders"));
            asked.create = create;
            return QString::fromStdString(whatStandsInTheWay(
                makePlan(asked, factsOf(std::string(facts) + "\norders/0 end=9"), noon)));
        };
        QCOMPARE(way("group Empty"), "");
        QCOMPARE(way("group Stable 3"), "The group is Stable with 3 members: it must be empty.");
        QCOMPARE(way("group PreparingRebalance 1"),
                 "The group is PreparingRebalance with 1 member: it must be empty.");
        QCOMPARE(way("group Stable"), "The group is Stable: it must be empty.");
        QCOMPARE(way("group ?"), "What state the group is in is not known: it must be empty.");
        QCOMPARE(
            way("group ? 2"),
            "What state the group is in is not known, and it has 2 members: it must be empty.");
        QCOMPARE(way("group Dead"), "There is no such group.");
        QCOMPARE(way("group Dead", true), "");
        auto plan = planned(to::Earliest{}, two);
        plan.moving = {{"orders", 0}};
        QCOMPARE(whatStandsInTheWay(plan), "The group looks empty, but a commit moves: a consumer "
                                           "that assigns its partitions by hand is running.");
    }

    void aPlanIsACommandOfKafkasToolThatDoesTheSame()
    {
        const QString begin = "kafka-consumer-groups --bootstrap-server host:9092 --group billing ";
        const QString reset = begin + "--reset-offsets --topic orders:0,2 --topic payments:1 ";
        QCOMPARE(asKafka(to::Earliest{}, two), reset + "--to-earliest --execute");
        QCOMPARE(asKafka(to::Latest{}, two), reset + "--to-latest --execute");
        QCOMPARE(asKafka(to::Shift{-10}, two), reset + "--shift-by=-10 --execute");
        QCOMPARE(asKafka(to::Shift{10}, two), reset + "--shift-by 10 --execute");
        QCOMPARE(asKafka(to::Exact{Offset(42)}, two), reset + "--to-offset 42 --execute");
        const char *timed = "orders/0 committed=120 end=150 time=20";
        QCOMPARE(asKafka(to::Time{noon}, timed),
                 begin + "--reset-offsets --topic orders:0 "
                         "--to-datetime 2026-11-21T10:00:00.000Z --execute");
        QCOMPARE(asKafka(to::Ago{Millis(60'000)}, timed),
                 begin + "--reset-offsets --topic orders:0 "
                         "--to-datetime 2026-11-21T09:59:00.000Z --execute");
        QCOMPARE(asKafka(to::Delete{}, two),
                 begin + "--delete-offsets --topic orders:0,2 --topic payments:1");
    }

    void whatTheToolHasNoWordForIsGivenAsATable()
    {
        const Plan plan = planned(to::LatestMinus{100}, "orders/0 committed=120 end=150\n"
                                                        "orders/1 committed=1 end=200");
        const std::string file = "redrive-" + plan.hash.substr(7, 12) + ".csv";
        QCOMPARE(asKafkaCommand(plan, "host:9092"),
                 "cat > " + file +
                     " <<'EOF'\norders,0,50\norders,1,100\nEOF\n"
                     "kafka-consumer-groups --bootstrap-server host:9092 --group billing "
                     "--reset-offsets --from-file " +
                     file + " --execute");
    }

    void anUndoThatDeletesIsTwoCommands()
    {
        const to::Undo undo{.journal = "j17",
                            .before = {{{"orders", 0}, at(7)}, {{"orders", 2}, CommitImage{}}},
                            .after = {},
                            .topicIds = {}};
        const QString commands = asKafka(undo, two);
        QVERIFY(commands.contains(" <<'EOF'\norders,0,7\nEOF\nkafka-consumer-groups "));
        QVERIFY(commands.endsWith("--execute\nkafka-consumer-groups --bootstrap-server host:9092 "
                                  "--group billing --delete-offsets --topic orders:2"));
        QCOMPARE(redrivectl(undo, two), "redrivectl --profile p offsets undo j17 --execute");
    }

    void rowsWithAnErrorAreInNoCommand()
    {
        const char *facts = "orders/0 committed=120 end=150\norders/1 committed=3 end=9";
        QCOMPARE(asKafka(to::Exact{Offset(42)}, facts),
                 "kafka-consumer-groups --bootstrap-server host:9092 --group billing "
                 "--reset-offsets --topic orders:0 --to-offset 42 --execute");
        QCOMPARE(asKafka(to::Exact{Offset(420)}, facts), "");
        QCOMPARE(redrivectl(to::Exact{Offset(420)}, facts), "");
    }

    void aPlanIsACommandOfOursThatDoesTheSame()
    {
        const QString begin = "redrivectl --profile p offsets reset billing --topic orders:0,2 "
                              "--topic payments:1 ";
        QCOMPARE(redrivectl(to::Earliest{}, two), begin + "--to earliest --execute");
        QCOMPARE(redrivectl(to::Shift{-10}, two), begin + "--to shift:-10 --execute");
        QCOMPARE(redrivectl(to::LatestMinus{7}, two), begin + "--to latest-minus:7 --execute");
        QCOMPARE(redrivectl(to::Delete{}, two), begin + "--delete --execute");
        QCOMPARE(redrivectl(to::Ago{Millis(60'000)}, "orders/0 committed=120 end=150 time=20"),
                 "redrivectl --profile p offsets reset billing --topic orders:0 "
                 "--to time:2026-11-21T09:59:00.000Z --execute");
        const to::Table table{{{{"orders", 0}, at(7)}}};
        const QString commands = redrivectl(table, two);
        QVERIFY(commands.startsWith("cat > redrive-"));
        QVERIFY(commands.contains(".csv <<'EOF'\norders,0,7\nEOF\nredrivectl --profile p offsets "
                                  "reset billing --topic orders:0 --to csv:redrive-"));
        auto asked = request(table);
        asked.spec = "csv:my offsets.csv";
        asked.create = true;
        QCOMPARE(
            asRedriveCommand(makePlan(asked, factsOf(std::string("group Dead\n") + two), noon), ""),
            "redrivectl offsets reset billing --topic orders:0 --to 'csv:my offsets.csv' "
            "--create --execute");
    }

    void aNameCannotBecomePartOfTheCommand()
    {
        auto asked = request(to::Earliest{});
        asked.group = GroupId("'; rm -rf ~'");
        const auto facts = factsOf(std::string("group Empty\n") + two);
        QVERIFY(asKafkaCommand(makePlan(asked, facts, noon), "host:9092")
                    .find(" --group ''\\''; rm -rf ~'\\''' ") != std::string::npos);
        asked.group = GroupId("-x");
        QVERIFY(asKafkaCommand(makePlan(asked, facts, noon), "host:9092").find(" --group=-x ") !=
                std::string::npos);
        QVERIFY(asRedriveCommand(makePlan(asked, facts, noon), "").ends_with(" --execute -- -x"));
        const auto hostile = factsOf("group Empty\nx/0 committed=1 end=9");
        Plan plan = makePlan(request(to::Table{{{{"x", 0}, at(0)}}}), hostile, noon);
        plan.rows.front().partition.topic = "a\nEOF\nrm -rf ~";
        const auto command = asKafkaCommand(plan, "host:9092");
        QVERIFY(command.find("<<'EOF_'\n") != std::string::npos);
        QVERIFY(command.find("\nEOF_\nkafka-consumer-groups ") != std::string::npos);
    }

    void aShellReadsBackWhatWasQuoted_data()
    {
        QTest::addColumn<QByteArray>("word");
        QTest::addColumn<QByteArray>("quoted");
        const auto row = [](const char *word, const char *quoted) {
            QTest::newRow(word) << QByteArray(word) << QByteArray(quoted);
        };
        row("billing", "billing");
        row("two words", "'two words'");
        row("", "''");
        row("it's", "'it'\\''s'");
        row("$HOME `id` \\ !", "'$HOME `id` \\ !'");
        row("back\\nslash", "'back\\nslash'");
        row("grün", "'grün'");
        row("new\nline\n", "$'new\\012line\\012'");
        row(" edges ", "' edges '");
        row("\xe2\x80\xaegnillib'\\", "$'\\342\\200\\256gnillib\\'\\\\'");
        row("\xff\x01"
            "23",
            "$'\\377\\00123'");
        row("~", "'~'");
    }
    void aShellReadsBackWhatWasQuoted()
    {
        QFETCH(QByteArray, word);
        const auto quoted = QByteArray::fromStdString(shellQuoted(word.toStdString()));
        QTEST(quoted, "quoted");
        QProcess shell;
        shell.start("bash", {"-c", "printf '<%s>' " + QString::fromUtf8(quoted)});
        QVERIFY(shell.waitForFinished());
        QCOMPARE(shell.readAllStandardOutput(), "<" + word + ">");
    }
};

QTEST_GUILESS_MAIN(TestWords)
#include "tst_words.moc"
