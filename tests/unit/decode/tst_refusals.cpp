#include "core/decode/decode.h"

#include <QTest>

#include <string>
#include <vector>

using namespace redrive;
using namespace redrive::decode;
using namespace std::string_literals;

namespace {

struct Line
{
    Text product;
    Integer quantity;
};

struct Inner
{
    std::optional<Text> due;
};

struct Order
{
    Text orderId;
    Number price;
    std::optional<Text> customer;
    std::optional<bool> paid;
    std::optional<Text> taskId;
    std::optional<Text> due;
    std::vector<Line> lines;
    std::optional<Inner> open;
};

} // namespace

template <>
inline constexpr auto decode::description<Line> = describe(required("product", &Line::product),
                                                           required("quantity", &Line::quantity));
template <>
inline constexpr auto decode::description<Inner> = describeOpen(nullable("due", &Inner::due));
template <>
inline constexpr auto decode::description<Order> = describe(
    required("order_id", &Order::orderId), required("price", &Order::price),
    optional("customer_name", &Order::customer), optional("paid", &Order::paid),
    optional("task_id", &Order::taskId, Form::StringOrInteger), nullable("due", &Order::due),
    optional("lines", &Order::lines), optional("open", &Order::open));

namespace {

/// The error's message; empty where there is none.
std::string messageFor(std::optional<std::string_view> value, const Options &options = {})
{
    Order order;
    const auto error = decode::decode(value, order, options);
    return error ? error->message : "";
}

/// A good order with more members.
std::string orderWith(std::string_view members)
{
    return R"({"order_id":"o","price":1)" + (members.empty() ? "" : "," + std::string(members)) +
           "}";
}

} // namespace

class TestRefusals : public QObject
{
    Q_OBJECT
private slots:
    void everyRefusalSaysWhatTheContractPromises_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QString>("message");
        const auto row = [](const std::string &value, const char *message) {
            QTest::newRow(message)
                << QByteArray::fromStdString(value) << QString::fromUtf8(message);
        };
        row("hello", "invalid JSON at byte 0");
        row(R"({"order_id":"o-1")", "invalid JSON at byte 17");
        row(R"({"order_id":"o-1)", "invalid JSON at byte 16");
        row(orderWith("") + "x", "invalid JSON at byte 26");
        row(orderWith("") + " \n{}", "invalid JSON at byte 28");
        row(R"({"order_id":"o","price":NaN})", "invalid JSON at byte 24");
        row(R"({"order_id":"o","price":-Infinity})", "invalid JSON at byte 25");
        row("\xef\xbb\xbf" + orderWith(""), "invalid JSON at byte 0");
        row("// order\n" + orderWith(""), "invalid JSON at byte 0");
        row(R"({"order_id":"o",/**/"price":1})", "invalid JSON at byte 16");
        row(R"({"order_id":"o","price":1,})", "invalid JSON at byte 26");
        row(R"({"order_id":"o" "price":1})", "invalid JSON at byte 16");
        row(R"({"order_id":"o","price":01})", "invalid JSON at byte 25");
        row(R"({'order_id':"o"})", "invalid JSON at byte 1");
        row("{\"order_id\":\"a\nb\"}", "invalid JSON at byte 14");
        row(R"({"order_id":"\x41"})", "invalid JSON at byte 14");
        row(R"({"order_id":"\u00g1"})", "invalid JSON at byte 17");
        row("  ", "invalid JSON at byte 2");

        row(R"({"order_id":42,"price":1})", "expected string at $.order_id, got number");
        row(R"({"order_id":{},"price":1})", "expected string at $.order_id, got object");
        row(R"({"order_id":[],"price":1})", "expected string at $.order_id, got array");
        row(R"({"order_id":true,"price":1})", "expected string at $.order_id, got boolean");
        row(R"({"order_id":null,"price":1})", "expected string at $.order_id, got null");
        row(R"({"order_id":"o","price":"1"})", "expected number at $.price, got string");
        row(orderWith(R"("paid":0)"), "expected boolean at $.paid, got number");
        row(orderWith(R"("customer_name":null)"), "expected string at $.customer_name, got null");
        row(orderWith(R"("task_id":1.0)"), "expected string or integer at $.task_id, got number");
        row(orderWith(R"("task_id":[1])"), "expected string or integer at $.task_id, got array");
        row(orderWith(R"("due":0)"), "expected string at $.due, got number");
        row(orderWith(R"("lines":{})"), "expected array at $.lines, got object");
        row(orderWith(R"("lines":[7])"), "expected object at $.lines[0], got number");
        row(orderWith(R"("lines":[{"product":"p","quantity":1},{"product":"p","quantity":0.5}])"),
            "expected integer at $.lines[1].quantity, got number");
        row(orderWith(R"("lines":[{"product":"p","quantity":1e2}])"),
            "expected integer at $.lines[0].quantity, got number");
        row(orderWith(R"("open":"x")"), "expected object at $.open, got string");
        row("[]", "expected object at $, got array");
        row("null", "expected object at $, got null");

        row(R"({"price":1})", "missing required field $.order_id");
        row(R"({"order_id":"o"})", "missing required field $.price");
        row(orderWith(R"("lines":[{"quantity":1}])"), "missing required field $.lines[0].product");

        row(orderWith(R"("order_id":"p")"), "duplicate key $.order_id");
        row(orderWith(R"("order\u005fid":"p")"), "duplicate key $.order_id");
        row(orderWith(R"("extra":1,"extra":2)"), "duplicate key $.extra");
        row(orderWith(R"("e":{"list":[0,{"a":1,"b":2,"\u0061":3}]})"),
            "duplicate key $.e.list[1].a");
        row(orderWith(R"("open":{"due":null,"due":null})"), "duplicate key $.open.due");

        row(orderWith(R"("customer_name":"\ud800")"), "lone surrogate at $.customer_name");
        row(orderWith(R"("customer_name":"\udc00\ud800")"), "lone surrogate at $.customer_name");
        row(orderWith(R"("customer_name":"\ud83d\u0041")"), "lone surrogate at $.customer_name");
        row(orderWith(R"("extra":["ok","\ud83d"])"), "lone surrogate at $.extra[1]");
        row(orderWith(R"("extra":{"\ud83d":1})"), "lone surrogate at $.extra");

        row("\xff\xfe{", "invalid UTF-8 at byte 0");
        row(orderWith("\"customer_name\":\"\xc3\x28\""), "invalid UTF-8 at byte 43");
        row(orderWith("\"customer_name\":\"\xed\xa0\x80\""), "invalid UTF-8 at byte 43");
        row(orderWith("\"extra\":\"\xc0\xaf\""), "invalid UTF-8 at byte 35");
        row(orderWith("\"extra\":\"\xf4\x90\x80\x80\""), "invalid UTF-8 at byte 35");

        row("", "empty value");
        row(std::string(129, '[') + std::string(129, ']'), "nesting deeper than 128 at byte 128");
        row(orderWith("\"extra\":" + std::string(128, '[') + std::string(128, ']')),
            "nesting deeper than 128 at byte 161");
        std::string deep;
        for (int level = 0; level < 100'000; ++level)
            deep += R"({"a":[)";
        row(deep, "nesting deeper than 128 at byte 384");
    }
    void everyRefusalSaysWhatTheContractPromises()
    {
        QFETCH(const QByteArray, value);
        QFETCH(const QString, message);
        QCOMPARE(QString::fromStdString(messageFor(value.toStdString())), message);
    }

    void anAbsentValueIsNotAnEmptyOne()
    {
        QCOMPARE(messageFor({}), "null value"s);
        QCOMPARE(messageFor(""), "empty value"s);
    }

    void aValueAboveTheLimitIsNotLookedAt()
    {
        const std::string value = "Hello, consumer";
        QCOMPARE(messageFor(value, {.maxValue = 14}), "value of 15 bytes is over the limit of 14"s);
        QCOMPARE(messageFor(value, {.maxValue = 15}), "invalid JSON at byte 0"s);
        QCOMPARE(messageFor(std::string((4U << 20U) + 1, ' ')),
                 "value of 4194305 bytes is over the limit of 4194304"s);
    }

    void unknownFieldsAreAcceptedOrRefusedByChoice()
    {
        const auto value = orderWith(R"("colour":"red")");
        QCOMPARE(messageFor(value), ""s);
        QCOMPARE(messageFor(value, {.refuseUnknownFields = true}), "unknown field $.colour"s);
        QCOMPARE(messageFor(orderWith(R"("lines":[{"product":"p","quantity":1,"x":0}])"),
                            {.refuseUnknownFields = true}),
                 "unknown field $.lines[0].x"s);
    }

    void anOpenObjectMayHoldWhatItLikes()
    {
        QCOMPARE(messageFor(orderWith(R"("open":{"due":null,"colour":"red"})"),
                            {.refuseUnknownFields = true}),
                 ""s);
    }

    void whatIsNotJsonIsSaidToBeThatWhateverElseIsWrong()
    {
        QCOMPARE(messageFor(R"({"order_id":42,"price":1)"), "invalid JSON at byte 24"s);
        QCOMPARE(messageFor("{\"order_id\":42,\"price\":1,\"x\":\"\xff\"}"),
                 "invalid UTF-8 at byte 30"s);
        QCOMPARE(messageFor(R"({"order_id":"\ud800","order_id":1}})"), "invalid JSON at byte 34"s);
        QCOMPARE(messageFor("{\"a\"}\xff"), "invalid UTF-8 at byte 5"s);
    }

    void anErrorTellsItsPathAndItsByteApart()
    {
        Order order;
        const auto wrong = decode::decode(R"({"order_id":42,"price":1})", order);
        QVERIFY(wrong);
        QCOMPARE(wrong->path, "$.order_id"s);
        QCOMPARE(wrong->byte, std::optional<std::size_t>(12));
        const auto missing = decode::decode("{}", order);
        QVERIFY(missing);
        QCOMPARE(missing->path, "$.order_id"s);
        QVERIFY(!missing->byte);
        const auto twice = decode::decode(orderWith(R"("price":2)"), order);
        QVERIFY(twice);
        QCOMPARE(twice->byte, std::optional<std::size_t>(26));
    }

    void namesInMessagesAreSafeToShowAndNotEndless()
    {
        const Options strict{.refuseUnknownFields = true};
        QCOMPARE(messageFor(orderWith(R"("a\n\u202eb":1)"), strict),
                 R"(unknown field $.a\n\u202eb)"s);
        const auto message =
            messageFor(orderWith('"' + std::string(100'000, 'k') + "\":1"), strict);
        QVERIFY(message.size() < 100);
    }
};

QTEST_APPLESS_MAIN(TestRefusals)
#include "tst_refusals.moc"
