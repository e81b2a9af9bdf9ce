#include "tests/gui/shellfixture.h"
#include "ui/bridge/background.h"
#include "ui/dialogs/connectiontestview.h"
#include "ui/dialogs/profiledraft.h"
#include "ui/pages/connectpage.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTreeWidget>

#include <condition_variable>
#include <mutex>

using namespace redrive;
using namespace redrive::test;
using namespace redrive::ui;
using namespace Qt::StringLiterals;

namespace {

workspace::Profile saslProfile()
{
    workspace::Profile profile;
    profile.name = "payments";
    profile.bootstrap = "b-1:9093,b-2:9093";
    profile.properties = {{"security.protocol", "sasl_ssl"},
                          {"sasl.mechanism", "SCRAM-SHA-512"},
                          {"sasl.username", "ops"},
                          {"sasl.password", "keychain:redrive/payments/sasl.password"},
                          {"ssl.ca.location", "/etc/ca.pem"},
                          {"socket.timeout.ms", "9000"}};
    profile.addressMap = {{"broker-0.svc:9092", "127.0.0.1:19092"}};
    profile.mode = kafka::AccessMode::Confirm;
    profile.production = true;
    return profile;
}

/// The page with a test of our own, and what it needs.
struct PageFixture : ShellFixture
{
    QWidget host; ///< the page is no window of its own
    std::unique_ptr<ConnectPage> page;

    explicit PageFixture(const ConnectionTester::Test &test = {})
        : page(std::make_unique<ConnectPage>(
              *connector, *profiles, &host,
              test ? test : [](const auto &, auto, auto, const auto &)
                  -> std::optional<ClusterInfo> { return std::nullopt; }))
    {
        host.resize(1100, 900);
        page->resize(1100, 900);
        host.show();
        page->setShown(true);
    }
    template <typename T>
    T *at(const char *name)
    {
        return page->findChild<T *>(QLatin1StringView(name));
    }
    void fill(const QString &name, const QString &bootstrap)
    {
        at<QLineEdit>("profile-name")->setText(name);
        at<QLineEdit>("bootstrap-servers")->setText(bootstrap);
    }
    QString message() { return at<QLabel>("connect-message")->text(); }
    QByteArray file()
    {
        QFile stored(path(u"profiles.toml"_s));
        return stored.open(QIODevice::ReadOnly) ? stored.readAll() : QByteArray();
    }
};

} // namespace

class ConnectTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void aProfileGoesThroughTheFormUnchanged()
    {
        const auto profile = saslProfile();
        const auto done = finish(draftOf(profile));
        QVERIFY(done.problems.empty());
        QVERIFY(done.profile == profile);
        QVERIFY(done.typed.empty());
    }

    void whatTheSecurityDoesNotNeedIsLeftOut()
    {
        auto draft = draftOf(saslProfile());
        draft.protocol = "plaintext";
        const auto done = finish(draft);
        QCOMPARE(done.profile.properties,
                 (std::map<std::string, std::string>{{"socket.timeout.ms", "9000"}}));
    }

    void aTypedSecretIsAReferenceInTheProfileAndNeverItself()
    {
        auto draft = draftOf(saslProfile());
        draft.secrets[0].text = "hunter2";
        const auto done = finish(draft);
        QCOMPARE(done.profile.properties.at("sasl.password"),
                 std::string("keychain:redrive/payments/sasl.password"));
        QCOMPARE(done.typed.at("redrive/payments/sasl.password"), std::string("hunter2"));
        QCOMPARE(done.forStore.size(), std::size_t{1});
        draft.secrets[0].place = SecretPlace::Session;
        QVERIFY(finish(draft).forStore.empty());
        draft.secrets[0].place = SecretPlace::Environment;
        draft.secrets[0].text = "KAFKA_PASSWORD";
        QCOMPARE(finish(draft).profile.properties.at("sasl.password"),
                 std::string("env:KAFKA_PASSWORD"));
    }

    void renamingKeepsTheSecretWhereItIs()
    {
        auto draft = draftOf(saslProfile());
        draft.name = "renamed";
        QCOMPARE(finish(draft).profile.properties.at("sasl.password"),
                 std::string("keychain:redrive/payments/sasl.password"));
    }

    void whatAProfileFileMayReferToTheFormMayToo()
    {
        auto draft = draftOf(saslProfile());
        draft.more = "socket.timeout.ms=env:TIMEOUT\nbroker.address.family=env:FAMILY\n";
        const auto done = finish(draft);
        QVERIFY(done.problems.empty());
        QCOMPARE(done.profile.properties.at("socket.timeout.ms"), std::string("env:TIMEOUT"));
        draft.more = "socket.timeout.ms=env:no name\n";
        QCOMPARE(finish(draft).problems.size(), std::size_t{1});
    }

    void complaintsNameTheFieldAndTheKey()
    {
        ProfileDraft draft;
        draft.protocol = "plaintext";
        draft.more = "nonsense\nsasl.password=hunter2\nplugin.library.paths=/x.so\n# a comment\n";
        draft.addressMap = "not a mapping";
        const auto done = finish(draft);
        QStringList all;
        for (const auto &problem : done.problems)
            all << problem.field + u": "_s + problem.message;
        const QString text = all.join(u'\n');
        for (const QString &word :
             {u"Name"_s, u"Bootstrap servers"_s, u"nonsense"_s, u"sasl.password=env:NAME"_s,
              u"plugin.library.paths"_s, u"Address map"_s})
            QVERIFY2(text.contains(word), qPrintable(text));
        QVERIFY(!text.contains(u"hunter2"_s));
        QVERIFY(!text.contains(u"comment"_s));
    }

    void onlyTheFieldsThatTheSecurityNeedsAreShown()
    {
        PageFixture fixture;
        auto *protocol = fixture.at<QComboBox>("security-protocol");
        auto *user = fixture.at<QLineEdit>("sasl-username");
        auto *ca = fixture.at<QLineEdit>("ca-file");
        QVERIFY(!user->isVisible() && !ca->isVisible());
        protocol->setCurrentIndex(protocol->findData(u"ssl"_s));
        QVERIFY(!user->isVisible() && ca->isVisible());
        protocol->setCurrentIndex(protocol->findData(u"sasl_plaintext"_s));
        QVERIFY(user->isVisible() && !ca->isVisible());
        protocol->setCurrentIndex(protocol->findData(u"sasl_ssl"_s));
        QVERIFY(user->isVisible() && ca->isVisible());
        auto *mechanism = fixture.at<QComboBox>("sasl-mechanism");
        mechanism->setCurrentIndex(mechanism->findData(u"OAUTHBEARER"_s));
        QVERIFY(!user->isVisible());
        QVERIFY(fixture.at<QPlainTextEdit>("more-properties")->isVisible());
    }

    void connectSavesFirstAndTheFileHoldsNoSecret()
    {
        PageFixture fixture;
        QSignalSpy connecting(fixture.page.get(), &ConnectPage::connectRequested);
        fixture.fill(u"mine"_s, u"localhost:9092"_s);
        auto *protocol = fixture.at<QComboBox>("security-protocol");
        protocol->setCurrentIndex(protocol->findData(u"sasl_plaintext"_s));
        fixture.at<QLineEdit>("sasl-username")->setText(u"me"_s);
        fixture.at<QLineEdit>("sasl-password")->setText(u"hunter2"_s);
        fixture.at<QPushButton>("connect-button")->click();
        QTRY_COMPARE(connecting.count(), 1);
        QVERIFY(connecting.at(0).at(1).toBool());
        QCOMPARE(fixture.secrets.kept.at(u"redrive/mine/sasl.password"_s), u"hunter2"_s);
        const QByteArray stored = fixture.file();
        QVERIFY(stored.contains("keychain:redrive/mine/sasl.password"));
        QVERIFY(!stored.contains("hunter2"));
    }

    void withoutSavingNothingIsWritten()
    {
        PageFixture fixture;
        QSignalSpy connecting(fixture.page.get(), &ConnectPage::connectRequested);
        fixture.fill(u"once"_s, u"localhost:9092"_s);
        fixture.at<QCheckBox>("keep-profile")->setChecked(false);
        QVERIFY(!fixture.at<QPushButton>("save-profile")->isEnabled());
        fixture.at<QPushButton>("connect-button")->click();
        QCOMPARE(connecting.count(), 1);
        QVERIFY(!connecting.at(0).at(1).toBool());
        QVERIFY(fixture.file().isEmpty());
    }

    void aKeychainThatRefusesIsSaidAndNothingIsSaved()
    {
        PageFixture fixture;
        fixture.secrets.refuses = true;
        QSignalSpy connecting(fixture.page.get(), &ConnectPage::connectRequested);
        fixture.fill(u"mine"_s, u"localhost:9092"_s);
        auto *protocol = fixture.at<QComboBox>("security-protocol");
        protocol->setCurrentIndex(protocol->findData(u"sasl_plaintext"_s));
        fixture.at<QLineEdit>("sasl-password")->setText(u"hunter2"_s);
        fixture.at<QPushButton>("connect-button")->click();
        QTRY_VERIFY(fixture.message().contains(u"keychain"_s));
        QVERIFY(fixture.message().contains(u"no keychain is running"_s));
        QVERIFY(!fixture.message().contains(u"hunter2"_s));
        QVERIFY(fixture.file().isEmpty());
        QCOMPARE(fixture.at<QComboBox>("sasl-password-place")->currentText(),
                 u"Only this session"_s);
        QCOMPARE(fixture.at<QLineEdit>("sasl-password")->text(), u"hunter2"_s);
        fixture.at<QPushButton>("connect-button")->click();
        QTRY_COMPARE(connecting.count(), 1);
        QVERIFY(!fixture.file().contains("hunter2"));
    }

    void savedConnectionsAreOpenedEditedAndRemovedWithUndo()
    {
        PageFixture fixture;
        QVERIFY(fixture.profiles->add(saslProfile()));
        fixture.secrets.kept[u"redrive/payments/sasl.password"_s] = u"hunter2"_s;
        fixture.page->setShown(true);
        auto *list = fixture.at<QListWidget>("profile-list");
        QCOMPARE(list->count(), 1);
        QVERIFY(!fixture.at<QPushButton>("open-profile")->isEnabled());
        list->setCurrentRow(0);
        QSignalSpy connecting(fixture.page.get(), &ConnectPage::connectRequested);
        fixture.at<QPushButton>("open-profile")->click();
        QCOMPARE(connecting.count(), 1);
        fixture.at<QPushButton>("edit-profile")->click();
        QCOMPARE(fixture.at<QLineEdit>("profile-name")->text(), u"payments"_s);
        QVERIFY(fixture.at<QLineEdit>("sasl-password")->text().isEmpty());
        fixture.at<QPushButton>("remove-profile")->click();
        QCOMPARE(list->count(), 0);
        auto *undo = fixture.at<QPushButton>("undo-remove");
        QVERIFY(undo->isVisible());
        undo->click();
        QCOMPARE(list->count(), 1);
        QVERIFY(fixture.profiles->find("payments").value() == saslProfile());
        QCOMPARE(fixture.secrets.kept.size(), std::size_t{1});
        list->setCurrentRow(0);
        fixture.at<QPushButton>("remove-profile")->click();
        fixture.page->setShown(false);
        QVERIFY(fixture.secrets.kept.empty());
    }

    void whatIsWrongWithTheFileIsSaidByLineAndKey()
    {
        PageFixture fixture;
        fixture.write(u"profiles.toml"_s,
                      "[profiles.good]\nbootstrap = \"x:1\"\ncolour = \"green\"\n");
        fixture.page->setShown(true);
        const QString text = fixture.at<QLabel>("profile-problems")->text();
        QVERIFY2(text.contains(u"line 3"_s) && text.contains(u"colour"_s), qPrintable(text));
        QCOMPARE(fixture.at<QListWidget>("profile-list")->count(), 1);
    }

    void anImportSaysWhatWasTakenAndWhatWasNot()
    {
        PageFixture fixture;
        fixture.write(u"client.properties"_s,
                      "bootstrap.servers=b:9093\nsecurity.protocol=SASL_SSL\n"
                      "sasl.mechanism=PLAIN\nsasl.jaas.config=org.apache.kafka.common.security."
                      "plain.PlainLoginModule required username=\"u\" password=\"hunter2\";\n"
                      "plugin.library.paths=/x.so\n");
        fixture.page->importFile(fixture.path(u"client.properties"_s));
        QCOMPARE(fixture.at<QLineEdit>("bootstrap-servers")->text(), u"b:9093"_s);
        QCOMPARE(fixture.at<QLineEdit>("sasl-username")->text(), u"u"_s);
        QCOMPARE(fixture.at<QLineEdit>("sasl-password")->text(), u"hunter2"_s);
        QVERIFY2(fixture.message().contains(u"line 5: plugin.library.paths"_s),
                 qPrintable(fixture.message()));
        QVERIFY(fixture.message().contains(u"security.protocol"_s));
        QVERIFY(!fixture.message().contains(u"hunter2"_s));
        QVERIFY(fixture.file().isEmpty());
        fixture.page->importFile(fixture.path(u"missing"_s));
        QVERIFY(fixture.message().startsWith(u"✕"_s));
    }

    void theTestTellsItsStepsAsTheyHappenAndTheVerdict()
    {
        PageFixture fixture([](const auto &settings, auto, auto, const auto &report) {
            using Step = kafka::ConnectionStep;
            std::vector<Step> steps{{"Resolve " + settings.bootstrap,
                                     Step::State::Passed,
                                     "127.0.0.1",
                                     std::nullopt,
                                     {}}};
            report(steps);
            steps.push_back({"TCP",
                             Step::State::Failed,
                             {},
                             brokerError("connecting", "<b>Connection refused</b>", "_TRANSPORT"),
                             "Is a broker running there?"});
            report(steps);
            return std::optional<ClusterInfo>{};
        });
        fixture.fill(u"mine"_s, u"localhost:9092"_s);
        auto *button = fixture.at<QPushButton>("test-connection");
        button->click();
        auto *verdict = fixture.at<QLabel>("connection-verdict");
        QTRY_VERIFY(verdict->text().contains(u"Connection refused"_s));
        QVERIFY(verdict->text().contains(u"Is a broker running there?"_s));
        QCOMPARE(verdict->textFormat(), Qt::PlainText);
        auto *steps = fixture.at<QTreeWidget>("connection-steps");
        QCOMPARE(steps->topLevelItemCount(), 2);
        QCOMPARE(steps->topLevelItem(0)->text(1), u"● passed"_s);
        QCOMPARE(steps->topLevelItem(1)->text(1), u"✕ failed"_s);
        QTRY_COMPARE(button->text(), u"Test connection"_s);
    }

    void aTestCanBeCancelledAndThePageClosedUnderIt()
    {
        struct Gate
        {
            std::mutex mutex;
            std::condition_variable changed;
            bool open = false;
        };
        const auto gate = std::make_shared<Gate>();
        {
            PageFixture fixture([gate](const auto &, auto, auto, const auto &report) {
                report({{"TCP", kafka::ConnectionStep::State::Running, {}, std::nullopt, {}}});
                std::unique_lock lock(gate->mutex);
                gate->changed.wait(lock, [&gate] { return gate->open; });
                report({{"late", kafka::ConnectionStep::State::Passed, {}, std::nullopt, {}}});
                return std::optional<ClusterInfo>{};
            });
            fixture.fill(u"mine"_s, u"localhost:9092"_s);
            auto *button = fixture.at<QPushButton>("test-connection");
            auto *steps = fixture.at<QTreeWidget>("connection-steps");
            button->click();
            QTRY_COMPARE(steps->topLevelItemCount(), 1);
            QCOMPARE(button->text(), u"Cancel the test"_s);
            button->click();
            QCOMPARE(button->text(), u"Test connection"_s);
            QCOMPARE(steps->topLevelItem(0)->text(1), u"○ skipped"_s);
            button->click();
        }
        {
            const std::scoped_lock lock(gate->mutex);
            gate->open = true;
        }
        gate->changed.notify_all();
        QVERIFY(finishBackground(Millis(5000)));
    }
};

QTEST_MAIN(ConnectTest)
#include "tst_connect.moc"
