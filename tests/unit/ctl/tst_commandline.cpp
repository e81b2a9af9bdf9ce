#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

namespace {

struct Ended
{
    int exit = -1;
    QByteArray out;
    QByteArray err;
};

} // namespace

/// The program itself, where nothing needs a broker: usage, profiles, completions.
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
        row("a command of later", {"offsets", "plan"}, "unknown command 'offsets'");
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
        row("type", {"--bootstrap", "a:1", "groups", "list", "--type", "odd"}, "'odd'");
        row("expression", {"--bootstrap", "a:1", "groups", "list", "--match", "["}, "'['");
        row("no group", {"--bootstrap", "a:1", "groups", "describe"}, "--all");
        row("group and all", {"--bootstrap", "a:1", "groups", "describe", "g", "--all"}, "exclude");
        row("shell", {"completions", "csh"}, "'csh'");
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
              "topics readers", "profiles", "profiles list", "profiles show", "profiles add",
              "profiles remove", "profiles import", "completions"})
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

    void profilesAreAddedShownAndRemoved()
    {
        const Ended added =
            run({"profiles", "add", "prod", "--bootstrap", "kafka-1:9093", "--production", "--mode",
                 "confirm", "-X", "security.protocol=SASL_SSL", "-X",
                 "sasl.password=env:KAFKA_PASSWORD", "--address-map",
                 "broker-0.svc:9092=127.0.0.1:19092"});
        QVERIFY2(added.exit == 0, added.err.constData());

        const Ended shown = run({"--output", "json", "profiles", "show", "prod"});
        QCOMPARE(shown.exit, 0);
        const QJsonObject profile = QJsonDocument::fromJson(shown.out).object();
        QCOMPARE(profile["bootstrap"].toString(), QString("kafka-1:9093"));
        QCOMPARE(profile["mode"].toString(), QString("confirm"));
        QCOMPARE(profile["production"].toBool(), true);
        QCOMPARE(profile["properties"]["sasl.password"].toString(), QString("env:KAFKA_PASSWORD"));
        QCOMPARE(profile["address_map"][0].toString(),
                 QString("broker-0.svc:9092=127.0.0.1:19092"));

        const Ended again =
            run({"--output", "json", "profiles", "add", "prod", "--bootstrap", "x:1"});
        QCOMPARE(again.exit, 1);
        QVERIFY2(again.out.contains("PROFILE_EXISTS"), again.out.constData());

        QCOMPARE(run({"profiles", "remove", "prod"}).exit, 0);
        const Ended gone = run({"--output", "json", "profiles", "remove", "prod"});
        QCOMPARE(gone.exit, 1);
        QVERIFY2(gone.out.contains("PROFILE_NOT_FOUND"), gone.out.constData());
        QCOMPARE(run({"--output", "json", "profiles", "list"}).out, QByteArray("[]\n"));
    }

    void aProblemInTheProfileFileIsNamedByLineAndKeyAndTheRestWorks()
    {
        QVERIFY(QDir().mkpath(m_home.filePath("config/redrive")));
        QFile file(m_home.filePath("config/redrive/profiles.toml"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("[profiles.good]\n"
                   "bootstrap = \"a:1\"\n"
                   "[profiles.bad]\n"
                   "bootstrap = \"b:1\"\n"
                   "properties = { \"sasl.password\" = \"hunter2\" }\n");
        file.close();
        const Ended ended = run({"--output", "csv", "profiles", "list"});
        QCOMPARE(ended.exit, 0);
        QVERIFY2(ended.out.contains("\ngood,"), ended.out.constData());
        QVERIFY2(ended.err.contains("profiles.toml:5"), ended.err.constData());
        QVERIFY2(ended.err.contains("sasl.password"), ended.err.constData());
        QVERIFY(!ended.err.contains("hunter2") && !ended.out.contains("hunter2"));
    }

    void anImportTakesOverWhatItMayAndNamesTheRest()
    {
        QFile file(m_home.filePath("client.properties"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("bootstrap.servers=kafka-1:9093\n"
                   "security.protocol=SASL_SSL\n"
                   "sasl.username=me\n"
                   "sasl.password=hunter2\n"
                   "plugin.library.paths=/tmp/evil.so\n");
        file.close();
        const Ended ended = run({"profiles", "import", file.fileName(), "--name", "staging"});
        QCOMPARE(ended.exit, 1);
        QVERIFY2(ended.err.contains("plugin.library.paths"), ended.err.constData());
        QVERIFY2(ended.err.contains("env:NAME"), ended.err.constData());
        QVERIFY(!ended.err.contains("hunter2") && !ended.out.contains("hunter2"));
        QVERIFY(!profilesFile().contains("hunter2"));
        const QByteArray shown = run({"profiles", "show", "staging"}).out;
        QVERIFY2(shown.contains("kafka-1:9093") && shown.contains("me"), shown.constData());
        QVERIFY(!shown.contains("evil"));
    }

    void importingAFileThatIsNotThereFails()
    {
        const Ended ended = run({"profiles", "import", m_home.filePath("none.properties")});
        QCOMPARE(ended.exit, 1);
        QVERIFY2(ended.err.contains("No such file"), ended.err.constData());
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
        QTest::newRow("below a noun") << QStringList{"groups", "de"} << QByteArray("describe");
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
