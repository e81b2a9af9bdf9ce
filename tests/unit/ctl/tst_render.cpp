#include "app/ctl/render.h"

#include <QTest>

using namespace redrive::ctl;

namespace {

QString csvOf(const JsonValue &value)
{
    return QString::fromStdString(renderCsv({"k"}, {JsonValue{{"k", value}}}));
}

} // namespace

class TestRender : public QObject
{
    Q_OBJECT

private slots:
    void csvQuotesWhatWouldBreakARow_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("cell");
        QTest::newRow("plain") << "orders"
                               << "orders";
        QTest::newRow("comma") << "a,b"
                               << "\"a,b\"";
        QTest::newRow("quote") << "a\"b"
                               << "\"a\"\"b\"";
        QTest::newRow("line") << "a\nb"
                              << "\"a\nb\"";
        QTest::newRow("blank") << " a "
                               << " a ";
    }
    void csvQuotesWhatWouldBreakARow()
    {
        QFETCH(QString, text);
        QFETCH(QString, cell);
        QCOMPARE(csvOf(text.toStdString()), "k\n" + cell + "\n");
    }

    void csvGuardsTextThatASpreadsheetWouldRun_data()
    {
        QTest::addColumn<QString>("text");
        for (const char *text : {"=1+1", "+1", "-1", "@SUM(A1)", "\tx"})
            QTest::newRow(text) << text;
    }
    void csvGuardsTextThatASpreadsheetWouldRun()
    {
        QFETCH(QString, text);
        QCOMPARE(csvOf(text.toStdString()), "k\n'" + text + "\n");
    }

    void csvLeavesNumbersAlone()
    {
        QCOMPARE(csvOf(-5), QString("k\n-5\n"));
        QCOMPARE(csvOf(true), QString("k\ntrue\n"));
    }

    void csvHasNothingWhereNothingIsKnown()
    {
        QCOMPARE(csvOf(nullptr), QString("k\n\n"));
        QCOMPARE(QString::fromStdString(renderCsv({"k", "other"}, {JsonValue{{"k", 1}}})),
                 QString("k,other\n1,\n"));
    }

    void csvCarriesNestedValuesAsJson()
    {
        QCOMPARE(csvOf(JsonValue::array({"a", "b"})), QString("k\n\"[\"\"a\"\",\"\"b\"\"]\"\n"));
    }

    void jsonKeepsTheOrderOfTheKeys()
    {
        const JsonValue object{{"z", 1}, {"a", nullptr}};
        QCOMPARE(renderObject(object, false), std::string("{\"z\":1,\"a\":null}\n"));
    }

    void anArrayHasOneObjectALine()
    {
        QCOMPARE(renderArray({JsonValue{{"a", 1}}, JsonValue{{"a", 2}}}, false),
                 std::string("[\n{\"a\":1},\n{\"a\":2}\n]\n"));
        QCOMPARE(renderArray({}, false), std::string("[]\n"));
        QCOMPARE(JsonValue::parse(renderArray({JsonValue{{"a", 1}}}, true)).size(), 1U);
    }

    void ndjsonIsTheSameObjectsOneALine()
    {
        QCOMPARE(renderNdjson({JsonValue{{"a", 1}}, JsonValue{{"a", "x\ny"}}}),
                 std::string("{\"a\":1}\n{\"a\":\"x\\ny\"}\n"));
    }

    void bytesThatAreNotTextAreBase64()
    {
        QCOMPARE(jsonBytes("meta").dump(), std::string("\"meta\""));
        QCOMPARE(jsonBytes("").dump(), std::string("\"\""));
        QCOMPARE(jsonBytes("\xff").dump(), std::string("{\"base64\":\"/w==\"}"));
        QCOMPARE(jsonBytes("\xff\xfe").dump(), std::string("{\"base64\":\"//4=\"}"));
        QCOMPARE(jsonBytes("\xff\xfe\xfd").dump(), std::string("{\"base64\":\"//79\"}"));
        QCOMPARE(jsonBytes(std::string_view("\xff\0\0\1", 4)).dump(),
                 std::string("{\"base64\":\"/wAAAQ==\"}"));
    }

    void namesThatAreNotTextStillMakeValidJson()
    {
        const JsonValue name = jsonText("a\xff");
        QCOMPARE(JsonValue::parse(name.dump()).get<std::string>(), std::string("a\uFFFD"));
    }
};

QTEST_APPLESS_MAIN(TestRender)
#include "tst_render.moc"
