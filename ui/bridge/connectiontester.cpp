#include "ui/bridge/connectiontester.h"

#include "ui/bridge/background.h"

#include <mutex>
#include <utility>

namespace redrive::ui {

namespace {

constexpr Millis testTimeout{10'000};

} // namespace

// Shared by the tester and the thread. The thread posts only while `receiver` is set, under the
// lock, so that none of its news can reach a tester that is gone or has begun another test.
struct ConnectionTester::Run
{
    std::stop_source stop;
    std::mutex mutex;
    ConnectionTester *receiver = nullptr; ///< guarded by mutex

    void post(const std::function<void(ConnectionTester &)> &news, const std::shared_ptr<Run> &self)
    {
        const std::scoped_lock lock(mutex);
        if (!receiver)
            return;
        ConnectionTester *const to = receiver;
        QMetaObject::invokeMethod(
            to,
            [to, news, self] {
                if (to->m_run == self)
                    news(*to);
            },
            Qt::QueuedConnection);
    }
};

ConnectionTester::ConnectionTester(QObject *parent)
    : ConnectionTester(Test(&kafka::testConnection), parent)
{
}

ConnectionTester::ConnectionTester(Test test, QObject *parent)
    : QObject(parent)
    , m_test(std::move(test))
{
}

ConnectionTester::~ConnectionTester()
{
    detach();
}

void ConnectionTester::detach()
{
    if (!m_run)
        return;
    m_run->stop.request_stop();
    const std::scoped_lock lock(m_run->mutex);
    m_run->receiver = nullptr;
}

void ConnectionTester::start(kafka::ConnectionSettings settings)
{
    detach();
    m_steps.clear();
    m_cluster.reset();
    m_run = std::make_shared<Run>();
    m_run->receiver = this;
    emit stepsChanged();
    runInBackground("connect-test", [run = m_run, test = m_test, settings = std::move(settings)] {
        const auto report = [&run](const Steps &steps) {
            run->post(
                [steps](ConnectionTester &tester) {
                    tester.m_steps = steps;
                    emit tester.stepsChanged();
                },
                run);
        };
        const auto cluster = test(settings, testTimeout, run->stop.get_token(), report);
        run->post(
            [cluster](ConnectionTester &tester) {
                tester.m_cluster = cluster;
                tester.m_run.reset();
                emit tester.finished();
            },
            run);
    });
}

void ConnectionTester::cancel()
{
    if (!m_run)
        return;
    detach();
    m_run.reset();
    for (auto &step : m_steps) {
        if (step.state == kafka::ConnectionStep::State::Running) {
            step.state = kafka::ConnectionStep::State::Skipped;
            step.detail = "cancelled";
        }
    }
    emit stepsChanged();
    emit finished();
}

} // namespace redrive::ui
