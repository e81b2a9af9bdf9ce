#include "tests/support/broker/redrivectl.h"

#include <QDir>
#include <QFile>
#include <QTest>

using redrive::testbroker::Output;
using redrive::testbroker::Redrivectl;

namespace {

QJsonObject problem(int line, const char *key)
{
    return {{"line", line}, {"key", key}};
}

/// Where the errors are; what they say is for people.
QJsonArray places(const QJsonValue &errors)
{
    QJsonArray out;
    for (const auto &each : errors.toArray()) {
        const QJsonObject error = each.toObject();
        out.append(QJsonObject{{"line", error["line"]}, {"key", error["key"]}});
    }
    return out;
}

constexpr auto partlyBroken = "[profiles.good]\n"
                              "bootstrap = \"a:1\"\n"
                              "\n"
                              "[profiles.secret]\n"
                              "bootstrap = \"b:1\"\n"
                              "properties = { \"sasl.password\" = \"hunter2\" }\n"
                              "\n"
                              "# nobody knows why\n"
                              "[profiles.nowhere]\n"
                              "bootstrap = 7\n"
                              "\n"
                              "[profiles.torn]\n"
                              "bootstrap = \"c:1\n"
                              "\n"
                              "[profiles.last]\n"
                              "bootstrap = \"d:1\"\n";

} // namespace

/// `redrivectl profiles …`, the program itself.
class TestProfileCommands : public QObject
{
    Q_OBJECT

    static QString profilesPath(const Redrivectl &ctl)
    {
        return ctl.configDirectory() + "/profiles.toml";
    }

    static void write(const QString &path, const QByteArray &text)
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }

    static QByteArray read(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

private slots:
    void profilesAreAddedShownAndRemoved()
    {
        const Redrivectl ctl;
        const Output added =
            ctl.run({"profiles", "add", "prod", "--bootstrap", "kafka-1:9093", "--production",
                     "--mode", "confirm", "-X", "security.protocol=SASL_SSL", "-X",
                     "sasl.password=env:KAFKA_PASSWORD", "--address-map",
                     "broker-0.svc:9092=127.0.0.1:19092"});
        QVERIFY2(added.exitCode == 0, added.err.constData());

        const auto shown = ctl.json({"profiles", "show", "prod"});
        QCOMPARE(shown.exitCode, 0);
        const QJsonObject profile = shown.object;
        QCOMPARE(profile["bootstrap"].toString(), QString("kafka-1:9093"));
        QCOMPARE(profile["mode"].toString(), QString("confirm"));
        QCOMPARE(profile["production"].toBool(), true);
        QCOMPARE(profile["properties"]["sasl.password"].toString(), QString("env:KAFKA_PASSWORD"));
        QCOMPARE(profile["address_map"][0].toString(),
                 QString("broker-0.svc:9092=127.0.0.1:19092"));
        QCOMPARE(profile["errors"].toArray(), QJsonArray());

        const auto again = ctl.json({"profiles", "add", "prod", "--bootstrap", "x:1"});
        QCOMPARE(again.exitCode, 1);
        QCOMPARE(again.errorCode(), QString("PROFILE_EXISTS"));

        QCOMPARE(ctl.run({"profiles", "remove", "prod"}).exitCode, 0);
        const auto gone = ctl.json({"profiles", "remove", "prod"});
        QCOMPARE(gone.exitCode, 1);
        QCOMPARE(gone.errorCode(), QString("PROFILE_NOT_FOUND"));
        const auto none = ctl.json({"profiles", "list"});
        QCOMPARE(none.exitCode, 0);
        QCOMPARE(none.raw, QByteArray("[]\n"));
    }

    void aLiteralSecretHasACodeOfItsOwn()
    {
        const Redrivectl ctl;
        const auto refused =
            ctl.json({"profiles", "add", "p", "--bootstrap", "a:1", "-X", "sasl.password=hunter2"});
        QCOMPARE(refused.exitCode, 2);
        QCOMPARE(refused.errorCode(), QString("LITERAL_SECRET"));
    }

    void ofAPartlyBrokenFileTheGoodProfilesAreListedAndTheRestIsNamedByLineAndKey()
    {
        const Redrivectl ctl;
        write(profilesPath(ctl), partlyBroken);
        const auto listed = ctl.json({"profiles", "list"});
        QCOMPARE(listed.exitCode, 1);
        QCOMPARE(listed.list.size(), 5);
        QCOMPARE(listed.find("profile", "good")["bootstrap"].toString(), QString("a:1"));
        QCOMPARE(listed.find("profile", "good")["errors"].toArray(), QJsonArray());
        QCOMPARE(listed.find("profile", "last")["bootstrap"].toString(), QString("d:1"));
        QCOMPARE(places(listed.find("profile", "secret")["errors"]),
                 (QJsonArray{problem(6, "sasl.password")}));
        const QJsonObject nowhere = listed.find("profile", "nowhere");
        QVERIFY(nowhere["bootstrap"].isNull());
        QCOMPARE(places(nowhere["errors"]), (QJsonArray{problem(10, "bootstrap")}));
        QCOMPARE(listed.find("profile", "torn")["errors"][0]["line"].toInt(), 13);
        QVERIFY(!listed.raw.contains("hunter2") && !listed.err.contains("hunter2"));

        const Output table = ctl.run({"profiles", "list"});
        QCOMPARE(table.exitCode, 1);
        QVERIFY2(table.out.contains("good") && table.out.contains("cannot be used"),
                 table.out.constData());
        QVERIFY2(table.err.contains("profiles.toml:6: sasl.password: "), table.err.constData());
    }

    void aFileThatCannotBeReadIsAFailure()
    {
        const Redrivectl ctl;
        QVERIFY(QDir().mkpath(profilesPath(ctl)));
        const auto listed = ctl.json({"profiles", "list"});
        QCOMPARE(listed.exitCode, 1);
        QCOMPARE(listed.errorCode(), QString("PROFILES_UNREADABLE"));
    }

    void showingAProfileThatCannotBeUsedSaysWhy()
    {
        const Redrivectl ctl;
        write(profilesPath(ctl), partlyBroken);
        for (const char *name : {"nowhere", "torn"}) {
            const auto shown = ctl.json({"profiles", "show", name});
            QCOMPARE(shown.exitCode, 1);
            QCOMPARE(shown.errorCode(), QString("PROFILE_UNUSABLE"));
            QVERIFY2(shown.err.contains("line 1"), shown.err.constData());
        }
        const auto inPart = ctl.json({"profiles", "show", "secret"});
        QCOMPARE(inPart.exitCode, 1);
        QCOMPARE(places(inPart.object["errors"]), (QJsonArray{problem(6, "sasl.password")}));
        QCOMPARE(ctl.run({"profiles", "show", "good"}).exitCode, 0);
        QCOMPARE(ctl.json({"profiles", "show", "none"}).errorCode(), QString("PROFILE_NOT_FOUND"));
    }

    void aProfileThatCannotBeUsedIsRemovedAndTheOthersStay()
    {
        const Redrivectl ctl;
        write(profilesPath(ctl), partlyBroken);
        QByteArray expected = partlyBroken;
        const auto without = [&](const char *name, const QByteArray &table) {
            const Output removed = ctl.run({"profiles", "remove", name});
            QVERIFY2(removed.exitCode == 0, removed.err.constData());
            QVERIFY(expected.contains(table));
            expected.replace(table, "");
            QCOMPARE(read(profilesPath(ctl)).simplified(), expected.simplified());
        };
        without("torn", "[profiles.torn]\nbootstrap = \"c:1\n");
        without("nowhere", "[profiles.nowhere]\nbootstrap = 7\n");
        without("secret", "[profiles.secret]\nbootstrap = \"b:1\"\n"
                          "properties = { \"sasl.password\" = \"hunter2\" }\n");
        QVERIFY(expected.contains("# nobody knows why"));
        QCOMPARE(ctl.run({"profiles", "list"}).exitCode, 0);
    }

    void anImportTakesOverWhatItMayAndNamesTheRestInTheResult()
    {
        const Redrivectl ctl;
        const QString path = ctl.home() + "/client.properties";
        write(path, "bootstrap.servers=kafka-1:9093\n"
                    "security.protocol=SASL_SSL\n"
                    "sasl.username=me\n"
                    "sasl.password=hunter2\n"
                    "ssl.truststore.type=PEM\n"
                    "ssl.truststore.location=/ca.pem\n"
                    "ssl.truststore.password=hunter2\n"
                    "plugin.library.paths=/tmp/evil.so\n");
        const auto imported = ctl.json({"profiles", "import", path, "--name", "staging"});
        QCOMPARE(imported.exitCode, 1);
        QCOMPARE(imported.object["profile"].toString(), QString("staging"));
        QCOMPARE(places(imported.object["errors"]),
                 (QJsonArray{problem(4, "sasl.password"), problem(7, "ssl.truststore.password"),
                             problem(8, "plugin.library.paths")}));
        QVERIFY(imported.object["errors"][0]["message"].toString().contains("env:NAME"));
        QVERIFY2(imported.err.contains("client.properties:4: sasl.password: "),
                 imported.err.constData());
        QVERIFY(!imported.err.contains("hunter2") && !imported.raw.contains("hunter2"));
        QVERIFY(!read(profilesPath(ctl)).contains("hunter2"));
        const QByteArray shown = ctl.run({"profiles", "show", "staging"}).out;
        QVERIFY2(shown.contains("kafka-1:9093") && shown.contains("me"), shown.constData());
        QVERIFY(!shown.contains("evil"));
    }

    void serversGivenBesideAnImportAreNoProblem()
    {
        const Redrivectl ctl;
        const QString path = ctl.home() + "/client.properties";
        write(path, "security.protocol=SSL\n");
        QCOMPARE(ctl.json({"profiles", "import", path}).errorCode(), QString("NO_BOOTSTRAP"));
        const auto imported = ctl.json({"profiles", "import", path, "--bootstrap", "a:1"});
        QCOMPARE(imported.exitCode, 0);
        QCOMPARE(imported.object["errors"].toArray(), QJsonArray());
    }

    void importingAFileThatIsNotThereFails()
    {
        const Redrivectl ctl;
        const Output ended = ctl.run({"profiles", "import", ctl.home() + "/none.properties"});
        QCOMPARE(ended.exitCode, 1);
        QVERIFY2(ended.err.contains("No such file"), ended.err.constData());
    }
};

QTEST_GUILESS_MAIN(TestProfileCommands)
#include "tst_profilecommands.moc"
