#include "app/ctl/produceoptions.h"
#include "app/ctl/producerun.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <functional>
#include <set>
#include <sstream>

using namespace redrive;
using namespace redrive::ctl;

Q_DECLARE_METATYPE(std::function<void(ProduceOptions &)>)

namespace {

const WallTime now{Millis(1'795'255'200'000)};

std::vector<SourceRecord> all(RecordSource &source)
{
    std::vector<SourceRecord> records;
    while (auto next = source.next()) {
        if (!*next)
            break;
        records.push_back(std::move(**next));
    }
    return records;
}

std::vector<SourceRecord> lines(const std::string &text, std::optional<std::string> key = {},
                                std::optional<std::string> delimiter = {})
{
    return all(*linesOf(std::make_unique<std::istringstream>(text), "test", std::move(key),
                        std::move(delimiter)));
}

/// Answers at once, as it is told to.
class Writer final : public kafka::RecordWriter
{
public:
    std::function<Result<kafka::Delivered>(const OutgoingRecord &)> answer = [](const auto &) {
        return kafka::Delivered{};
    };
    std::vector<OutgoingRecord> records;

    void send(OutgoingRecord record, Reply reply) override
    {
        auto outcome = answer(record);
        records.push_back(std::move(record));
        reply(std::move(outcome));
    }
    bool flush(Millis /*timeout*/) override { return true; }
};

Error refusal(Error::Kind kind, std::string code)
{
    return Error{.kind = kind,
                 .code = std::move(code),
                 .message = "no",
                 .attempted = {},
                 .retriable = false};
}

} // namespace

class TestProduceOptions : public QObject
{
    Q_OBJECT

    QTemporaryDir m_dir;

    std::string write(const char *name, const QByteArray &bytes)
    {
        QFile file(m_dir.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            return {};
        return file.fileName().toStdString();
    }

private slots:
    void eachLineIsOneValueByteForByte()
    {
        QVERIFY(lines("a\n\n b\r\nc") ==
                (std::vector<SourceRecord>{{{}, "a"}, {{}, ""}, {{}, " b\r"}, {{}, "c"}}));
        QVERIFY(lines("a\n") == (std::vector<SourceRecord>{{{}, "a"}}));
        QVERIFY(lines("").empty());
        QVERIFY(lines("a", "k") == (std::vector<SourceRecord>{{"k", "a"}}));
    }

    void aDelimiterSplitsAtItsFirstOccurrence()
    {
        QVERIFY(lines("k::v::w\n::x\nplain\n", {}, "::") ==
                (std::vector<SourceRecord>{{"k", "v::w"}, {"", "x"}, {{}, "plain"}}));
    }

    void aFileIsOneValue()
    {
        ProduceOptions options;
        options.topic = "t";
        options.file = write("value", QByteArray("a\nb\0c\n", 6));
        options.key = "";
        auto request = readProduce(options, now);
        QVERIFY(request);
        QVERIFY(all(*request->from) ==
                (std::vector<SourceRecord>{{"", std::string("a\nb\0c\n", 6)}}));
    }

    void eventsAreSeededAndEveryHundredthIsBad()
    {
        ProduceOptions options;
        options.topic = "orders";
        options.event = "order";
        options.count = "300";
        options.users = "2";
        options.bad = "1/100";
        const auto one = readProduce(options, now);
        const auto two = readProduce(options, now);
        QVERIFY(one && two);
        const auto records = all(*one->from);
        QCOMPARE(records.size(), 300U);
        QVERIFY(records == all(*two->from));
        std::set<std::string> keys;
        for (const auto &record : records)
            keys.insert(record.key.value_or("(none)"));
        QCOMPARE(keys, (std::set<std::string>{"u-0", "u-1"}));
        QCOMPARE(one->from->total(), std::optional<std::uint64_t>(300));
    }

    void headersKeepTheirOrderRepeatsAndEmptyValues()
    {
        ProduceOptions options;
        options.topic = "t";
        options.event = "task";
        options.headers = {"b=1", "a=x=y", "b="};
        const auto request = readProduce(options, now);
        QVERIFY(request);
        QVERIFY(request->headers == (Headers{{"b", "1"}, {"a", "x=y"}, {"b", ""}}));
        QVERIFY(!parseHeader("nothing") && !parseHeader("=x"));
    }

    void whatMakesNoSenseIsAUsageErrorThatNamesTheOption_data()
    {
        using Change = std::function<void(ProduceOptions &)>;
        QTest::addColumn<Change>("change");
        QTest::addColumn<QString>("named");
        const auto row = [](const char *named, const char *title, Change change) {
            QTest::newRow(title) << change << QString(named);
        };
        row("topic", "no topic", [](auto &o) { o.topic = ""; });
        row("--header", "header", [](auto &o) { o.headers = {"x"}; });
        row("--rate", "rate", [](auto &o) { o.rate = "fast"; });
        row("--event", "event", [](auto &o) { o.event = "invoice"; });
        row("--event", "event with a key", [](auto &o) {
            o.event = "order";
            o.key = "k";
        });
        row("--count", "count without event", [](auto &o) { o.count = "1"; });
        row("--count", "count of none", [](auto &o) {
            o.event = "order";
            o.count = "0";
        });
        row("--users", "no users", [](auto &o) {
            o.event = "order";
            o.users = "0";
        });
        row("--seed", "seed", [](auto &o) {
            o.event = "order";
            o.seed = "x";
        });
        row("--bad", "bad", [](auto &o) {
            o.event = "order";
            o.bad = "3/100";
        });
        row("--file", "file and lines", [](auto &o) {
            o.file = "a";
            o.lines = "b";
        });
        row("--file", "missing file", [](auto &o) { o.file = "/nonexistent/file"; });
        row("--lines", "directory", [](auto &o) { o.lines = "/"; });
        row("--key-delimiter", "delimiter of a file", [](auto &o) {
            o.file = "/etc/hostname";
            o.keyDelimiter = ":";
        });
        row("--key-delimiter", "delimiter and key", [](auto &o) {
            o.key = "k";
            o.keyDelimiter = ":";
        });
        row("--key-delimiter", "empty delimiter", [](auto &o) { o.keyDelimiter = ""; });
    }
    void whatMakesNoSenseIsAUsageErrorThatNamesTheOption()
    {
        QFETCH(std::function<void(ProduceOptions &)>, change);
        QFETCH(QString, named);
        ProduceOptions options;
        options.topic = "t";
        change(options);
        const auto request = readProduce(options, now);
        QVERIFY(!request);
        QVERIFY(request.error().kind == Error::Kind::Usage);
        QVERIFY2(QString::fromStdString(request.error().message).contains(named),
                 request.error().message.c_str());
    }

    void everyRecordIsCountedOnceItIsAnswered()
    {
        Writer writer;
        writer.answer = [](const OutgoingRecord &record) -> Result<kafka::Delivered> {
            if (record.value == "b")
                return refusal(Error::Kind::Broker, "INVALID_RECORD");
            return kafka::Delivered{};
        };
        ProduceRequest request{
            .topic = "t",
            .headers = {{"h", "1"}},
            .from = linesOf(std::make_unique<std::istringstream>("a\nb\nc\nb"), "test", {}, {}),
            .perSecond = {}};
        const auto result = produceAll(
            std::move(request), writer, [] { return false; }, [](auto) {});
        QCOMPARE(result.sent, 4U);
        QCOMPARE(result.acknowledged, 2U);
        QCOMPARE(result.failed, 2U);
        QCOMPARE(result.refusals.at("INVALID_RECORD").count, 2U);
        QCOMPARE(writer.records.size(), 4U);
        QVERIFY(writer.records.front().headers == (Headers{{"h", "1"}}));
    }

    void nothingMoreIsSentWhenNobodyAnswers()
    {
        Writer writer;
        writer.answer = [](const auto &) -> Result<kafka::Delivered> {
            return refusal(Error::Kind::Timeout, "_MSG_TIMED_OUT");
        };
        ProduceRequest request{
            .topic = "t",
            .headers = {},
            .from = linesOf(std::make_unique<std::istringstream>("a\nb\nc"), "test", {}, {}),
            .perSecond = {}};
        const auto result = produceAll(
            std::move(request), writer, [] { return false; }, [](auto) {});
        QCOMPARE(result.sent, 1U);
        QCOMPARE(result.failed, 1U);
    }

    void aSignalEndsItAfterWhatWasSentIsAnswered()
    {
        Writer writer;
        ProduceRequest request{
            .topic = "t",
            .headers = {},
            .from = linesOf(std::make_unique<std::istringstream>("a\nb\nc"), "test", {}, {}),
            .perSecond = {}};
        const auto result = produceAll(
            std::move(request), writer, [&] { return writer.records.size() == 2; }, [](auto) {});
        QCOMPARE(result.sent, 2U);
        QCOMPARE(result.acknowledged, 2U);
    }
};

QTEST_GUILESS_MAIN(TestProduceOptions)
#include "tst_produceoptions.moc"
