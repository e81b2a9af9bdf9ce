#include "tests/support/proxy/listen.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <unistd.h>

namespace {

struct Ended
{
    int exit = -1;
    QByteArray out;
    QByteArray err;
};

} // namespace

/// The program itself, where nothing needs a broker: usage, timeouts, completions.
class TestCommandLine : public QObject
{
    Q_OBJECT

    QTemporaryDir m_home;

    Ended run(const QStringList &arguments)
    {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("XDG_CONFIG_HOME", m_home.filePath("config"));
        process.setProcessEnvironment(environment);
        process.start(QStringLiteral(REDRIVE_BIN_DIR "/redrivectl"), arguments);
        if (!process.waitForFinished(20'000))
            return {};
        return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
                process.readAllStandardOutput(), process.readAllStandardError()};
    }

    QByteArray profilesFile()
    {
        QFile file(m_home.filePath("config/redrive/profiles.toml"));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

private slots:
    void init() { QDir(m_home.filePath("config")).removeRecursively(); }

    void wrongUsageExitsTwoAndSaysOnStderrWhatIsWrong_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("said");
        const auto row = [](const char *title, const QStringList &arguments, const char *said) {
            QTest::newRow(title) << arguments << QByteArray(said);
        };
        row("no command", {}, "which command?");
        row("no command of a noun", {"groups"}, "which command?");
        row("unknown command", {"frobnicate"}, "unknown command 'frobnicate'");
        row("a command of later", {"dlq", "list"}, "unknown command 'dlq'");
        const auto plan = [&](const char *title, const QStringList &arguments, const char *said) {
            row(title, QStringList{"--bootstrap", "a:1", "offsets", "plan"} + arguments, said);
        };
        plan("plan of no group", {"--all-topics", "--to", "earliest"}, "GROUP");
        plan("plan without topics", {"g", "--to", "earliest"}, "--all-topics");
        plan("plan without a target", {"g", "--topic", "t"}, "--to TARGET");
        plan("plan of everything twice", {"g", "--topic", "t", "--all-topics", "--to", "latest"},
             "exclude");
        plan("plan to nowhere", {"g", "--topic", "t", "--to", "somewhere"}, "'somewhere'");
        plan("plan of no partition", {"g", "--topic", "t:x", "--to", "latest"}, "'x'");
        plan("plan with two targets", {"g", "--topic", "t", "--to", "latest", "--delete"},
             "exclude");
        plan("a local time", {"g", "--topic", "t", "--to", "time:2026-11-21T10:00:00"}, "zone");
        plan("a file that is not there", {"g", "--topic", "t", "--to", "csv:/nonexistent"},
             "/nonexistent");
        row("expiry without waiting",
            {"--bootstrap", "a:1", "offsets", "reset", "g", "--topic", "t", "--to", "latest",
             "--expires", "5m"},
            "--when-empty");
        row("copy to itself", {"--bootstrap", "a:1", "offsets", "copy", "g", "g", "--all-topics"},
            "itself");
        row("apply of no plan", {"--bootstrap", "a:1", "offsets", "apply", "/nonexistent"},
            "/nonexistent");
        row("undo of two", {"--bootstrap", "a:1", "offsets", "undo", "j1", "--last"}, "exclude");
        row("unknown command of a noun", {"groups", "frobnicate"}, "unknown command 'frobnicate'");
        row("unknown option", {"--frobnicate", "cluster"}, "unknown option --frobnicate");
        row("unknown option of a command", {"groups", "list", "--frob"}, "unknown option --frob");
        row("surplus argument", {"cluster", "x"}, "unexpected argument 'x'");
        row("missing value", {"--profile"}, "--profile");
        row("missing argument", {"topics", "readers"}, "TOPIC");
        row("output", {"--output", "xml", "cluster"}, "--output 'xml'");
        row("timeout", {"--timeout", "soon", "cluster"}, "--timeout");
        row("no timeout", {"--timeout", "0s", "cluster"}, "--timeout");
        row("no cluster", {"cluster"}, "--profile NAME or --bootstrap");
        row("two clusters", {"--profile", "a", "--bootstrap", "b:1", "cluster"}, "exclude");
        row("no such profile", {"--profile", "nowhere", "cluster"}, "'nowhere'");
        row("bad address", {"--bootstrap", "a:b:c", "cluster"}, "a:b:c");
        row("unknown property", {"--bootstrap", "a:1", "-X", "frob=1", "cluster"}, "frob");
        row("dangerous property", {"--bootstrap", "a:1", "-X", "plugin.library.paths=x", "cluster"},
            "plugin.library.paths");
        row("state", {"--bootstrap", "a:1", "groups", "list", "--state", "Asleep"}, "'Asleep'");
        row("no state", {"--bootstrap", "a:1", "groups", "list", "--state", ""}, "--state ''");
        row("no last state", {"--bootstrap", "a:1", "groups", "list", "--state", "Empty,"},
            "--state ''");
        row("no type", {"--bootstrap", "a:1", "groups", "list", "--type", ""}, "--type ''");
        row("sasl without mechanism",
            {"--bootstrap", "a:1", "-X", "security.protocol=SASL_SSL", "cluster"},
            "give sasl.mechanism");
        row("type", {"--bootstrap", "a:1", "groups", "list", "--type", "odd"}, "'odd'");
        row("expression", {"--bootstrap", "a:1", "groups", "list", "--match", "["}, "'['");
        row("no group", {"--bootstrap", "a:1", "groups", "describe"}, "--all");
        row("group and all", {"--bootstrap", "a:1", "groups", "describe", "g", "--all"}, "exclude");
        row("shell", {"completions", "csh"}, "'csh'");
        row("consume without a group", {"--bootstrap", "a:1", "consume", "--topics", "t"},
            "--group");
        row("consume without topics", {"--bootstrap", "a:1", "consume", "--group", "g"},
            "--topics");
        row("dead letters to the source",
            {"--bootstrap", "a:1", "consume", "--group", "g", "--topics", "t", "--dlq", "topic:t"},
            "dead letters");
        row("handler without a database",
            {"--bootstrap", "a:1", "consume", "--group", "g", "--topics", "t", "--handler",
             "orders"},
            "--db");
        row("consume as csv",
            {"--bootstrap", "a:1", "--output", "csv", "consume", "--group", "g", "--topics", "t"},
            "csv");
        row("produce without a topic", {"--bootstrap", "a:1", "produce"}, "TOPIC");
        row("produce of what is not there",
            {"--bootstrap", "a:1", "produce", "t", "--file", "/nonexistent"}, "--file");
    }
    void wrongUsageExitsTwoAndSaysOnStderrWhatIsWrong()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, said);
        const Ended ended = run(arguments);
        QCOMPARE(ended.exit, 2);
        QCOMPARE(ended.out, QByteArray());
        QVERIFY2(ended.err.contains(said), ended.err.constData());
        QVERIFY(ended.err.startsWith("redrivectl: "));
    }

    void withJsonAWrongUsageIsAnErrorObjectOnStdoutToo()
    {
        for (const QStringList &arguments : {QStringList{"--output", "json", "frobnicate"},
                                             QStringList{"--output=json", "cluster"}}) {
            const Ended ended = run(arguments);
            QCOMPARE(ended.exit, 2);
            const QJsonObject error = QJsonDocument::fromJson(ended.out)["error"].toObject();
            QVERIFY2(!error["code"].toString().isEmpty(), ended.out.constData());
            QVERIFY(!error["message"].toString().isEmpty());
            QVERIFY(!error["attempted"].toString().isEmpty());
            QVERIFY(!ended.err.isEmpty());
        }
    }

    void aLiteralSecretIsRefusedAndNeverRepeated_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("property") << QStringList{"--bootstrap", "a:1", "-X",
                                                 "sasl.password=hunter2", "cluster"};
        QTest::newRow("in one word")
            << QStringList{"--bootstrap", "a:1", "-Xsasl.password=hunter2", "cluster"};
        QTest::newRow("with another error") << QStringList{"-X", "sasl.password=hunter2", "--frob"};
        QTest::newRow("as an option") << QStringList{"--sasl.password", "hunter2", "cluster"};
        QTest::newRow("as an option with =") << QStringList{"--sasl.password=hunter2", "cluster"};
        QTest::newRow("behind another option") << QStringList{"-Y", "sasl.password=hunter2"};
        QTest::newRow("as the value of another option")
            << QStringList{"--timeout", "sasl.password=hunter2", "cluster"};
        QTest::newRow("as an address")
            << QStringList{"--bootstrap", "sasl.password=hunter2", "cluster"};
        QTest::newRow("as the name of a profile")
            << QStringList{"--profile", "sasl.password=hunter2", "cluster"};
        QTest::newRow("as a state") << QStringList{
            "--bootstrap", "a:1", "groups", "list", "--state", "sasl.password=hunter2"};
        QTest::newRow("of a profile") << QStringList{
            "profiles", "add", "p", "--bootstrap", "a:1", "-X", "ssl.key.password=hunter2"};
    }
    void aLiteralSecretIsRefusedAndNeverRepeated()
    {
        QFETCH(QStringList, arguments);
        const Ended ended = run(QStringList{"--output", "json"} + arguments);
        QCOMPARE(ended.exit, 2);
        QVERIFY2(!ended.out.contains("hunter2"), ended.out.constData());
        QVERIFY2(!ended.err.contains("hunter2"), ended.err.constData());
        QVERIFY(!profilesFile().contains("hunter2"));
    }

    void everyCommandHasHelpWithAnExample_data()
    {
        QTest::addColumn<QStringList>("command");
        for (const char *command :
             {"", "cluster", "groups", "groups list", "groups describe", "topics", "topics list",
              "topics readers", "consume", "produce", "profiles", "profiles list", "profiles show",
              "profiles add", "profiles remove", "profiles import", "completions"})
            QTest::newRow(*command == '\0' ? "redrivectl" : command)
                << QString(command).split(' ', Qt::SkipEmptyParts);
    }
    void everyCommandHasHelpWithAnExample()
    {
        QFETCH(QStringList, command);
        const Ended ended = run(command + QStringList{"--help"});
        QCOMPARE(ended.exit, 0);
        QVERIFY2(ended.out.contains("Example:\n"), ended.out.constData());
        QCOMPARE(ended.err, QByteArray());
    }

    void theVersionNamesTheLibraryAndTheBuild()
    {
        const Ended ended = run({"--version"});
        QCOMPARE(ended.exit, 0);
        QVERIFY2(ended.out.startsWith("redrivectl "), ended.out.constData());
        QVERIFY2(ended.out.contains("(librdkafka 2."), ended.out.constData());
    }

    void aRefusedConnectionExitsThreeLongBeforeTheTimeout()
    {
        QElapsedTimer clock;
        clock.start();
        const Ended ended = run({"--output", "json", "--timeout", "15s", "--bootstrap",
                                 "127.0.0.1:1", "groups", "list"});
        QCOMPARE(ended.exit, 3);
        QVERIFY(clock.elapsed() < 12'000);
        const QJsonObject error = QJsonDocument::fromJson(ended.out)["error"].toObject();
        QVERIFY2(error["attempted"].toString().contains("127.0.0.1:1"), ended.out.constData());
        QVERIFY2(ended.err.contains("refused"), ended.err.constData());
    }

    void theWholeCommandEndsWithinItsTimeout()
    {
        // Connections are accepted by the kernel, and nobody ever says a word.
        const auto silent = redrive::testproxy::listenOnLoopback();
        QElapsedTimer clock;
        clock.start();
        const Ended ended = run({"--timeout", "1s", "--bootstrap",
                                 QString("127.0.0.1:%1").arg(silent.port), "groups", "list"});
        const qint64 took = clock.elapsed();
        ::close(silent.descriptor);
        QCOMPARE(ended.exit, 3);
        QVERIFY2(took < 2000, QByteArray::number(took).constData());
    }

    void completionsNameCommandsAndOptions_data()
    {
        QTest::addColumn<QString>("shell");
        for (const char *shell : {"bash", "zsh", "fish"})
            QTest::newRow(shell) << shell;
    }
    void completionsNameCommandsAndOptions()
    {
        QFETCH(QString, shell);
        const Ended ended = run({"completions", shell});
        QCOMPARE(ended.exit, 0);
        for (const char *word : {"describe", "readers", "import", "profile", "state", "ndjson"})
            QVERIFY2(ended.out.contains(word), word);
    }

    void bashCompletesWhatTheCommandTreeHas_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("commands") << QStringList{"gr"} << QByteArray("groups");
        QTest::newRow("below a noun") << QStringList{"groups", "des"} << QByteArray("describe");
        QTest::newRow("where offsets may go") << QStringList{"offsets", "plan", "g", "--to", "la"}
                                              << QByteArray("latest\nlatest-minus:");
        QTest::newRow("behind options")
            << QStringList{"--output", "json", "-v", "topics", "re"} << QByteArray("readers");
        QTest::newRow("options") << QStringList{"groups", "list", "--mem"}
                                 << QByteArray("--members");
        QTest::newRow("values") << QStringList{"--output", "nd"} << QByteArray("ndjson");
        QTest::newRow("profiles") << QStringList{"--profile", "pr"} << QByteArray("prod\\ eu");
        QTest::newRow("profile to show")
            << QStringList{"profiles", "show", "pr"} << QByteArray("prod\\ eu");
    }
    void bashCompletesWhatTheCommandTreeHas()
    {
        QFETCH(QStringList, words);
        QFETCH(QByteArray, expected);
        QCOMPARE(run({"profiles", "add", "prod eu", "--bootstrap", "a:1"}).exit, 0);
        QProcess bash;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("XDG_CONFIG_HOME", m_home.filePath("config"));
        environment.insert("PATH", REDRIVE_BIN_DIR ":" + environment.value("PATH"));
        bash.setProcessEnvironment(environment);
        const QString script =
            "source <(redrivectl completions bash); COMP_WORDS=(redrivectl \"$@\"); "
            "COMP_CWORD=$#; _redrivectl; printf '%s\\n' \"${COMPREPLY[@]}\"";
        bash.start("bash", QStringList{"--norc", "-c", script, "bash"} + words);
        QVERIFY(bash.waitForFinished(20'000));
        QCOMPARE(bash.readAllStandardOutput(), expected + '\n');
        QCOMPARE(bash.readAllStandardError(), QByteArray());
    }
};

QTEST_GUILESS_MAIN(TestCommandLine)
#include "tst_commandline.moc"
