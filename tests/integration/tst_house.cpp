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
/// sources named here, which take a Permit, and nowhere else.
void TestHouse::noLibraryReferencesACallThatChangesACluster()
{
    const QStringList guarded{"groupconsumer.cpp.o", "membership.cpp.o", "deliveries.cpp.o",
                              "topics.cpp.o"};
    static const QRegularExpression changing(
        "^rd_kafka_(produce\\w*|CreateTopics|DeleteTopics|CreatePartitions|DeleteRecords|"
        "AlterConfigs|IncrementalAlterConfigs|DeleteGroups|DeleteConsumerGroupOffsets|"
        "AlterConsumerGroupOffsets|CreateAcls|DeleteAcls|AlterUserScramCredentials|ElectLeaders|"
        "commit\\w*|offsets?_store\\w*|subscribe|subscription_set|init_transactions|"
        "begin_transaction|send_offsets_to_transaction|abort_transaction|share_\\w+)$");
    QVERIFY(changing.match("rd_kafka_producev").hasMatch());
    int archives = 0;
    int references = 0;
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
                if (!guarded.contains(object))
                    QVERIFY2(!changing.match(symbol).hasMatch(), line.toUtf8());
            }
        }
    }
    QVERIFY(archives >= 6);
    QVERIFY(references > 20);
}

QTEST_GUILESS_MAIN(TestHouse)
#include "tst_house.moc"
