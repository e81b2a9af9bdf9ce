#include "tests/integration/consumers.h"
#include "tests/integration/effects.h"
#include "tests/support/broker/kafkacluster.h"
#include "tests/support/clients/admin.h"
#include "tests/support/clients/reader.h"

#include <QTest>

#include <string>
#include <vector>

using namespace redrive;
using namespace redrive::testworld;
using testclients::Message;

namespace {

struct Bad
{
    std::string name;
    Message message;
    std::string stage;
    std::string says;
};

std::string order(const std::string &id, const std::string &rest,
                  const std::string &price = "12.30")
{
    return R"({"event_id":"e-)" + id + R"(","order_id":"o-)" + id +
           R"(","created_at":"2026-11-21T10:00:00Z","customer_name":"Ada","total_price":)" + price +
           rest + "}";
}

Message valued(std::string value)
{
    return {.key = "k", .value = std::move(value), .headers = {}};
}

std::string repeated(const std::string &text, int times)
{
    std::string all;
    for (int i = 0; i < times; ++i)
        all += text;
    return all;
}

Message withHeaders(Message message, int count)
{
    for (int i = 0; i < count; ++i)
        message.headers.emplace_back("header-" + std::to_string(i % 10),
                                     "value " + std::to_string(i));
    return message;
}

std::vector<Bad> badRecords()
{
    const std::string good = order("bad", "");
    const std::string deep = repeated("[", 100'000);
    std::vector<Bad> bad{
        {"null", {.key = "k", .value = std::nullopt, .headers = {}}, "decode", "null value"},
        {"null, without a key",
         {.key = {}, .value = std::nullopt, .headers = {}},
         "decode",
         "null value"},
        {"empty", {.key = "", .value = "", .headers = {}}, "decode", "empty value"},
        {"not JSON", valued("\x1f\x8b\x08 gzip"), "decode", "invalid UTF-8 at byte 1"},
        {"truncated", valued(good.substr(0, 40)), "decode", "invalid JSON at byte"},
        {"trailing garbage", valued(good + " {}"), "decode", "invalid JSON at byte"},
        {"a byte order mark", valued("\xef\xbb\xbf" + good), "decode", "invalid JSON at byte 0"},
        {"UTF-16", valued(std::string("{\0\"\0", 4)), "decode", "invalid JSON at byte"},
        {"a NUL between the tokens", valued(std::string("{\0", 2) + good.substr(1)), "decode",
         "invalid JSON at byte 1"},
        {"not UTF-8", valued(order("u", ",\"note\":\"\xc3\x28\"")), "decode",
         "invalid UTF-8 at byte"},
        {"overlong UTF-8", valued(order("u", ",\"note\":\"\xc0\xaf\"")), "decode",
         "invalid UTF-8 at byte"},
        {"a lone surrogate", valued(order("s", R"(,"currency":"\ud800")")), "decode",
         "lone surrogate at $.currency"},
        {"nesting", valued(deep), "decode", "nesting deeper than 128 at byte"},
        {"nesting in what is not read",
         valued(order("n", ",\"extra\":" + deep + repeated("]", 100'000))), "decode",
         "nesting deeper than 128 at byte"},
        {"a key twice", valued(order("d", R"(,"order_id":"again")")), "decode",
         "duplicate key $.order_id"},
        {"NaN", valued(order("x", "", "NaN")), "decode", "invalid JSON at byte"},
        {"1e400", valued(order("x", "", "1e400")), "validate", "$.total_price"},
        {"400 digits", valued(order("x", "", repeated("9", 400))), "validate", "$.total_price"},
        {"0.1 with 400 digits", valued(order("x", "", "0.1" + repeated("0", 398) + "1")),
         "validate", "$.total_price"},
        {"less than nothing", valued(order("x", "", "-0.01")), "validate", "$.total_price"},
        {"an integer of 2^64",
         valued(order(
             "x",
             R"(,"line_items":[{"product_id":"p","quantity":18446744073709551616,"unit_price":1}])")),
         "", "$.line_items[0].quantity"},
        {"a NUL in an id",
         valued(
             R"({"event_id":"e","order_id":"a\u0000b","created_at":"2026-11-21T10:00:00Z","customer_name":"Ada","total_price":1})"),
         "validate", "$.order_id"},
        {"the wrong type", valued(R"({"order_id":7})"), "decode",
         "expected string at $.order_id, got number"},
        {"nothing in it", valued("{}"), "decode", "missing required field $.order_id"},
        {"over the limit", valued(order("m", ",\"note\":\"" + repeated("x", 950'000) + "\"")),
         "decode", "is over the limit of 262144"},
        {"a thousand headers", withHeaders(valued("{"), 1000), "decode", "invalid JSON at byte"},
        {"headers of a dead letter", valued("["), "decode", "invalid JSON at byte"},
        {"odd headers", valued("]"), "decode", "invalid JSON at byte"},
        {"a key that is no text",
         {.key = std::string("\xff\0\xfe", 3), .value = "x", .headers = {}},
         "decode",
         "invalid JSON at byte 0"},
    };
    const auto named = [&](const std::string &name) -> Message & {
        return std::find_if(bad.begin(), bad.end(),
                            [&](const Bad &one) { return one.name == name; })
            ->message;
    };
    named("headers of a dead letter").headers = {{"dlq.origin.topic", "elsewhere"},
                                                 {"dlq.attempts", "-1"},
                                                 {"dlq.origin.topic", "once more"}};
    named("odd headers").headers = {{"same", "1"},
                                    {"same", std::nullopt},
                                    {"same", ""},
                                    {"", "no name"},
                                    {"bytes", std::string("\xff\0\x80", 3)},
                                    {"\xff", "no text"},
                                    {repeated("long", 1000), "x"}};
    return bad;
}

std::optional<std::string> header(const Message &message, const std::string &name)
{
    std::optional<std::string> last;
    for (const auto &[each, value] : message.headers)
        if (each == name)
            last = value;
    return last;
}

} // namespace

/// Records that no service should ever send, each between two good ones.
class TestBadInput : public QObject
{
    Q_OBJECT

private slots:
    void eachIsDeadLetteredWithItsReasonAndAllAroundIsProcessed();
};

void TestBadInput::eachIsDeadLetteredWithItsReasonAndAllAroundIsProcessed()
{
    const testbroker::KafkaCluster kafka;
    testclients::Admin admin(kafka.bootstrap());
    admin.createTopic("orders", 1);
    admin.createTopic("orders.dlq", 1);
    const auto bad = badRecords();
    int good = 0;
    {
        testclients::Producer producer(kafka.bootstrap());
        const auto sendGood = [&](const std::string &rest, const std::string &price, int headers) {
            producer.send("orders", 0,
                          withHeaders(valued(order(std::to_string(good++), rest, price)), headers));
        };
        for (const auto &one : bad) {
            sendGood("", "9007199254740993", 0);
            producer.send("orders", 0, one.message);
        }
        sendGood(",\"note\":\"" + repeated("x", 200'000) + "\"", "0.1000", 1000);
        producer.flush();
    }
    const QTemporaryDir dir;
    Consumer consumer({"--bootstrap", QString::fromStdString(kafka.bootstrap()), "consume",
                       "--group", "g", "--topics", "orders", "--handler", "orders", "--db",
                       dir.filePath("orders.db"), "--max-value", "256KiB", "--until-end"});
    QCOMPARE(consumer.exitCode().value_or(-1), 0);
    QCOMPARE(consumer.count("retry"), 0);
    QCOMPARE(consumer.count("dead_lettered"), static_cast<int>(bad.size()));

    const Effects effects(dir.filePath("orders.db"));
    QCOMPARE(effects.inbox(), good);
    QCOMPARE(effects.number("SELECT count(*) FROM orders WHERE total_price = '9007199254740993'"),
             good - 1);
    QCOMPARE(effects.number("SELECT count(*) FROM orders WHERE CAST(total_price AS REAL) = 0.1"),
             1);

    const auto letters = testclients::readTopic(kafka.bootstrap(), "orders.dlq");
    QCOMPARE(letters.size(), bad.size());
    for (std::size_t i = 0; i < bad.size(); ++i) {
        const auto &sent = bad[i].message;
        const auto &letter = letters[i].message;
        const auto *name = bad[i].name.c_str();
        QVERIFY2(letter.key == sent.key, name);
        QVERIFY2(letter.value == sent.value, name);
        QVERIFY2(letter.headers.size() > sent.headers.size(), name);
        if (bad[i].name != "headers of a dead letter")
            QVERIFY2(std::equal(sent.headers.begin(), sent.headers.end(), letter.headers.begin()),
                     name);
        const auto says = header(letter, "dlq.error.message").value_or("nothing");
        QVERIFY2(says.find(bad[i].says) != std::string::npos, (bad[i].name + ": " + says).c_str());
        if (!bad[i].stage.empty())
            QVERIFY2(header(letter, "dlq.error.stage") == bad[i].stage,
                     (bad[i].name + ": " + header(letter, "dlq.error.stage").value_or("no stage"))
                         .c_str());
        QVERIFY2(header(letter, "dlq.attempts") == "1", name);
        // One that died before says where it came from at first.
        const auto before = header(sent, "dlq.origin.topic");
        QVERIFY2(header(letter, "dlq.origin.topic") == before.value_or("orders"), name);
        if (!before)
            QVERIFY2(header(letter, "dlq.origin.offset") == std::to_string(2 * i + 1), name);
    }
}

QTEST_GUILESS_MAIN(TestBadInput)
#include "tst_badinput.moc"
