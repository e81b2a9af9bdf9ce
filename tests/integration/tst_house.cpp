#include "tests/support/broker/program.h"

#include <QDirIterator>
#include <QMap>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

using redrive::testbroker::runProgram;

namespace {

const QString root = QStringLiteral(REDRIVE_SOURCE_DIR "/");

/// File (from the root) -> what it includes, for the product's own sources.
QMap<QString, QStringList> includes()
{
    // Not as a raw string, which Qt 6.4's moc takes for the beginning of a directive.
    static const QRegularExpression line("^\\s*#\\s*include\\s*[<\"]([^>\"]+)[>\"]",
                                         QRegularExpression::MultilineOption);
    QMap<QString, QStringList> found;
    for (const QString room : {"core", "app", "ui"}) {
        QDirIterator files(root + room, {"*.h", "*.cpp"}, QDir::Files,
                           QDirIterator::Subdirectories);
        while (files.hasNext()) {
            QFile file(files.next());
            if (!file.open(QIODevice::ReadOnly))
                continue;
            auto &list = found[file.fileName().mid(root.size())];
            for (auto match = line.globalMatch(QString::fromUtf8(file.readAll())); match.hasNext();)
                list += match.next().captured(1);
        }
    }
    return found;
}

/// Everything that a file sees, through the product's own headers.
QSet<QString> seenBy(const QString &file, const QMap<QString, QStringList> &all)
{
    QSet<QString> seen;
    QStringList open{file};
    while (!open.isEmpty()) {
        for (const auto &name : all.value(open.takeLast())) {
            if (seen.contains(name))
                continue;
            seen += name;
            open += name;
        }
    }
    return seen;
}

bool isQt(const QString &header)
{
    static const QRegularExpression qt("^(Qt\\w*/)?Q[A-Z]\\w*$|^qt",
                                       QRegularExpression::NoPatternOption);
    return qt.match(header).hasMatch();
}

/// What librdkafka calls a request, or a step to one, that changes a cluster.
const QRegularExpression &changing()
{
    static const QRegularExpression names(
        "^rd_kafka_(produce\\w*|CreateTopics|DeleteTopics|CreatePartitions|DeleteRecords|"
        "AlterConfigs|IncrementalAlterConfigs|DeleteGroups|DeleteConsumerGroupOffsets|"
        "AlterConsumerGroupOffsets|CreateAcls|DeleteAcls|AlterUserScramCredentials|ElectLeaders|"
        "commit\\w*|offsets?_store\\w*|subscribe|subscription_set|init_transactions|"
        "begin_transaction|send_offsets_to_transaction|abort_transaction|share_\\w+)$");
    return names;
}

QString read(const QString &file)
{
    QFile source(root + file);
    return source.open(QIODevice::ReadOnly) ? QString::fromUtf8(source.readAll()) : QString();
}

/// Each function of a source, from its head to the brace that ends it.
QStringList definitions(const QString &source)
{
    static const QRegularExpression one("^\\w[^\\n]*(?:\\n [^\\n]*)*\\n\\{\\n.*?^\\}$",
                                        QRegularExpression::MultilineOption |
                                            QRegularExpression::DotMatchesEverythingOption);
    QStringList found;
    for (auto match = one.globalMatch(source); match.hasNext();)
        found += match.next().captured();
    return found;
}

} // namespace

/// What the rooms of the house may use, held to be true by looking at what was written and built.
class TestHouse : public QObject
{
    Q_OBJECT

private slots:
    void onlyTheKafkaRoomSeesLibrdkafka();
    void coreAndRedrivectlSeeNoQt();
    void redrivectlLinksNoQt();
    void noLibraryReferencesACallThatChangesACluster();
    void whatChangesAClusterTakesAPermit();
    void onlyTheOffsetsRoomAsksForAChangeOfAGroup();
};

void TestHouse::onlyTheKafkaRoomSeesLibrdkafka()
{
    const auto all = includes();
    QVERIFY(all.size() > 50);
    for (const auto &file : all.keys()) {
        if (file.startsWith("core/kafka/"))
            continue;
        for (const auto &header : seenBy(file, all))
            QVERIFY2(!header.contains("rdkafka"), (file + " sees " + header).toUtf8());
    }
}

void TestHouse::coreAndRedrivectlSeeNoQt()
{
    const auto all = includes();
    QVERIFY(isQt("QString") && isQt("QtCore/QObject") && !isQt("core/base/ids.h"));
    for (const auto &file : all.keys()) {
        if (!file.startsWith("core/") && !file.startsWith("app/ctl/"))
            continue;
        for (const auto &header : seenBy(file, all)) {
            QVERIFY2(!isQt(header), (file + " sees " + header).toUtf8());
            QVERIFY2(!header.startsWith("ui/"), (file + " sees " + header).toUtf8());
        }
    }
}

void TestHouse::redrivectlLinksNoQt()
{
    const auto libraries = runProgram("ldd", {QStringLiteral(REDRIVE_BIN_DIR "/redrivectl")});
    QCOMPARE(libraries.exitCode, 0);
    QVERIFY(libraries.out.contains("libc.so"));
    QVERIFY2(!libraries.out.contains("libQt"), libraries.out);
}

/// The guard is only worth something if nothing goes around it: a call that writes may stand in the
/// source that is named here for it, where it takes a Permit, and nowhere else.
void TestHouse::noLibraryReferencesACallThatChangesACluster()
{
    const QMap<QString, QStringList> guarded{
        {"groupconsumer.cpp.o", {"rd_kafka_subscribe"}},
        {"membership.cpp.o", {"rd_kafka_commit_queue", "rd_kafka_offsets_store"}},
        {"deliveries.cpp.o", {"rd_kafka_produceva"}},
        {"topics.cpp.o", {"rd_kafka_CreateTopics"}},
        {"groupwrites.cpp.o",
         {"rd_kafka_AlterConsumerGroupOffsets", "rd_kafka_DeleteConsumerGroupOffsets",
          "rd_kafka_DeleteGroups"}}};
    QVERIFY(changing().match("rd_kafka_producev").hasMatch());
    int archives = 0;
    int references = 0;
    QMap<QString, QStringList> found;
    for (const QString folder : {"core", "app", "ui"}) {
        QDirIterator files(QStringLiteral(REDRIVE_BUILD_DIR "/") + folder, {"*.a"}, QDir::Files,
                           QDirIterator::Subdirectories);
        while (files.hasNext()) {
            const auto symbols = runProgram("nm", {"-A", "-u", files.next()});
            QCOMPARE(symbols.exitCode, 0);
            ++archives;
            for (const auto &line : QString::fromUtf8(symbols.out).split('\n')) {
                const QString symbol = line.section(' ', -1);
                const QString object = line.section(':', -2, -2);
                references += symbol.startsWith("rd_kafka_");
                if (!changing().match(symbol).hasMatch())
                    continue;
                QVERIFY2(guarded.value(object).contains(symbol), line.toUtf8());
                found[object] += symbol;
            }
        }
    }
    QVERIFY(archives >= 6);
    QVERIFY(references > 20);
    for (auto &symbols : found)
        symbols.sort();
    QCOMPARE(found, guarded);
}

void TestHouse::whatChangesAClusterTakesAPermit()
{
    int calls = 0;
    for (const QString name : {"groupwrites.cpp", "topics.cpp"}) {
        for (const auto &function : definitions(read("core/kafka/" + name))) {
            static const QRegularExpression call("\\b(rd_kafka_\\w+)\\(");
            for (auto match = call.globalMatch(function); match.hasNext();) {
                if (!changing().match(match.next().captured(1)).hasMatch())
                    continue;
                ++calls;
                QVERIFY2(function.section("\n{\n", 0, 0).contains("const Permit &"),
                         function.toUtf8());
            }
        }
    }
    QCOMPARE(calls, 4);
    static const QRegularExpression declaration(
        "\\b(alterOffsets|deleteOffsets|deleteGroup|createTopic|openGroupConsumer|openWriter)"
        "\\(([^;{]*)");
    int declarations = 0;
    QDirIterator headers(root + "core/kafka", {"*.h"}, QDir::Files);
    while (headers.hasNext()) {
        const QString header = headers.next().mid(root.size());
        for (auto match = declaration.globalMatch(read(header)); match.hasNext(); ++declarations) {
            const auto one = match.next();
            QVERIFY2(one.captured(2).contains("const Permit &"),
                     (header + ": " + one.captured()).toUtf8());
        }
    }
    QVERIFY(declarations >= 12);
}

/// What moves a group writes down first where it stood, and that stands in one room.
void TestHouse::onlyTheOffsetsRoomAsksForAChangeOfAGroup()
{
    static const QRegularExpression asks(
        "(?:\\.|->)\\s*(?:alterOffsets|deleteOffsets|deleteGroup)\\(");
    int found = 0;
    for (const auto &file : includes().keys()) {
        if (file.startsWith("core/kafka/") || !asks.match(read(file)).hasMatch())
            continue;
        ++found;
        QVERIFY2(file.startsWith("core/offsets/"), file.toUtf8());
    }
    QVERIFY(found > 0);
}

QTEST_GUILESS_MAIN(TestHouse)
#include "tst_house.moc"
