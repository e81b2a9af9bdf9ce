// Pictures of the window's states, kept as artefacts where REDRIVE_PICTURES names a directory. What
// is checked here is that each state can be drawn in both schemes and at an odd scale without a
// warning.
#include "tests/gui/shellfixture.h"
#include "ui/pages/connectpage.h"

#include <QDir>

using namespace redrive;
using namespace redrive::test;
using namespace Qt::StringLiterals;
using ui::theme::Scheme;

namespace {

constexpr auto hostile = "<img src=x onerror=alert(1)>\u202egnp.exe\nsecond line";

SnapshotPtr busy()
{
    auto broken = summaryOf("ledger", std::nullopt);
    broken.error = brokerError("reading the offsets of ledger", "Group authorization failed",
                               "GROUP_AUTHORIZATION_FAILED");
    auto share = summaryOf("share-demo", std::nullopt, std::nullopt);
    share.listing.error = brokerError("describing share-demo",
                                      "this is no classic or consumer group", "_UNSUPPORTED_GROUP");
    auto partly = summaryOf("search-indexer", 214);
    partly.unknownLags = 2;
    std::vector<GroupSummary> groups{summaryOf("billing", 18'402),
                                     summaryOf("audit", 9'120, GroupState::Empty),
                                     partly,
                                     broken,
                                     share,
                                     summaryOf("notifications", 0),
                                     summaryOf(hostile, 77, GroupState::PreparingRebalance)};
    for (int i = 0; i < 35; ++i)
        groups.push_back(summaryOf("worker-" + std::to_string(i), i % 3 == 0 ? i * 41 : 0));
    auto snapshot = liveSnapshot(std::move(groups));
    std::map<GroupId, std::vector<std::optional<std::int64_t>>> trends;
    for (const auto &summary : *snapshot->groups) {
        auto &samples = trends[summary.listing.id];
        for (int i = 0; i < 30; ++i) {
            const std::int64_t lag = summary.totalLag.value_or(0);
            samples.emplace_back(lag * (10 + (summary.partitions % 2 == 0 ? i : 30 - i)) / 40);
        }
    }
    snapshot->trends =
        std::make_shared<const std::map<GroupId, std::vector<std::optional<std::int64_t>>>>(trends);
    workspace::Problem problem;
    problem.id = "offsets/ledger";
    problem.error = *broken.error;
    problem.advice = "Grant READ on the group ledger to this user.";
    problem.first = WallTime(Millis(1'795'258'900'000));
    problem.last = WallTime(Millis(1'795'258'950'000));
    problem.count = 11;
    snapshot->problems.push_back(problem);
    problem.id = "broker/2";
    problem.error =
        brokerError("listing the groups of broker 2", "Connection refused", "_TRANSPORT");
    problem.advice.clear();
    problem.current = false;
    problem.count = 2;
    snapshot->problems.push_back(problem);
    return snapshot;
}

} // namespace

class ShellPictures : public QObject
{
    Q_OBJECT

    static void keep(ShellFixture &fixture, const QString &name)
    {
        QCoreApplication::processEvents();
        const QPixmap picture = fixture.window().grab();
        QVERIFY(!picture.isNull());
        const QString directory = qEnvironmentVariable("REDRIVE_PICTURES");
        if (directory.isEmpty())
            return;
        QVERIFY(QDir().mkpath(directory));
        QVERIFY(picture.save(directory + u'/' + name + u".png"_s));
    }

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void overview_data()
    {
        QTest::addColumn<Scheme>("scheme");
        QTest::addColumn<QSize>("size");
        QTest::newRow("light") << Scheme::Light << QSize(1240, 780);
        QTest::newRow("dark") << Scheme::Dark << QSize(1240, 780);
        QTest::newRow("narrow") << Scheme::Light << QSize(640, 560);
    }
    void overview()
    {
        QFETCH(Scheme, scheme);
        QFETCH(QSize, size);
        ShellFixture fixture;
        fixture.settings->setScheme(scheme);
        ui::theme::apply(scheme);
        fixture.showWindow(size);
        fixture.settings->setWatched(u"payments-eu"_s, u"notifications"_s, true);
        fixture.addCluster(u"payments-eu"_s, busy());
        keep(fixture, u"overview-"_s + QString::fromLatin1(QTest::currentDataTag()));
        fixture.window().actions().problems->setChecked(true);
        keep(fixture, u"problems-"_s + QString::fromLatin1(QTest::currentDataTag()));
        fixture.window().actions().problems->setChecked(false);
        fixture.window().openPalette();
        keep(fixture, u"palette-"_s + QString::fromLatin1(QTest::currentDataTag()));
    }

    void production()
    {
        ShellFixture fixture;
        fixture.showWindow();
        auto snapshot = busy();
        snapshot->connection = workspace::Connection::Stale;
        snapshot->connectionError = Error{.kind = Error::Kind::Transport,
                                          .code = "_TRANSPORT",
                                          .message = "Connection refused",
                                          .attempted = "connecting to broker-1.kafka.svc:9092",
                                          .retriable = true};
        fixture.addCluster(u"payments-eu"_s, snapshot, kafka::effectivePolicy(std::nullopt, true),
                           {u"the broker's certificate is not checked"_s});
        keep(fixture, u"production-stale"_s);
        ui::theme::apply(Scheme::Dark);
        keep(fixture, u"production-stale-dark"_s);
    }

    void emptyStates()
    {
        ui::theme::apply(Scheme::Light);
        ShellFixture fixture;
        fixture.showWindow();
        auto *view =
            fixture.addCluster(u"a cluster with a very long name that somebody has given it in a "
                               u"hurry, and then never shortened again"_s,
                               nullptr);
        keep(fixture, u"connecting"_s);
        auto failed = std::make_shared<workspace::ClusterSnapshot>();
        failed->connectionError = Error{.kind = Error::Kind::Resolve,
                                        .code = "_RESOLVE",
                                        .message = "Name or service not known",
                                        .attempted = "resolving kafka.example.org",
                                        .retriable = true};
        failed->connectionAdvice = "Check the spelling, or whether the VPN is up.";
        view->show(failed);
        keep(fixture, u"not-connected"_s);
        view->show(liveSnapshot({}));
        keep(fixture, u"no-groups"_s);
    }

    void connecting_data()
    {
        QTest::addColumn<Scheme>("scheme");
        QTest::addColumn<QSize>("size");
        QTest::newRow("light") << Scheme::Light << QSize(1240, 780);
        QTest::newRow("dark") << Scheme::Dark << QSize(1240, 780);
        QTest::newRow("narrow") << Scheme::Light << QSize(640, 560);
    }
    void connecting()
    {
        QFETCH(Scheme, scheme);
        QFETCH(QSize, size);
        ShellFixture fixture;
        fixture.settings->setScheme(scheme);
        ui::theme::apply(scheme);
        fixture.showWindow(size);
        fixture.window().start({});
        keep(fixture, u"first-start-"_s + QString::fromLatin1(QTest::currentDataTag()));
        fixture.write(u"profiles.toml"_s,
                      "[profiles.local]\nbootstrap = \"localhost:9092\"\n\n[profiles.payments-eu]\n"
                      "bootstrap = \"broker-1.eu:9093\"\nproduction = true\nmode = \"confirm\"\n"
                      "properties = { \"security.protocol\" = \"sasl_ssl\", \"sasl.mechanism\" = "
                      "\"SCRAM-SHA-512\", \"sasl.username\" = \"ops\", \"sasl.password\" = "
                      "\"env:KAFKA_PASSWORD\", \"socket.timeout.ms\" = \"9000\" }\n"
                      "[profiles.odd]\nbootstrap = \"x:1\"\ncolour = \"green\"\n");
        auto *page = qobject_cast<ui::ConnectPage *>(fixture.window().currentPage());
        QVERIFY(page);
        page->setShown(true);
        const auto profile = fixture.profiles->find("payments-eu");
        QVERIFY(profile);
        page->showFailure(profile.value(), true,
                          {.kind = Error::Kind::Config,
                           .code = "SECRET_MISSING",
                           .message = "the environment has no variable KAFKA_PASSWORD",
                           .attempted = "reading sasl.password",
                           .retriable = false});
        keep(fixture, u"connect-"_s + QString::fromLatin1(QTest::currentDataTag()));
        fixture.window().actions().settings->trigger();
        keep(fixture, u"settings-"_s + QString::fromLatin1(QTest::currentDataTag()));
    }
};

QTEST_MAIN(ShellPictures)
#include "tst_shell_pictures.moc"
