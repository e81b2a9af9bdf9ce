#include "core/base/time.h"
#include "tests/integration/manifest.h"
#include "tests/support/broker/eventually.h"
#include "tests/support/broker/kafkacluster.h"
#include "tests/support/clients/producer.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include <optional>

using namespace redrive;
using namespace redrive::testbroker;

namespace {

const QString folder = REDRIVE_SOURCE_DIR "/deploy/";
const QString program = REDRIVE_BIN_DIR "/redrivectl";

QString contents(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

/// The words of an option, such as `20s` of `--drain`.
QString optionOf(const QStringList &arguments, const QString &name)
{
    const auto at = arguments.indexOf(name);
    return at < 0 ? QString() : arguments.value(at + 1);
}

/// What a kubelet does for an httpGet probe: the status, 0 where there was none in time.
int probe(const Probe &probed, QByteArray *answer = nullptr)
{
    QTcpSocket socket;
    const int patience = probed.timeoutSeconds * 1000;
    socket.connectToHost("127.0.0.1", static_cast<quint16>(probed.port));
    if (!socket.waitForConnected(patience))
        return 0;
    socket.write(
        "GET " + probed.path.toUtf8() +
        " HTTP/1.1\r\nHost: pod\r\nUser-Agent: kube-probe/1.34\r\nConnection: close\r\n\r\n");
    while (socket.state() == QAbstractSocket::ConnectedState && socket.waitForReadyRead(patience)) {
    }
    const auto said = socket.readAll();
    if (answer != nullptr)
        *answer = said;
    return said.mid(9, 3).toInt();
}

double metric(int port, const QByteArray &name)
{
    QByteArray page;
    if (probe({.path = "/metrics", .port = port, .timeoutSeconds = 5}, &page) != 200)
        return -1;
    for (const auto &line : page.split('\n')) {
        if (line.startsWith(name + "{"))
            return line.mid(line.lastIndexOf(' ') + 1).toDouble();
    }
    return -1;
}

std::string order(int number)
{
    const auto id = std::to_string(number);
    return R"({"event_id":"e)" + id + R"(","order_id":"o)" + id +
           R"(","created_at":"2026-11-21T10:00:00Z","customer_name":"Ada","total_price":12.30})";
}

} // namespace

class TestDeploy : public QObject
{
    Q_OBJECT
private slots:
    void theManifestSaysOneThing()
    {
        const Manifest manifest(folder + "kubernetes.yaml");
        const auto container = manifest.container();
        const auto arguments = manifest.arguments({});
        QVERIFY(arguments.contains("consume"));

        const auto drain = parseDuration(optionOf(arguments, "--drain").toStdString());
        QVERIFY(drain.hasValue());
        const auto grace = manifest.pod()["terminationGracePeriodSeconds"].toInt();
        constexpr int leaving = 10; // last commit, leaving, flushing
        QVERIFY(grace >= drain->count() / 1000 + leaving);

        const auto health = optionOf(arguments, "--health-port");
        const int port = container["ports"][0]["containerPort"].toInt();
        QVERIFY2(health == "0.0.0.0:" + QString::number(port), // a kubelet is no loopback client
                 qPrintable(health));
        QCOMPARE(manifest.annotations()["prometheus.io/port"].toString(), QString::number(port));
        for (const auto *name : {"startupProbe", "livenessProbe", "readinessProbe"}) {
            QCOMPARE(manifest.probe(name).port, port);
            QCOMPARE(manifest.probe(name).path,
                     QString(name) == "readinessProbe" ? "/readyz" : "/livez");
        }
    }

    void everyReferenceOfTheManifestLeadsSomewhere()
    {
        const Manifest manifest(folder + "kubernetes.yaml");
        const auto container = manifest.container();
        const auto environment = manifest.environment(
            {{"redrive-orders-kafka/username", "u"}, {"redrive-orders-kafka/password", "p"}});
        static const QRegularExpression variable("\\$\\(([A-Z_]+)\\)|env:([A-Z_]+)");
        QStringList asked;
        for (const auto &argument : manifest.arguments({})) {
            for (auto all = variable.globalMatch(argument); all.hasNext();) {
                const auto match = all.next();
                asked.append(match.captured(1) + match.captured(2));
            }
        }
        QVERIFY(asked.contains("KAFKA_PASSWORD"));
        for (const auto &name : asked)
            QVERIFY2(environment.contains(name), qPrintable(name));

        QStringList volumes;
        for (const auto &volume : manifest.pod()["volumes"].toArray())
            volumes.append(volume.toObject()["name"].toString());
        for (const auto &mount : container["volumeMounts"].toArray())
            QVERIFY(volumes.contains(mount.toObject()["name"].toString()));
        for (const auto *option : {"--db"})
            QVERIFY(manifest.mountOf(optionOf(manifest.arguments({}), option)).has_value());
    }

    void secretsAreReferencesAndThePodMayDoLittle()
    {
        const Manifest manifest(folder + "kubernetes.yaml");
        QVERIFY(!contents(folder + "kubernetes.yaml").contains("kind: Secret"));
        for (const auto &argument : manifest.arguments({}))
            QVERIFY(!argument.startsWith("sasl.password=") || argument.contains("=env:"));
        const auto pod = manifest.pod()["securityContext"].toObject();
        QVERIFY(pod["runAsNonRoot"].toBool());
        QCOMPARE(pod["seccompProfile"]["type"].toString(), QString("RuntimeDefault"));
        const auto container = manifest.container()["securityContext"].toObject();
        QVERIFY(container["readOnlyRootFilesystem"].toBool());
        QVERIFY(!container["allowPrivilegeEscalation"].toBool(true));
        QCOMPARE(container["capabilities"]["drop"][0].toString(), QString("ALL"));
        const auto resources = manifest.container()["resources"].toObject();
        QVERIFY(resources["limits"].toObject().contains("memory"));
        QVERIFY(resources["requests"].toObject().contains("cpu"));
        // One database, one writer.
        const auto deployment = manifest.deployment();
        QCOMPARE(deployment["replicas"].toInt(), 1);
        QCOMPARE(deployment["strategy"]["type"].toString(), QString("Recreate"));
    }

    void theImageRunsTheProgramAsTheUserOfTheManifest()
    {
        const Manifest manifest(folder + "kubernetes.yaml");
        const auto file = contents(folder + "Containerfile");
        const auto pod = manifest.pod();
        const auto user = pod["securityContext"]["runAsUser"].toInt();
        QVERIFY(file.contains("ENTRYPOINT [\"/usr/local/bin/redrivectl\"]\n"));
        QVERIFY(!manifest.container().contains("command")); // the entrypoint stays
        QVERIFY(file.contains("USER " + QString::number(user) + ":"));
        QVERIFY(file.contains("--uid " + QString::number(user) + " "));
        QVERIFY(manifest.container()["image"].toString().endsWith(":" REDRIVE_VERSION));
        QVERIFY(manifest.mountOf(imageHome()).has_value()); // the root cannot be written
    }

    void theManifestsCommandWorksAndStopsInItsGracePeriod()
    {
        KafkaCluster kafka({.secure = true, .advertise = {}, .settings = {}});
        for (const auto *topic : {"orders", "orders.dlq"})
            kafka.mustTool({"topics", "--create", "--topic", topic, "--partitions", "3"});
        const QTemporaryDir disk;
        Manifest manifest(folder + "kubernetes.yaml");
        manifest.mountBelow(disk.path());
        manifest.setConfiguration("KAFKA_BOOTSTRAP", kafka.value("sasl_ssl"));
        manifest.setConfiguration("OTLP_URL", "http://127.0.0.1:9"); // nobody there, no harm
        const auto mounted = manifest.mountOf("/etc/redrive/kafka/ca.crt");
        QVERIFY(mounted.has_value());
        QVERIFY(QFile::copy(kafka.value("certs") + "/ca.crt", *mounted));

        QProcess pod;
        QProcessEnvironment environment;
        environment.insert("HOME", *manifest.mountOf(imageHome()));
        const auto variables =
            manifest.environment({{"redrive-orders-kafka/username", "alice"},
                                  {"redrive-orders-kafka/password", "alice-secret"}});
        for (auto variable = variables.begin(); variable != variables.end(); ++variable)
            environment.insert(variable.key(), variable.value());
        pod.setProcessEnvironment(environment);
        pod.setWorkingDirectory(*manifest.mountOf(imageHome()));
        const auto said = disk.filePath("said");
        pod.setStandardOutputFile(said);
        pod.setStandardErrorFile(disk.filePath("complained"));
        pod.start(program, manifest.arguments(variables));
        QVERIFY(pod.waitForStarted());
        const auto why = [&] {
            return contents(said).right(2000) + contents(disk.filePath("complained")).right(2000);
        };

        const auto start = manifest.probe("startupProbe");
        QTRY_VERIFY2_WITH_TIMEOUT(probe(start) == 200, qPrintable(why()), start.patienceMs());
        const auto readiness = manifest.probe("readinessProbe");
        QTRY_VERIFY2_WITH_TIMEOUT(probe(readiness) == 200, qPrintable(why()), 60'000);
        QCOMPARE(probe(manifest.probe("livenessProbe")), 200);

        constexpr int count = 300;
        constexpr int each = count / 3;
        testclients::Producer producer(kafka.bootstrap());
        for (int i = 0; i < count - 1; ++i)
            producer.send("orders", i % 3, order(i));
        producer.send("orders", (count - 1) % 3, "no order");
        producer.flush();
        const auto counted = [port = readiness.port](const QByteArray &name) {
            return metric(port, "redrive_records_" + name + "_total");
        };
        QTRY_COMPARE_WITH_TIMEOUT(counted("processed"), count - 1.0, 60'000);
        QTRY_COMPARE_WITH_TIMEOUT(counted("dead_lettered"), 1.0, 60'000);

        kafka.pause();
        QCOMPARE(probe(manifest.probe("livenessProbe")), 200); // a restart brings no broker back
        kafka.resume();
        QTRY_VERIFY2_WITH_TIMEOUT(probe(readiness) == 200, qPrintable(why()), 60'000);

        const int grace = manifest.pod()["terminationGracePeriodSeconds"].toInt() * 1000;
        QElapsedTimer clock;
        clock.start();
        pod.terminate();
        QVERIFY2(pod.waitForFinished(grace), qPrintable(why()));
        QVERIFY2(pod.exitStatus() == QProcess::NormalExit && pod.exitCode() == 0,
                 qPrintable(why()));
        const auto left = kafka.mustTool({"consumer-groups", "--describe", "--group", "billing"});
        const QRegularExpression allRead(QString("billing +orders +\\d +%1 +%1 +0 ").arg(each));
        QVERIFY2(left.count(allRead) == 3, qPrintable(left));
        // It has left the group: nobody has to wait for its session to time out.
        const auto members =
            kafka.mustTool({"consumer-groups", "--describe", "--members", "--group", "billing"});
        QVERIFY2(!members.contains("redrive"), qPrintable(members));
    }

private:
    static QString imageHome()
    {
        static const QRegularExpression home("^ENV HOME=(.+)$",
                                             QRegularExpression::MultilineOption);
        return home.match(contents(folder + "Containerfile")).captured(1);
    }
};

QTEST_GUILESS_MAIN(TestDeploy)
#include "tst_deploy.moc"
