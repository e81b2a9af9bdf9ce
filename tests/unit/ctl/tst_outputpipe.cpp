#include "app/ctl/outputpipe.h"

#include <QTest>

#include <array>
#include <cerrno>
#include <csignal>
#include <string>
#include <unistd.h>
#include <utility>

using namespace redrive;
using namespace redrive::ctl;

namespace {

struct Pipe
{
    std::array<int, 2> ends{-1, -1};
    Pipe()
    {
        if (pipe(ends.data()) != 0)
            ends = {-1, -1};
    }
    ~Pipe()
    {
        closeReader();
        close(ends[1]);
    }
    Pipe(const Pipe &) = delete;
    Pipe &operator=(const Pipe &) = delete;

    void closeReader()
    {
        if (ends[0] >= 0)
            close(std::exchange(ends[0], -1));
    }
    std::string read() const
    {
        std::string text(1U << 16U, '\0');
        const auto count = ::read(ends[0], text.data(), text.size());
        text.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
        return text;
    }
};

} // namespace

class TestOutputPipe : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { std::signal(SIGPIPE, SIG_IGN); }

    void aReaderThatIsSlowLosesNothingAndHoldsNobodyUp()
    {
        const Pipe pipe;
        OutputPipe out(pipe.ends[1]);
        std::string all;
        for (int i = 0; i < 50'000; ++i)
            all += "line " + std::to_string(i) + "\n";
        out.add(all);
        out.write(Millis(20)); // a pipe holds 64 KiB
        QVERIFY(out.waiting() > 0);
        QVERIFY(out.waiting() < all.size());
        QCOMPARE(out.error(), 0);
        std::string seen;
        while (seen.size() < all.size()) {
            seen += pipe.read();
            out.write(Millis(0));
        }
        QVERIFY(seen == all);
        QCOMPARE(out.waiting(), 0U);
    }

    void aReaderThatHasGoneIsNoticedWithoutAWord()
    {
        Pipe pipe;
        OutputPipe out(pipe.ends[1]);
        out.write(Millis(0));
        QCOMPARE(out.error(), 0);
        pipe.closeReader();
        out.write(Millis(0));
        QCOMPARE(out.error(), EPIPE);
        out.add("for nobody");
        out.write(Millis(0));
        QCOMPARE(out.waiting(), 0U);
    }
};

QTEST_GUILESS_MAIN(TestOutputPipe)
#include "tst_outputpipe.moc"
