#include "app/ctl/commandline.h"
#include "app/ctl/commands.h"
#include "app/ctl/console.h"
#include "app/ctl/options.h"

#include <QTest>

using namespace redrive::ctl;

class TestArguments : public QObject
{
    Q_OBJECT

private slots:
    void namesOfAnyShapeStayWhatTheyAre_data()
    {
        QTest::addColumn<QString>("name");
        for (const char *name :
             {"billing", "[a,b]", "[x]", "++", "--flag", "-", "--", "\x01[x]", "list"})
            QTest::newRow(name) << name;
    }
    void namesOfAnyShapeStayWhatTheyAre()
    {
        QFETCH(QString, name);
        const auto kept = protectArguments({"groups", "describe", "--", name.toStdString()});
        QCOMPARE(kept.size(), 3U);
        QCOMPARE(plainArgument(kept.back()), name.toStdString());
        QVERIFY(kept.back() == "-" || !kept.back().starts_with('-'));
        QVERIFY(!kept.back().starts_with('['));
    }

    void valuesOfOptionsAreLeftAlone()
    {
        const std::vector<std::string> arguments{"groups", "list", "--match",
                                                 "[ab]",   "-X",   "a=[b]"};
        QCOMPARE(protectArguments(arguments), arguments);
    }

    void aNameThatIsNoUtf8IsRefusedBeforeAnybodyIsAsked()
    {
        Console console;
        // A broker that was asked about it would answer about another name, and the library abort.
        QCOMPARE(runCommandLine({"--bootstrap", "127.0.0.1:1", "groups", "describe", "bad\xff"},
                                console),
                 2);
    }

    void onlyValuesOfSecretsAreTakenOutOfAMessage()
    {
        const std::vector<std::string> arguments{"-X", "sasl.password=hunter2", "-X",
                                                 "client.id=me"};
        QCOMPARE(withoutSecrets("no sasl.password=hunter2 for client.id=me", arguments),
                 std::string("no sasl.password=… for client.id=me"));
    }
};

QTEST_APPLESS_MAIN(TestArguments)
#include "tst_arguments.moc"
