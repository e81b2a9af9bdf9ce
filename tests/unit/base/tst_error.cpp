#include "core/base/error.h"

#include <QTest>

#include <memory>

using namespace redrive;
using namespace std::string_literals;

namespace {

Error because(std::string message)
{
    Error error;
    error.message = std::move(message);
    return error;
}

} // namespace

class TestError : public QObject
{
    Q_OBJECT
private slots:
    void aLineSaysWhatWasTriedWhatWasSaidAndByWhatCode()
    {
        Error error{.kind = Error::Kind::Broker,
                    .code = "COORDINATOR_NOT_AVAILABLE",
                    .message = "The coordinator is not available.",
                    .attempted = "describing group orders",
                    .retriable = true};
        QCOMPARE(describe(error), "describing group orders: The coordinator is not available. "
                                  "(COORDINATOR_NOT_AVAILABLE)"s);
        error.attempted.clear();
        error.code.clear();
        QCOMPARE(describe(error), "The coordinator is not available."s);
    }

    void anErrorWithoutWordsSaysThat() { QCOMPARE(describe(Error{}), "failed without a reason"s); }

    void aResultIsEitherAValueOrAnError()
    {
        const Result<int> good = 7;
        QVERIFY(good);
        QVERIFY(good.hasValue());
        QCOMPARE(*good, 7);
        const Result<int> bad = because("no");
        QVERIFY(!bad);
        QCOMPARE(bad.error().message, "no"s);
    }

    void aValueThatCannotBeCopiedIsMovedOut()
    {
        Result<std::unique_ptr<int>> result = std::make_unique<int>(3);
        const std::unique_ptr<int> value = std::move(result).value();
        QCOMPARE(*value, 3);
    }

    void whatReturnsNothingStillSaysWhyNot()
    {
        const Result<void> good;
        QVERIFY(good);
        const Result<void> bad = because("no");
        QVERIFY(!bad.hasValue());
        QCOMPARE(bad.error().message, "no"s);
    }
};

QTEST_APPLESS_MAIN(TestError)
#include "tst_error.moc"
