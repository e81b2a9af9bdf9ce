#include "core/kafka/guard.h"

#include <QTest>

#include <type_traits>

using namespace redrive;
using namespace redrive::kafka;
using namespace std::string_literals;

namespace {

const Mutation deletion{.action = "delete group", .target = "orders"};

std::string answer(AccessMode mode, const Confirmation &confirmation)
{
    const WriteGuard guard(AccessPolicy{.mode = mode, .production = false});
    const auto permit = guard.authorise(deletion, confirmation);
    return permit ? "permitted" : permit.error().code;
}

} // namespace

class TestGuard : public QObject
{
    Q_OBJECT
private slots:
    void everyModeAnswersEveryConfirmation_data()
    {
        QTest::addColumn<int>("mode");
        QTest::addColumn<bool>("yes");
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("said");
        const QString none;
        const auto row = [](const char *name, AccessMode mode, bool yes, const QString &typed,
                            const char *said) {
            QTest::newRow(name) << static_cast<int>(mode) << yes << typed << QString(said);
        };
        using enum AccessMode;
        row("read-only, nothing", ReadOnly, false, none, "READ_ONLY");
        row("read-only, yes", ReadOnly, true, none, "READ_ONLY");
        row("read-only, right name", ReadOnly, true, "orders", "READ_ONLY");
        row("read-only, wrong name", ReadOnly, false, "order", "READ_ONLY");
        row("confirm, nothing", Confirm, false, none, "CONFIRMATION_MISSING");
        row("confirm, yes is not enough", Confirm, true, none, "CONFIRMATION_MISSING");
        row("confirm, right name", Confirm, false, "orders", "permitted");
        row("confirm, right name and yes", Confirm, true, "orders", "permitted");
        row("confirm, wrong name", Confirm, false, "Orders", "CONFIRMATION_MISMATCH");
        row("confirm, wrong name and yes", Confirm, true, "orders ", "CONFIRMATION_MISMATCH");
        row("confirm, empty name", Confirm, true, "", "CONFIRMATION_MISMATCH");
        row("free, nothing", Free, false, none, "CONFIRMATION_MISSING");
        row("free, yes", Free, true, none, "permitted");
        row("free, right name", Free, false, "orders", "permitted");
        row("free, right name and yes", Free, true, "orders", "permitted");
        row("free, wrong name", Free, false, "order", "CONFIRMATION_MISMATCH");
        row("free, wrong name and yes", Free, true, "order", "CONFIRMATION_MISMATCH");
    }
    void everyModeAnswersEveryConfirmation()
    {
        QFETCH(int, mode);
        QFETCH(bool, yes);
        QFETCH(QString, typed);
        QFETCH(QString, said);
        Confirmation confirmation{.yes = yes, .typedName = std::nullopt};
        if (!typed.isNull())
            confirmation.typedName = typed.toStdString();
        QCOMPARE(answer(static_cast<AccessMode>(mode), confirmation), said.toStdString());
    }

    void aProductionProfileIsReadOnlyUnlessItConfirmsAndNeverFree()
    {
        const auto mode = [](std::optional<AccessMode> asked, bool production) {
            const auto policy = effectivePolicy(asked, production);
            return policy.production == production ? std::string(name(policy.mode)) : "wrong";
        };
        QCOMPARE(mode({}, true), "read-only"s);
        QCOMPARE(mode(AccessMode::ReadOnly, true), "read-only"s);
        QCOMPARE(mode(AccessMode::Confirm, true), "confirm"s);
        QCOMPARE(mode(AccessMode::Free, true), "read-only"s);
        QCOMPARE(mode({}, false), "free"s);
        QCOMPARE(mode(AccessMode::ReadOnly, false), "read-only"s);
        QCOMPARE(mode(AccessMode::Confirm, false), "confirm"s);
        QCOMPARE(mode(AccessMode::Free, false), "free"s);
    }

    void aRefusalSaysWhatWasTriedOnWhat()
    {
        const WriteGuard guard(effectivePolicy(AccessMode::Free, true));
        const auto permit = guard.authorise(deletion, {.yes = true, .typedName = "orders"});
        QVERIFY(!permit);
        QCOMPARE(permit.error().kind, Error::Kind::Refused);
        QCOMPARE(permit.error().attempted, "delete group on orders"s);
        QCOMPARE(permit.error().retriable, std::optional(false));
    }

    void aPermitNamesWhatItPermits()
    {
        const WriteGuard guard(AccessPolicy{});
        const auto permit = guard.authorise(deletion, {.yes = true, .typedName = {}});
        QVERIFY(permit);
        QCOMPARE(permit->mutation().target, "orders"s);
        QCOMPARE(permit->mutation().action, "delete group"s);
    }

    void nobodyButTheGuardMakesAPermit()
    {
        QVERIFY(!std::is_default_constructible_v<Permit>);
        const bool fromMutation = std::is_constructible_v<Permit, Mutation>;
        QVERIFY(!fromMutation);
    }
};

QTEST_APPLESS_MAIN(TestGuard)
#include "tst_guard.moc"
