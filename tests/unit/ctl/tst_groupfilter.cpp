#include "app/ctl/exitcode.h"
#include "app/ctl/groupfilter.h"

#include <QTest>

using namespace redrive;
using namespace redrive::ctl;

namespace {

GroupListing listing(std::string id, std::optional<GroupState> state, std::optional<GroupType> type)
{
    GroupListing out;
    out.id = GroupId(std::move(id));
    out.state = state;
    out.type = type;
    return out;
}

const GroupListing billing = listing("billing-eu", GroupState::Stable, GroupType::Classic);
const GroupListing audit = listing("audit", GroupState::Empty, GroupType::Consumer);
const GroupListing share = listing("share", std::nullopt, std::nullopt);

} // namespace

class TestGroupFilter : public QObject
{
    Q_OBJECT

private slots:
    void nothingAskedLetsEverythingThrough()
    {
        const auto filter = GroupFilter::parse({}, {}, {});
        QVERIFY(filter->lets(billing) && filter->lets(audit) && filter->lets(share));
    }

    void statesAreKafkasNamesInAnyCase()
    {
        const auto filter = GroupFilter::parse("stable,UNKNOWN", {}, {});
        QVERIFY(filter->lets(billing));
        QVERIFY(!filter->lets(audit));
        QVERIFY(filter->lets(share));
    }

    void typesAreClassicConsumerAndUnknown()
    {
        QVERIFY(GroupFilter::parse({}, "classic", {})->lets(billing));
        QVERIFY(!GroupFilter::parse({}, "classic", {})->lets(share));
        QVERIFY(GroupFilter::parse({}, "unknown", {})->lets(share));
        QVERIFY(!GroupFilter::parse({}, "unknown", {})->lets(audit));
    }

    void namesAreFoundByRegularExpression()
    {
        const auto filter = GroupFilter::parse({}, {}, "^bill.*-(eu|us)$");
        QVERIFY(filter->lets(billing));
        QVERIFY(!filter->lets(audit));
        QVERIFY(GroupFilter::parse({}, {}, "ling|audit")->lets(billing));
        QVERIFY(!GroupFilter::parse({}, {}, "^ling")->lets(billing));
        QVERIFY(GroupFilter::parse({}, {}, "eu$")->lets(billing));
        const GroupListing lines = listing("a\nb", std::nullopt, std::nullopt);
        QVERIFY(GroupFilter::parse({}, {}, "b")->lets(lines));
    }

    void aLongNameIsNoTroubleForAGreedyExpression()
    {
        const auto filter = GroupFilter::parse({}, {}, "(a|b)*c");
        QVERIFY(!filter->lets(listing(std::string(32'000, 'a'), std::nullopt, std::nullopt)));
    }

    void whatMakesNoSenseIsAUsageErrorThatNamesIt_data()
    {
        QTest::addColumn<QString>("states");
        QTest::addColumn<QString>("type");
        QTest::addColumn<QString>("match");
        QTest::newRow("state") << "Stable,Sleeping"
                               << ""
                               << "";
        QTest::newRow("empty state") << ","
                                     << ""
                                     << "";
        QTest::newRow("type") << ""
                              << "share"
                              << "";
        QTest::newRow("expression") << ""
                                    << ""
                                    << "a(b";
    }
    void whatMakesNoSenseIsAUsageErrorThatNamesIt()
    {
        QFETCH(QString, states);
        QFETCH(QString, type);
        QFETCH(QString, match);
        const auto filter =
            GroupFilter::parse(states.toStdString(), type.toStdString(), match.toStdString());
        QVERIFY(!filter);
        QCOMPARE(exitCode(filter.error()), exitcode::usage);
        const QString said = QString::fromStdString(filter.error().message);
        QVERIFY2(said.contains("Sleeping") || said.contains("''") || said.contains("share") ||
                     said.contains("a(b") || said.contains("a)(b"),
                 qPrintable(said));
    }
};

QTEST_APPLESS_MAIN(TestGroupFilter)
#include "tst_groupfilter.moc"
