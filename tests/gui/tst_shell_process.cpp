// The program itself: its arguments, and how it ends.
#include <QProcess>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>

using namespace Qt::StringLiterals;

class ProcessTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_directory;

    void start(QProcess &process, const QStringList &arguments)
    {
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"QT_QPA_PLATFORM"_s, u"offscreen"_s);
        for (const QString &name :
             {u"XDG_CONFIG_HOME"_s, u"XDG_STATE_HOME"_s, u"XDG_DATA_HOME"_s, u"XDG_RUNTIME_DIR"_s})
            environment.insert(name, m_directory.path());
        process.setProcessEnvironment(environment);
        process.start(QStringLiteral(REDRIVE_PROGRAM), arguments);
        QVERIFY(process.waitForStarted());
    }

private slots:
    void whatItDoesNotKnowEndsWith2AndALine_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("word");
        QTest::newRow("option") << QStringList{u"--nonsense"_s} << u"nonsense"_s;
        QTest::newRow("demo") << QStringList{u"--demo"_s} << u"demo"_s;
        QTest::newRow("positional") << QStringList{u"somewhere"_s} << u"somewhere"_s;
        QTest::newRow("value missing") << QStringList{u"--bootstrap"_s} << u"bootstrap"_s;
        QTest::newRow("profile") << QStringList{u"--profile"_s, u"nowhere"_s} << u"nowhere"_s;
        QTest::newRow("literal secret")
            << QStringList{u"--bootstrap"_s, u"localhost:1"_s, u"-X"_s, u"sasl.password=hunter2"_s}
            << u"sasl.password"_s;
        QTest::newRow("code") << QStringList{u"--bootstrap"_s, u"localhost:1"_s, u"-X"_s,
                                             u"plugin.library.paths=/x.so"_s}
                              << u"plugin.library.paths"_s;
        QTest::newRow("-X alone") << QStringList{u"-X"_s, u"socket.timeout.ms=1"_s}
                                  << u"bootstrap"_s;
    }
    void whatItDoesNotKnowEndsWith2AndALine()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, word);
        QProcess process;
        start(process, arguments);
        QVERIFY(process.waitForFinished());
        QCOMPARE(process.exitCode(), 2);
        const QString line = QString::fromUtf8(process.readAllStandardError());
        QVERIFY2(line.contains(word), qPrintable(line));
        QCOMPARE(line.count(u'\n'), 1);
        QVERIFY(!line.contains(u"hunter2"_s));
        QVERIFY(process.readAllStandardOutput().isEmpty());
    }

    void helpAndVersionNeedNoDisplay()
    {
        QProcess help;
        start(help, {u"--help"_s});
        QVERIFY(help.waitForFinished());
        QCOMPARE(help.exitCode(), 0);
        const QByteArray text = help.readAllStandardOutput();
        QVERIFY(text.contains("--bootstrap") && text.contains("--profile") &&
                text.contains("Example"));
        QProcess version;
        start(version, {u"--version"_s});
        QVERIFY(version.waitForFinished());
        QCOMPARE(version.exitCode(), 0);
        QVERIFY(version.readAllStandardOutput().startsWith("redrive "));
    }

    void sigtermAndSigintCloseItLikeItsWindow_data()
    {
        QTest::addColumn<int>("number");
        QTest::newRow("SIGTERM") << SIGTERM;
        QTest::newRow("SIGINT") << SIGINT;
    }
    void sigtermAndSigintCloseItLikeItsWindow()
    {
        QFETCH(int, number);
        QFile::remove(m_directory.filePath(u"redrive/window.ini"_s));
        // A broker that accepts and says nothing: the worst to be connected to when one wants to
        // leave.
        QTcpServer mute;
        QVERIFY(mute.listen(QHostAddress::LocalHost));
        QProcess process;
        start(process, {u"--bootstrap"_s, u"127.0.0.1:%1"_s.arg(mute.serverPort())});
        QTRY_VERIFY_WITH_TIMEOUT(mute.hasPendingConnections(), 15'000);
        QElapsedTimer clock;
        clock.start();
        QCOMPARE(::kill(static_cast<pid_t>(process.processId()), number), 0);
        QVERIFY(process.waitForFinished(10'000));
        QVERIFY2(clock.elapsed() < 4000, qPrintable(QString::number(clock.elapsed())));
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 0);
        QVERIFY(QFile::exists(m_directory.filePath(u"redrive/window.ini"_s)));
    }
};

QTEST_GUILESS_MAIN(ProcessTest)
#include "tst_shell_process.moc"
