#include "core/telemetry/healthserver.h"

#include <QElapsedTimer>
#include <QTest>

#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <vector>

using namespace redrive::telemetry;
using namespace std::string_literals;

namespace {

/// One connection, blocking, with 10 s for everything.
class Client
{
public:
    explicit Client(int port)
        : m_socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(static_cast<std::uint16_t>(port));
        const timeval patience{.tv_sec = 10, .tv_usec = 0};
        ::setsockopt(m_socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        m_isConnected =
            ::connect(m_socket, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0;
    }
    ~Client() { ::close(m_socket); }
    Client(const Client &) = delete;
    Client &operator=(const Client &) = delete;

    bool isConnected() const { return m_isConnected; }
    bool say(const std::string &text) const
    {
        return ::send(m_socket, text.data(), text.size(), MSG_NOSIGNAL) ==
               static_cast<ssize_t>(text.size());
    }
    /// Until the server closes.
    std::string hear() const
    {
        std::string all;
        std::array<char, 4096> bytes{};
        for (ssize_t count = 0; (count = ::recv(m_socket, bytes.data(), bytes.size(), 0)) > 0;)
            all.append(bytes.data(), static_cast<std::size_t>(count));
        return all;
    }

private:
    int m_socket;
    bool m_isConnected = false;
};

std::string ask(int port, const std::string &request)
{
    const Client client(port);
    return client.say(request) ? client.hear() : "no connection";
}

std::string get(int port, const std::string &path)
{
    return ask(port, "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
}

bool hasStatus(const std::string &answer, int status)
{
    return answer.starts_with("HTTP/1.1 " + std::to_string(status) + " ");
}

HealthPages somePages()
{
    return {.live = [] { return HealthPage{.ok = true, .text = "live"}; },
            .ready = [] { return HealthPage{.ok = false, .text = "no broker"}; },
            .metrics = [] { return HealthPage{.ok = true, .text = "a 1\n"}; }};
}

std::unique_ptr<HealthServer> openOn(const HealthAddress &address, HealthPages pages = somePages())
{
    auto server = openHealthServer(address, std::move(pages));
    return server ? std::move(server).value() : nullptr;
}

} // namespace

class TestHealthServer : public QObject
{
    Q_OBJECT
private slots:
    void threePagesAreThereAndNoOther()
    {
        const auto server = openOn({});
        QVERIFY(server);
        const int port = server->address().port;
        QVERIFY(port > 0);
        QCOMPARE(server->address().host, "127.0.0.1"s);
        const auto live = get(port, "/livez");
        QVERIFY2(hasStatus(live, 200) && live.ends_with("\r\n\r\nlive\n"), live.c_str());
        const auto ready = get(port, "/readyz?verbose");
        QVERIFY2(hasStatus(ready, 503) && ready.ends_with("\r\n\r\nno broker\n"), ready.c_str());
        const auto metrics = get(port, "/metrics");
        QVERIFY(metrics.find("Content-Type: text/plain; version=0.0.4") != std::string::npos);
        QVERIFY2(hasStatus(metrics, 200) && metrics.ends_with("\r\n\r\na 1\n"), metrics.c_str());
        for (const auto *path : {"/", "/livez/", "/healthz", "/livez%00", "//livez", "/../metrics"})
            QVERIFY2(hasStatus(get(port, path), 404), path);
    }

    void onlyGetAndHeadAreAnswered()
    {
        const auto server = openOn({});
        const int port = server->address().port;
        const auto head = ask(port, "HEAD /livez HTTP/1.1\r\n\r\n");
        QVERIFY(hasStatus(head, 200) && head.ends_with("\r\n\r\n"));
        for (const auto *method : {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT"}) {
            const auto answer = ask(port, method + " /livez HTTP/1.1\r\n\r\n"s);
            QVERIFY2(hasStatus(answer, 405), method);
            QVERIFY(answer.find("Allow: GET, HEAD") != std::string::npos);
        }
        QVERIFY(hasStatus(ask(port, "nonsense\r\n\r\n"), 400));
    }

    void anAnswerReachesAClientThatSendsFarTooMuch()
    {
        const auto server = openOn({});
        const auto answer =
            ask(server->address().port, "GET /livez HTTP/1.1\r\nX: " + std::string(200'000, 'a'));
        QVERIFY2(hasStatus(answer, 431), answer.c_str());
    }

    void aPortInUseIsAClearError()
    {
        const auto first = openOn({});
        const auto port = first->address().port;
        const auto second = openHealthServer({.host = "127.0.0.1", .port = port}, somePages());
        QVERIFY(!second.hasValue());
        QCOMPARE(second.error().code, "ADDRESS_IN_USE"s);
        const auto text = describe(second.error());
        QVERIFY2(text.find(std::to_string(port)) != std::string::npos, text.c_str());
    }

    void anAddressThatIsNoneIsAClearError()
    {
        const auto server = openHealthServer({.host = "no address", .port = 0}, somePages());
        QVERIFY(!server.hasValue());
        QCOMPARE(server.error().code, "LISTEN_FAILED"s);
        const auto foreign = openHealthServer({.host = "192.0.2.1", .port = 0}, somePages());
        QVERIFY(!foreign.hasValue());
    }

    void itListensWhereItIsTold()
    {
        const auto everywhere = openOn({.host = "0.0.0.0", .port = 0});
        QVERIFY(everywhere);
        QVERIFY(hasStatus(get(everywhere->address().port, "/livez"), 200));
    }

    void aRestartTakesThePortAgain()
    {
        auto server = openOn({});
        const auto port = server->address().port;
        QVERIFY(hasStatus(get(port, "/livez"), 200));
        server.reset();
        server = openOn({.host = "127.0.0.1", .port = port});
        QVERIFY(server);
        QVERIFY(hasStatus(get(port, "/livez"), 200));
    }

    void slowClientsHoldNobodyUp()
    {
        const auto server = openOn({});
        const int port = server->address().port;
        std::vector<std::unique_ptr<Client>> slow;
        for (int i = 0; i < 300; ++i) {
            slow.push_back(std::make_unique<Client>(port));
            if (i % 2 == 0)
                QVERIFY(slow.back()->isConnected() && slow.back()->say("GET /li"));
        }
        QElapsedTimer clock;
        clock.start();
        for (int i = 0; i < 20; ++i)
            QVERIFY(hasStatus(get(port, "/livez"), 200));
        QVERIFY2(clock.elapsed() < 2000, qPrintable(QString::number(clock.elapsed())));
    }

    void aClientThatNeverEndsItsRequestIsCutOff()
    {
        const auto server = openOn({});
        const Client client(server->address().port);
        QVERIFY(client.say("GET /livez HTTP/1.1\r\n"));
        QElapsedTimer clock;
        clock.start();
        QVERIFY(client.hear().empty());
        QVERIFY2(clock.elapsed() > 4000 && clock.elapsed() < 9000,
                 qPrintable(QString::number(clock.elapsed())));
    }

    void itEndsAtOnceWithConnectionsOpen()
    {
        auto server = openOn({});
        const Client silent(server->address().port);
        const Client half(server->address().port);
        QVERIFY(half.say("GET "));
        QElapsedTimer clock;
        clock.start();
        server.reset();
        QVERIFY(clock.elapsed() < 1000);
        QVERIFY(silent.hear().empty());
    }

    void aPageThatThrowsIsAnError500()
    {
        auto pages = somePages();
        pages.ready = []() -> HealthPage { throw std::runtime_error("no\nway"); };
        const auto server = openOn({}, std::move(pages));
        const auto answer = get(server->address().port, "/readyz");
        QVERIFY2(hasStatus(answer, 500) && answer.ends_with("\r\n\r\nno\\nway\n"), answer.c_str());
        QVERIFY(hasStatus(get(server->address().port, "/livez"), 200));
    }

    void aLongPageArrivesWhole()
    {
        const std::string text(8U << 20U, 'm');
        auto pages = somePages();
        pages.metrics = [&text] { return HealthPage{.ok = true, .text = text}; };
        const auto server = openOn({}, std::move(pages));
        const auto answer = get(server->address().port, "/metrics");
        QVERIFY(answer.ends_with("\r\n\r\n" + text + "\n"));
    }

    void withoutDescriptorsItRestsInsteadOfSpinning()
    {
        const auto server = openOn({});
        const int port = server->address().port;
        rlimit before{};
        getrlimit(RLIMIT_NOFILE, &before);
        {
            std::vector<int> taken;
            rlimit low = before;
            low.rlim_cur = 64;
            setrlimit(RLIMIT_NOFILE, &low);
            while (taken.empty() || taken.back() >= 0)
                taken.push_back(::dup(STDIN_FILENO));
            ::close(taken.front());
            const Client hopeful(port); // takes the last one
            QVERIFY(hopeful.isConnected() && hopeful.say("GET /livez HTTP/1.1\r\n\r\n"));
            for (std::size_t i = 1; i < taken.size(); ++i)
                ::close(taken[i]);
            setrlimit(RLIMIT_NOFILE, &before);
            QVERIFY(hasStatus(hopeful.hear(), 200));
        }
        QVERIFY(hasStatus(get(port, "/livez"), 200));
    }
};

QTEST_APPLESS_MAIN(TestHealthServer)
#include "tst_healthserver.moc"
