#include "core/telemetry/logging.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <cstdio>
#include <fcntl.h>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace redrive::telemetry;
using namespace std::string_literals;

namespace {

QList<QByteArray> linesIn(const QTemporaryDir &directory)
{
    QFile file(directory.filePath("redrive.log"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    auto lines = file.readAll().split('\n');
    lines.removeLast();
    return lines;
}

void logInto(const QTemporaryDir &directory, Level level = Level::Info)
{
    setUpLogging({.level = level, .terminal = false, .directory = directory.path().toStdString()});
}

} // namespace

class TestLogging : public QObject
{
    Q_OBJECT
private slots:
    void cleanup() { setUpLogging({.level = Level::Error, .terminal = false, .directory = {}}); }

    void eachLineIsOneJsonObject()
    {
        const QTemporaryDir directory;
        logInto(directory);
        log(Level::Warning, "kafka", "broker 1 is gone");
        const auto lines = linesIn(directory);
        QCOMPARE(lines.size(), 1);
        const auto object = QJsonDocument::fromJson(lines.front()).object();
        QCOMPARE(object["level"].toString(), QString("warning"));
        QCOMPARE(object["component"].toString(), QString("kafka"));
        QCOMPARE(object["message"].toString(), QString("broker 1 is gone"));
        QVERIFY(object["time"].toString().endsWith('Z'));
    }

    void foreignTextForgesNoLinesAndNoFields()
    {
        const QTemporaryDir directory;
        logInto(directory);
        const std::string nasty = "a\"}\n{\"level\":\"error\"}\x1b[2J\xff\0\\ {} {0} %s"s;
        log(Level::Info, "group \"x\"", nasty);
        const auto lines = linesIn(directory);
        QCOMPARE(lines.size(), 1);
        QJsonParseError problem{};
        const auto object = QJsonDocument::fromJson(lines.front(), &problem).object();
        QCOMPARE(problem.error, QJsonParseError::NoError);
        QCOMPARE(object.size(), 4);
        QCOMPARE(object["message"].toString(),
                 QString("a\"}\\n{\"level\":\"error\"}\\x1b[2J\\xff\\x00\\ {} {0} %s"));
    }

    void fieldsAreKeysOfTheJsonObject()
    {
        const QTemporaryDir directory;
        logInto(directory);
        const std::int32_t partition = 3;
        log(Level::Info, "session", "dead-lettered",
            {{"group", "billing"},
             {"topic", "a\"b\n"s},
             {"partition", partition},
             {"offset", std::int64_t{9'007'199'254'740'993}},
             {"event_id", ""}});
        const auto lines = linesIn(directory);
        QCOMPARE(lines.size(), 1);
        const auto object = QJsonDocument::fromJson(lines.front()).object();
        QCOMPARE(object.size(), 9);
        QCOMPARE(object["group"].toString(), QString("billing"));
        QCOMPARE(object["topic"].toString(), QString("a\"b\\n"));
        QCOMPARE(object["partition"].toInt(), 3);
        QVERIFY(lines.front().contains("\"offset\":9007199254740993"));
        QCOMPARE(object["event_id"].toString(), QString());
    }

    void payloadsAreWrittenOnlyAtDebug()
    {
        const QTemporaryDir directory;
        logInto(directory, Level::Debug);
        for (const auto level : {Level::Debug, Level::Info, Level::Warning, Level::Error})
            log(level, "session", "decoded", {{"offset", 1}, payload("value", "{\"card\": 1}")});
        const auto lines = linesIn(directory);
        QCOMPARE(lines.size(), 4);
        QCOMPARE(QJsonDocument::fromJson(lines[0]).object()["value"].toString(),
                 QString("{\"card\": 1}"));
        for (qsizetype i = 1; i < lines.size(); ++i) {
            QVERIFY(!lines[i].contains("card"));
            QVERIFY(lines[i].contains("\"offset\":1"));
        }
    }

    void onTheTerminalFieldsStandBehindTheMessage()
    {
        const QTemporaryDir directory;
        const auto path = directory.filePath("stderr").toStdString();
        std::fflush(stderr);
        const int terminal = dup(STDERR_FILENO);
        const int file = open(path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
        dup2(file, STDERR_FILENO);
        setUpLogging({.level = Level::Info, .terminal = true, .directory = {}});
        log(Level::Info, "session", "skipped",
            {{"group", "two words"}, {"offset", 7}, {"event_id", "e1"}, {"none", ""}});
        std::fflush(stderr);
        dup2(terminal, STDERR_FILENO);
        close(file);
        close(terminal);
        QFile written(QString::fromStdString(path));
        QVERIFY(written.open(QIODevice::ReadOnly));
        const auto line = written.readAll();
        QVERIFY2(line.endsWith(
                     " info session: skipped group=\"two words\" offset=7 event_id=e1 none=\"\"\n"),
                 line);
    }

    void linesBelowTheLevelAreNotWritten()
    {
        const QTemporaryDir directory;
        logInto(directory, Level::Warning);
        log(Level::Debug, "a", "1");
        log(Level::Info, "a", "2");
        log(Level::Error, "a", "3");
        QCOMPARE(linesIn(directory).size(), 1);
    }

    void manyThreadsWriteWholeLines()
    {
        const QTemporaryDir directory;
        logInto(directory);
        {
            std::vector<std::jthread> threads;
            for (int t = 0; t < 4; ++t)
                threads.emplace_back([] {
                    for (int i = 0; i < 500; ++i)
                        log(Level::Info, "thread", "a line of some length");
                });
        }
        const auto lines = linesIn(directory);
        QCOMPARE(lines.size(), 2000);
        for (const auto &line : lines)
            QVERIFY(QJsonDocument::fromJson(line).isObject());
    }

    void oldFilesAreKeptFourDeep()
    {
        const QTemporaryDir directory;
        logInto(directory);
        const std::string megabyte(1U << 20U, 'x');
        for (int i = 0; i < 32; ++i)
            log(Level::Info, "a", megabyte);
        const auto files = QDir(directory.path()).entryInfoList(QDir::Files);
        QCOMPARE(files.size(), 5);
        for (const auto &file : files)
            QVERIFY(file.size() <= 5 * (1 << 20));
    }

    void aDirectoryThatCannotBeWrittenIsNoReasonNotToStart()
    {
        setUpLogging({.level = Level::Info, .terminal = false, .directory = "/proc/no/such"});
        log(Level::Info, "a", "still here");
    }
};

QTEST_APPLESS_MAIN(TestLogging)
#include "tst_logging.moc"
