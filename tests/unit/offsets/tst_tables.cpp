#include "core/offsets/tables.h"

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <sys/stat.h>

using namespace redrive;
using namespace redrive::offsets;

namespace {

const WallTime noon{Millis(1'795'255'200'000)};

CommittedOffset commit(const char *topic, std::int32_t partition, std::optional<Offset> offset)
{
    return {.partition = {topic, partition},
            .offset = offset,
            .leaderEpoch = 4,
            .metadata = "m",
            .error = {}};
}

CommitImage at(std::int64_t offset)
{
    return {.offset = Offset(offset), .leaderEpoch = {}, .metadata = {}};
}

} // namespace

class TestTables : public QObject
{
    Q_OBJECT

private slots:
    void aTableIsWrittenAsKafkasToolExportsOneGroup()
    {
        GroupOffsets offsets;
        offsets.offsets = {commit("orders", 0, Offset(42)), commit("orders", 1, {}),
                           commit("payments", 7, Offset(0))};
        QCOMPARE(toCsv(offsets), "orders,0,42\npayments,7,0\n");
    }

    void whatWasWrittenIsReadBack()
    {
        GroupOffsets offsets;
        offsets.offsets = {commit("a,b", 0, Offset(1)), commit("c\"d\ne", 1, Offset(2)),
                           commit("orders", 2, Offset(std::numeric_limits<std::int64_t>::max()))};
        const auto read = fromCsv(toCsv(offsets));
        QVERIFY(read);
        QCOMPARE(read->size(), 3U);
        for (const CommittedOffset &one : offsets.offsets)
            QCOMPARE(*read->at(one.partition).offset, *one.offset);
    }

    void bothShapesOfKafkasToolAreRead_data()
    {
        QTest::addColumn<QString>("text");
        const auto row = [](const char *title, const char *text) {
            QTest::newRow(title) << QString::fromUtf8(text);
        };
        row("of one group", "orders,0,42\norders,1,7\n");
        row("of several groups", "billing,orders,0,42\nbilling,orders,1,7\n");
        row("no line end", "orders,0,42\norders,1,7");
        row("Windows line ends", "orders,0,42\r\norders,1,7\r\n");
        row("blank lines", "\n\norders,0,42\n\norders,1,7\n\n");
        row("a header", "topic,partition,offset\norders,0,42\norders,1,7\n");
        row("a header with groups",
            "group,topic,partition,offset\nbilling,orders,0,42\nbilling,orders,1,7\n");
        row("quoted", "\"orders\",0,42\n\"orders\",\"1\",\"7\"\n");
        row("a byte order mark", "\xef\xbb\xbforders,0,42\norders,1,7\n");
        row("blanks around", " orders, 0, 42\norders ,1 ,7\n");
    }
    void bothShapesOfKafkasToolAreRead()
    {
        QFETCH(QString, text);
        const auto read = fromCsv(text.toStdString(), GroupId("billing"));
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        QVERIFY(*read == (CommitTable{{{"orders", 0}, at(42)}, {{"orders", 1}, at(7)}}));
    }

    void anErrorNamesTheLine_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("message");
        const auto row = [](const char *title, const char *text, const char *message) {
            QTest::newRow(title) << QString::fromUtf8(text) << QString::fromUtf8(message);
        };
        row("nothing", "", "line 1: there is no offset in it");
        row("a header alone", "topic,partition,offset\n", "line 2: there is no offset in it");
        row("no offset", "orders,0,42\n\norders,1\n",
            "line 3: topic,partition,offset was expected, or group,topic,partition,offset");
        row("a header further down", "orders,0,42\ntopic,partition,offset\n",
            "line 2: 'partition' is not a partition");
        row("no number", "orders,0,4x2\n", "line 1: '4x2' is not an offset");
        row("below zero", "orders,0,-1\n", "line 1: '-1' is not an offset");
        row("too large", "orders,0,9223372036854775808\n",
            "line 1: '9223372036854775808' is not an offset");
        row("no topic", ",0,42\n", "line 1: there is no topic");
        row("twice", "orders,0,42\norders,0,43\n",
            "line 2: orders partition 0 stands on a line before it, too");
        row("mixed", "orders,0,42\nbilling,orders,1,7\n",
            "line 2: the lines before it have 3 fields, this one 4");
        row("another group", "billing,orders,0,42\naudit,orders,1,7\n",
            "line 2: it is of group 'audit', not of 'billing'");
        row("an open quote", "orders,0,42\n\"orders,1,7\n", "line 2: a quoted field has no end");
        row("more after a quote", "\"orders\"x,0,42\n",
            "line 1: something follows after a quoted field");
        row("after a quoted line end", "\"or\nders\",0,42\norders,x,1\n",
            "line 3: 'x' is not a partition");
    }
    void anErrorNamesTheLine()
    {
        QFETCH(QString, text);
        const auto read = fromCsv(text.toStdString());
        QVERIFY(!read);
        QTEST(QString::fromStdString(read.error().message), "message");
        QVERIFY(read.error().kind == Error::Kind::Usage);
    }

    void linesOfAnotherGroupAreRefusedByName()
    {
        const auto read = fromCsv("audit,orders,0,42\n", GroupId("billing"));
        QVERIFY(!read);
        QCOMPARE(read.error().message, "line 1: it is of group 'audit', not of 'billing'");
    }

    void aSnapshotIsReadBackToTheByte()
    {
        const OffsetsSnapshot snapshot{
            .clusterId = "c",
            .group = GroupId("bill\"ing\n"),
            .time = noon + Millis(7),
            .commits = {
                {{"orders", 0},
                 {.offset = Offset(42), .leaderEpoch = 0, .metadata = std::string("\0\xff", 2)}},
                {{"orders", 1}, {.offset = {}, .leaderEpoch = {}, .metadata = {}}},
                {{"orders", 2}, {.offset = Offset(0), .leaderEpoch = {}, .metadata = "ö"}}}};
        const auto read = snapshotFromJson(toJson(snapshot));
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        QVERIFY(*read == snapshot);
    }

    void whatIsNoSnapshotIsRefusedWithTheReason_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("why");
        const auto row = [](const char *text, const char *why) {
            QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(why);
        };
        row("", "");
        row("[]", "it is not an object");
        row("orders,0,42", "");
        row(R"({"cluster_id":"c","group":"g","time":"2026-11-21T10:00:00.000Z"})",
            "there is no commits");
        row(R"({"cluster_id":"c","group":"g","time":"noon","commits":[]})",
            "time is not a time such as");
        row(R"({"cluster_id":"c","group":"g","time":1,"commits":[{"topic":"t","partition":-1}]})",
            "commits[0].partition is not a number that can be");
        row(R"({"cluster_id":"c","group":"g","time":1,
                "commits":[{"topic":"t","partition":0,"offset":1.5}]})",
            "commits[0].offset is not a whole number");
    }
    void whatIsNoSnapshotIsRefusedWithTheReason()
    {
        QFETCH(QString, text);
        QFETCH(QString, why);
        const auto read = snapshotFromJson(text.toStdString());
        QVERIFY(!read);
        QVERIFY2(QString::fromStdString(read.error().message).contains(why),
                 read.error().message.c_str());
    }

    void aFileIsReplacedAndIsForItsOwnerAlone()
    {
        QTemporaryDir place;
        const std::filesystem::path file = place.filePath("plan.json").toStdString();
        QVERIFY(writeFile(file, "one"));
        QVERIFY(writeFile(file, "two"));
        QCOMPARE(*readFile(file), "two");
        struct stat about
        {
        };
        QCOMPARE(::stat(file.c_str(), &about), 0);
        QCOMPARE(about.st_mode & 0777U, 0600U);
        QCOMPARE(std::distance(std::filesystem::directory_iterator(file.parent_path()), {}), 1);
    }

    void aLinkIsWrittenThrough()
    {
        QTemporaryDir place;
        const std::filesystem::path real = place.filePath("real.json").toStdString();
        const std::filesystem::path link = place.filePath("link.json").toStdString();
        QVERIFY(writeFile(real, "one"));
        std::filesystem::create_symlink("real.json", link);
        QVERIFY(writeFile(link, "two"));
        QVERIFY(std::filesystem::is_symlink(link));
        QCOMPARE(*readFile(real), "two");
    }

    void whatIsNoFileIsRefused()
    {
        QTemporaryDir place;
        const std::filesystem::path pipe = place.filePath("pipe").toStdString();
        QCOMPARE(::mkfifo(pipe.c_str(), 0600), 0);
        QVERIFY(!readFile(pipe));
        QVERIFY(!readFile(place.path().toStdString()));
        QVERIFY(!writeFile(place.path().toStdString(), "x"));
        QVERIFY(!writeFile(place.filePath("no/such/place").toStdString(), "x"));
        const auto missing = readFile(place.filePath("missing").toStdString());
        QVERIFY(!missing);
        QCOMPARE(missing.error().code, "FILE_ERROR");
    }

    void aFileThatIsTooLargeIsRefused()
    {
        QTemporaryDir place;
        const std::filesystem::path file = place.filePath("large").toStdString();
        QVERIFY(writeFile(file, ""));
        std::filesystem::resize_file(file, (64U << 20U) + 1);
        const auto read = readFile(file);
        QVERIFY(!read);
        QCOMPARE(read.error().message, "it is larger than 64 MiB");
    }
};

QTEST_APPLESS_MAIN(TestTables)
#include "tst_tables.moc"
