#include "app/ctl/offsetoptions.h"

#include <QTest>

using namespace redrive;
using namespace redrive::ctl;

namespace {

const WallTime now{Millis(1'795'000'000'000)};

PlanOptions sound()
{
    PlanOptions options;
    options.group = "billing";
    options.topics = {"orders:3,0", "events"};
    options.to = "shift:-5";
    return options;
}

std::string refusal(const PlanOptions &options)
{
    const auto request = readPlan(options, now);
    return request ? std::string() : request.error().message;
}

} // namespace

class TestOffsetOptions : public QObject
{
    Q_OBJECT

private slots:
    void aPlanIsAboutWhatWasNamedAndNothingElse()
    {
        const auto request = readPlan(sound(), now);
        QVERIFY(request);
        QCOMPARE(request->group.value(), std::string("billing"));
        QVERIFY(!request->scope.allTopics && !request->create);
        QVERIFY((request->scope.topics ==
                 std::vector<offsets::TopicScope>{{"events", {}}, {"orders", {0, 3}}}));
        QVERIFY(std::get<offsets::to::Shift>(request->target).by == -5);
        QCOMPARE(request->spec, std::string("shift:-5"));
    }

    void aTargetIsKeptAsItWasWritten()
    {
        auto options = sound();
        options.to = "time:-15m";
        const auto request = readPlan(options, now);
        QVERIFY(request);
        QVERIFY(std::get<offsets::to::Time>(request->target).time == now - Millis(900'000));
        QCOMPARE(request->spec, std::string("time:-15m"));
    }

    void deletingIsATargetOfItsOwn()
    {
        auto options = sound();
        options.to.reset();
        options.deletes = true;
        const auto request = readPlan(options, now);
        QVERIFY(request && std::holds_alternative<offsets::to::Delete>(request->target));
        QCOMPARE(request->spec, std::string("delete"));
    }

    void aCopyGoesWhereTheOtherGroupIs()
    {
        auto options = sound();
        options.to.reset();
        options.from = "source";
        options.create = true;
        const auto request = readPlan(options, now);
        QVERIFY(request && request->create);
        QCOMPARE(std::get<offsets::to::OtherGroup>(request->target).group.value(),
                 std::string("source"));
        QCOMPARE(request->spec, std::string("group:source"));
    }

    void whatMakesNoSenseIsRefused()
    {
        const auto with = [](auto change) {
            auto options = sound();
            change(options);
            return refusal(options);
        };
        using Options = PlanOptions &;
        QVERIFY(refusal(sound()).empty());
        QVERIFY(!with([](Options o) { o.group.clear(); }).empty());
        QVERIFY(!with([](Options o) { o.group = "\xff"; }).empty());
        QVERIFY(!with([](Options o) { o.topics.clear(); }).empty());
        QVERIFY(!with([](Options o) { o.allTopics = true; }).empty());
        QVERIFY(!with([](Options o) { o.topics = {"orders:"}; }).empty());
        QVERIFY(!with([](Options o) { o.topics = {"a/b"}; }).empty());
        QVERIFY(!with([](Options o) { o.to.reset(); }).empty());
        QVERIFY(!with([](Options o) { o.deletes = true; }).empty());
        QVERIFY(!with([](Options o) { o.to = "csv:/nonexistent"; }).empty());
        QVERIFY(!with([](Options o) { o.from = "billing"; }).empty());
    }

    void anArmedResetWaitsHalfAnHourUnlessToldOtherwise()
    {
        const auto plain = readApplying({});
        QVERIFY(plain && !plain->execute && !plain->whenEmpty && !plain->evenIfMoving);
        QCOMPARE(plain->expires.count(), 1'800'000);
        ApplyingOptions options;
        options.execute = options.whenEmpty = options.evenIfMoving = true;
        options.expires = "90s";
        options.reason = "why";
        const auto armed = readApplying(options);
        QVERIFY(armed && armed->execute && armed->whenEmpty && armed->evenIfMoving);
        QCOMPARE(armed->expires.count(), 90'000);
        QCOMPARE(armed->reason, std::string("why"));
        options.expires = "0s";
        QVERIFY(!readApplying(options));
        options.expires = "soon";
        QVERIFY(!readApplying(options));
        options.expires = "90s";
        options.whenEmpty = false;
        QVERIFY(!readApplying(options));
    }
};

QTEST_GUILESS_MAIN(TestOffsetOptions)
#include "tst_offsetoptions.moc"
