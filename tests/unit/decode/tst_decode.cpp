#include "core/decode/decode.h"
#include "core/decode/quote.h"

#include <QTest>

#include <cstring>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace redrive;
using namespace redrive::decode;
using namespace std::string_literals;

namespace {

struct Point
{
    Integer x;
    std::optional<Number> weight;
};

struct Message
{
    std::optional<Text> text;
    std::optional<Text> id;
    std::optional<Text> due;
    std::optional<bool> flag;
    std::optional<Raw> raw;
    std::optional<Kept<Point>> point;
    std::vector<Point> points;
    std::vector<std::vector<Text>> grid;
};

struct Either
{
    std::optional<Text> first;
    std::optional<Text> second;
};

} // namespace

template <>
inline constexpr auto decode::description<Point> = describe(required("x", &Point::x),
                                                            optional("weight", &Point::weight));
template <>
inline constexpr auto decode::description<Message> =
    describe(optional("text", &Message::text), optional("id", &Message::id, Form::StringOrInteger),
             nullable("due", &Message::due), optional("flag", &Message::flag),
             optional("raw", &Message::raw), optional("point", &Message::point),
             optional("points", &Message::points), optional("grid", &Message::grid));
template <>
inline constexpr auto decode::description<Either> =
    describe(requiredUnlessNext("first", &Either::first), optional("second", &Either::second));

namespace {

/// What is read looks into the value, so that is kept until the program ends.
Message read(std::string text)
{
    static std::deque<std::string> values;
    const std::string_view value = values.emplace_back(std::move(text));
    Message message;
    if (const auto error = decode::decode(value, message))
        QTest::qFail(error->message.c_str(), __FILE__, __LINE__);
    return message;
}

} // namespace

class TestDecode : public QObject
{
    Q_OBJECT
private slots:
    void aStringWithoutEscapesIsAViewIntoTheValue()
    {
        const std::string value = R"({"text":"plain"})";
        Message message;
        QVERIFY(!decode::decode(value, message));
        QCOMPARE(message.text->view(), std::string_view("plain"));
        QVERIFY(message.text->view().data() == value.data() + 9);
    }

    void escapesBecomeTheirCharacters()
    {
        QCOMPARE(read("{\"text\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t"
                      "\\u0041\\u00e9\\u20ac\\ud83d\\ude00\\u0000end\"}")
                     .text->view(),
                 std::string_view("\"\\/\b\f\n\r\tA\u00e9\u20ac\U0001F600\0end", 22));
    }

    void whatIsQuotedReadsBackAsItWas()
    {
        std::string all;
        for (int c = 0; c < 128; ++c)
            all += static_cast<char>(c);
        all += "é€😀";
        QCOMPARE(read("{\"text\":" + jsonString(all) + "}").text->view(), std::string_view(all));
    }

    void numbersKeepTheirDigits()
    {
        for (const std::string &digits : std::vector<std::string>{
                 "0", "-0", "12.30", "1.23e1", "1E+400", "9007199254740993", "18446744073709551615",
                 "-1e-999999999", std::string("0.") + std::string(400, '1')}) {
            const auto message = read(R"({"point":{"x":1,"weight":)" + digits + "}}");
            QCOMPARE(std::string(message.point->value.weight->digits), digits);
        }
    }

    void integersOfAnySizeAreIntegers()
    {
        const std::string large(40, '9');
        const auto message =
            read(R"({"points":[{"x":-7},{"x":9223372036854775807},{"x":)" + large + "}]}");
        QCOMPARE(message.points[0].x.value(), std::optional<std::int64_t>(-7));
        QCOMPARE(message.points[1].x.value(), std::optional<std::int64_t>(INT64_MAX));
        QVERIFY(!message.points[2].x.value());
        QCOMPARE(std::string(message.points[2].x.digits), large);
    }

    void anIdMayBeAStringOrAnInteger()
    {
        QCOMPARE(read(R"({"id":"task-1"})").id->view(), std::string_view("task-1"));
        QCOMPARE(read(R"({"id":123})").id->view(), std::string_view("123"));
        QCOMPARE(read(R"({"id": -18446744073709551616 })").id->view(),
                 std::string_view("-18446744073709551616"));
    }

    void nullIsAsGoodAsAbsentWhereItIsAllowed()
    {
        QVERIFY(!read(R"({"due":null})").due);
        QVERIFY(!read("{}").due);
        QCOMPARE(read(R"({"due":"x"})").due->view(), std::string_view("x"));
    }

    void keptBytesAreTheSendersOwn()
    {
        const auto message = read(R"({"raw" : [1, {"a" :"\u0041"} ]  ,"point":{ "x":1 } })");
        QCOMPARE(message.raw->bytes, std::string_view(R"([1, {"a" :"\u0041"} ])"));
        QCOMPARE(message.point->bytes, std::string_view(R"({ "x":1 })"));
        QCOMPARE(message.point->value.x.digits, std::string_view("1"));
        QCOMPARE(read(R"({"raw":1.5 })").raw->bytes, std::string_view("1.5"));
        QCOMPARE(read(R"({"raw": "a b" })").raw->bytes, std::string_view(R"("a b")"));
    }

    void listsMayBeEmptyOrNested()
    {
        QVERIFY(read(R"({"points":[ ]})").points.empty());
        const auto grid = read(R"({"grid":[["a"],[],["b","c"]]})").grid;
        QCOMPARE(grid.size(), 3U);
        QCOMPARE(grid[2][1].view(), std::string_view("c"));
        QCOMPARE(*read(R"({"flag":true})").flag, true);
        QCOMPARE(*read(R"({"flag":false})").flag, false);
    }

    void oneOfTwoFieldsIsEnough()
    {
        Either either;
        QVERIFY(!decode::decode(R"({"first":"1"})", either));
        QVERIFY(!decode::decode(R"({"second":"2"})", either));
        QVERIFY(!either.first);
        QVERIFY(!decode::decode(R"({"second":"2","first":"1"})", either));
        QCOMPARE(decode::decode("{}", either)->message, "missing required field $.first"s);
    }

    void whatAStructHeldBeforeIsReplaced()
    {
        Message message = read(R"({"text":"old","due":"x","points":[{"x":1}]})");
        QVERIFY(!decode::decode(R"({"flag":true})", message));
        QVERIFY(!message.text && !message.due && message.points.empty());
        QCOMPARE(*message.flag, true);
    }

    void blanksMayStandWhereJsonAllowsThem()
    {
        const auto message = read("\r\n\t { \"text\" \n:\t\"a\" , \"flag\" : true } \n");
        QCOMPARE(message.text->view(), std::string_view("a"));
        QVERIFY(*message.flag);
    }

    void nothingBehindTheValueIsRead()
    {
        // Each in memory of exactly its size, so that a sanitizer sees a read too many.
        const std::string whole = R"({"text":"abc\u0041","raw":[1,2.5e3,true],"id":77})";
        for (std::size_t size = 1; size <= whole.size(); ++size) {
            const std::unique_ptr<char[]> exact(new char[size]);
            std::memcpy(exact.get(), whole.data(), size);
            Message message;
            QCOMPARE(!decode::decode(std::string_view(exact.get(), size), message),
                     size == whole.size());
        }
    }

    void nestingOfExactlyTheLimitIsAccepted()
    {
        Raw raw;
        QVERIFY(!decode::decode(std::string(128, '[') + std::string(128, ']'), raw));
    }

    void manyKeysOfOneObjectAreAllCompared()
    {
        std::string value = "{";
        for (int i = 0; i < 200'000; ++i)
            value += "\"key" + std::to_string(i) + "\":0,";
        Raw raw;
        QVERIFY(!decode::decode(value + "\"last\":0}", raw));
        const auto error = decode::decode(value + "\"key77\":0,\"key5\":0}", raw);
        QVERIFY(error);
        QCOMPARE(error->message, "duplicate key $.key77"s);
        QCOMPARE(error->byte, std::optional(value.size()));
    }

    void keysOfSiblingsAndNestedObjectsAreDifferentKeys()
    {
        Raw raw;
        QVERIFY(!decode::decode(R"([{"a":1},{"a":1,"b":{"a":1,"b":{}}},{"b":[{"b":1}]}])", raw));
    }

    void aLargeValueLeavesTheNextOneUntouched()
    {
        Raw raw;
        for (const std::size_t size : {100U, 3'000'000U, 10U, 70'000U, 1'500'000U, 20U}) {
            const std::string value = '"' + std::string(size, 'x') + '"';
            QVERIFY(!decode::decode(value, raw));
            QCOMPARE(raw.bytes.size(), value.size());
        }
    }
};

QTEST_APPLESS_MAIN(TestDecode)
#include "tst_decode.moc"
