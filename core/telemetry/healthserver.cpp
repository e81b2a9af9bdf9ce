#include "core/telemetry/healthserver.h"

#include "core/base/text.h"
#include "core/base/time.h"
#include "core/telemetry/httprequest.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <deque>
#include <netdb.h>
#include <netinet/in.h>
#include <optional>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace redrive::telemetry {

namespace {

constexpr std::size_t mostConnections = 64;
constexpr Millis patience{5000};       ///< for a whole request and its answer
constexpr Millis partingPatience{500}; ///< for a client that is still sending what nobody reads
constexpr Millis breath{100};          ///< when there are no descriptors left

class Descriptor
{
public:
    explicit Descriptor(int number = -1)
        : m_number(number)
    {
    }
    ~Descriptor()
    {
        if (m_number >= 0)
            ::close(m_number);
    }
    Descriptor(Descriptor &&other) noexcept
        : m_number(std::exchange(other.m_number, -1))
    {
    }
    Descriptor &operator=(Descriptor &&other) noexcept
    {
        std::swap(m_number, other.m_number);
        return *this;
    }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    int number() const { return m_number; }

private:
    int m_number;
};

/// Receives a request, sends the answer, waits for the client to close.
struct Connection
{
    enum class Step
    {
        Receiving,
        Sending,
        Parting, ///< closing now could take the answer back from a client that is still sending
        Over
    };
    Descriptor socket;
    MonoTime deadline;
    Step step = Step::Receiving;
    std::string received{};
    std::string answer{};
    std::size_t sent = 0;
};

Error listenError(const HealthAddress &address, int number)
{
    Error error{.kind = Error::Kind::Config,
                .code = "LISTEN_FAILED",
                .message = std::strerror(number),
                .attempted = "listening for health checks on " + visible(address.host) + " port " +
                             std::to_string(address.port),
                .retriable = false};
    if (number == EADDRINUSE) {
        error.code = "ADDRESS_IN_USE";
        error.message = "another program uses this port";
    }
    return error;
}

struct AddressList
{
    addrinfo *first = nullptr;
    AddressList() = default;
    AddressList(const AddressList &) = delete;
    AddressList &operator=(const AddressList &) = delete;
    ~AddressList()
    {
        if (first != nullptr)
            freeaddrinfo(first);
    }
};

Result<Descriptor> listenOn(const HealthAddress &address)
{
    addrinfo hints{};
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
    hints.ai_socktype = SOCK_STREAM;
    AddressList found;
    if (const int problem = getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(),
                                        &hints, &found.first);
        problem != 0) {
        Error error = listenError(address, EINVAL);
        error.message = "this is no IP address";
        return error;
    }
    Descriptor listener(
        ::socket(found.first->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    // So that a restart is not kept waiting by connections of the program before it.
    const int on = 1;
    if (listener.number() < 0 ||
        ::setsockopt(listener.number(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        ::bind(listener.number(), found.first->ai_addr, found.first->ai_addrlen) != 0 ||
        ::listen(listener.number(), SOMAXCONN) != 0)
        return listenError(address, errno);
    return listener;
}

std::uint16_t portOf(const Descriptor &listener)
{
    sockaddr_storage bound{};
    socklen_t size = sizeof bound;
    std::array<char, NI_MAXSERV> text{};
    if (::getsockname(listener.number(), reinterpret_cast<sockaddr *>(&bound), &size) != 0 ||
        getnameinfo(reinterpret_cast<sockaddr *>(&bound), size, nullptr, 0, text.data(),
                    text.size(), NI_NUMERICSERV) != 0)
        return 0;
    std::uint16_t port = 0;
    std::from_chars(text.data(), text.data() + std::strlen(text.data()), port);
    return port;
}

class Server final : public HealthServer
{
public:
    Server(HealthAddress address, Descriptor listener, Descriptor wake, HealthPages pages)
        : m_address(std::move(address))
        , m_listener(std::move(listener))
        , m_wake(std::move(wake))
        , m_pages(std::move(pages))
        , m_thread([this](const std::stop_token &stop) { run(stop); })
    {
    }
    ~Server() override
    {
        m_thread.request_stop();
        eventfd_write(m_wake.number(), 1);
        m_thread.join();
    }
    const HealthAddress &address() const override { return m_address; }

private:
    void run(const std::stop_token &stop);
    int waitFor(std::vector<pollfd> &watched, MonoTime now) const;
    void acceptAll(MonoTime now);
    void move(Connection &connection, MonoTime now);
    void receive(Connection &connection);
    void send(Connection &connection, MonoTime now) const;
    static void part(Connection &connection);
    std::string answer(const HttpHead &head) const;
    HttpResponse page(const std::string &path) const;

    const HealthAddress m_address;
    const Descriptor m_listener;
    const Descriptor m_wake;
    const HealthPages m_pages;
    std::deque<Connection> m_connections;     ///< the thread's own; oldest first
    std::optional<MonoTime> m_acceptsAgainAt; ///< the thread's own
    std::jthread m_thread;                    ///< last: it uses all above
};

void Server::run(const std::stop_token &stop)
{
    pthread_setname_np(pthread_self(), "health");
    sigset_t signals;
    sigfillset(&signals);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::vector<pollfd> watched;
    while (!stop.stop_requested()) {
        const int timeout = waitFor(watched, monoNow());
        if (::poll(watched.data(), watched.size(), timeout) < 0 && errno != EINTR)
            return;
        const auto now = monoNow();
        for (std::size_t i = 0; i < m_connections.size(); ++i) {
            if (watched[i].revents != 0)
                move(m_connections[i], now);
        }
        std::erase_if(m_connections, [now](const Connection &connection) {
            return connection.step == Connection::Step::Over || connection.deadline <= now;
        });
        if (m_acceptsAgainAt && *m_acceptsAgainAt <= now)
            m_acceptsAgainAt.reset();
        if (!m_acceptsAgainAt)
            acceptAll(now);
    }
}

/// Connections in order, then the wake-up, then the listener; returns how long to wait at most.
int Server::waitFor(std::vector<pollfd> &watched, MonoTime now) const
{
    watched.clear();
    auto next = m_acceptsAgainAt;
    for (const auto &connection : m_connections) {
        const bool isSending = connection.step == Connection::Step::Sending;
        watched.push_back({.fd = connection.socket.number(),
                           .events = static_cast<short>(isSending ? POLLOUT : POLLIN),
                           .revents = 0});
        next = next ? std::min(*next, connection.deadline) : connection.deadline;
    }
    watched.push_back({.fd = m_wake.number(), .events = POLLIN, .revents = 0});
    if (!m_acceptsAgainAt)
        watched.push_back({.fd = m_listener.number(), .events = POLLIN, .revents = 0});
    if (!next)
        return -1;
    const auto wait = std::chrono::ceil<Millis>(*next - now);
    return static_cast<int>(std::max(wait, Millis(0)).count());
}

void Server::acceptAll(MonoTime now)
{
    while (true) {
        Descriptor socket(
            ::accept4(m_listener.number(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (socket.number() < 0) {
            if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
                m_acceptsAgainAt = now + breath;
            if (errno == ECONNABORTED || errno == EINTR)
                continue;
            return;
        }
        if (m_connections.size() == mostConnections)
            m_connections.pop_front();
        m_connections.push_back({.socket = std::move(socket), .deadline = now + patience});
    }
}

void Server::move(Connection &connection, MonoTime now)
{
    switch (connection.step) {
    case Connection::Step::Receiving:
        receive(connection);
        if (connection.step == Connection::Step::Sending)
            send(connection, now);
        break;
    case Connection::Step::Sending: send(connection, now); break;
    case Connection::Step::Parting: part(connection); break;
    case Connection::Step::Over: break;
    }
}

void Server::receive(Connection &connection)
{
    std::array<char, 4096> bytes{};
    const auto count = ::recv(connection.socket.number(), bytes.data(), bytes.size(), 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (count <= 0) {
        connection.step = Connection::Step::Over;
        return;
    }
    connection.received.append(bytes.data(), static_cast<std::size_t>(count));
    const HttpHead head = parseHead(connection.received);
    if (!head.isComplete())
        return;
    connection.answer = answer(head);
    connection.step = Connection::Step::Sending;
}

void Server::send(Connection &connection, MonoTime now) const
{
    while (connection.sent < connection.answer.size()) {
        const auto count =
            ::send(connection.socket.number(), connection.answer.data() + connection.sent,
                   connection.answer.size() - connection.sent, MSG_NOSIGNAL);
        if (count < 0) {
            if (errno != EAGAIN && errno != EINTR)
                connection.step = Connection::Step::Over;
            return;
        }
        connection.sent += static_cast<std::size_t>(count);
    }
    ::shutdown(connection.socket.number(), SHUT_WR);
    connection.step = Connection::Step::Parting;
    connection.deadline = std::min(connection.deadline, now + partingPatience);
}

void Server::part(Connection &connection)
{
    std::array<char, 4096> bytes{};
    const auto count = ::recv(connection.socket.number(), bytes.data(), bytes.size(), 0);
    if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR))
        connection.step = Connection::Step::Over;
}

std::string Server::answer(const HttpHead &head) const
{
    HttpResponse response;
    bool isHead = false;
    if (!head.request) {
        response.status = head.refusal;
    } else if (head.request->method != "GET" && head.request->method != "HEAD") {
        response.status = 405;
    } else {
        isHead = head.request->method == "HEAD";
        response = page(head.request->path);
    }
    return serialize(response, isHead);
}

HttpResponse Server::page(const std::string &path) const
{
    const bool isMetrics = path == "/metrics";
    const auto *const make = path == "/livez"    ? &m_pages.live
                             : path == "/readyz" ? &m_pages.ready
                             : isMetrics         ? &m_pages.metrics
                                                 : nullptr;
    HttpResponse response;
    if (make == nullptr || !*make) {
        response.status = 404;
        response.body = "There are /livez, /readyz and /metrics.\n";
        return response;
    }
    try {
        HealthPage made = (*make)();
        response.status = made.ok ? 200 : 503;
        response.body = std::move(made.text);
    } catch (const std::exception &problem) {
        response.status = 500;
        response.body = visible(problem.what());
    }
    if (isMetrics && response.status == 200)
        response.contentType = "text/plain; version=0.0.4; charset=utf-8";
    if (!response.body.empty() && !response.body.ends_with('\n'))
        response.body += '\n';
    return response;
}

} // namespace

Result<HealthAddress> parseHealthAddress(std::string_view text)
{
    HealthAddress address;
    const Error bad{.kind = Error::Kind::Usage,
                    .code = "USAGE",
                    .message = "'" + visible(text) +
                               "' is no port (0 to 65535) and no ADDRESS:PORT such as 0.0.0.0:8080",
                    .attempted = {},
                    .retriable = false};
    auto digits = text;
    if (const auto colon = text.rfind(':'); colon != std::string_view::npos) {
        auto host = text.substr(0, colon);
        digits = text.substr(colon + 1);
        const bool isIpv6 = host.find(':') != std::string_view::npos;
        if (isIpv6 != (host.starts_with('[') && host.ends_with(']')))
            return bad;
        if (isIpv6)
            host = host.substr(1, host.size() - 2);
        if (host.empty())
            return bad;
        address.host = host == "localhost" ? "127.0.0.1" : std::string(host);
    }
    const auto *const last = digits.data() + digits.size();
    const auto [end, problem] = std::from_chars(digits.data(), last, address.port);
    if (problem != std::errc() || end != last)
        return bad;
    return address;
}

Result<std::unique_ptr<HealthServer>> openHealthServer(const HealthAddress &address,
                                                       HealthPages pages)
{
    auto listener = listenOn(address);
    if (!listener)
        return listener.error();
    Descriptor wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (wake.number() < 0)
        return listenError(address, errno);
    HealthAddress bound{.host = address.host, .port = portOf(*listener)};
    return std::unique_ptr<HealthServer>(std::make_unique<Server>(
        std::move(bound), std::move(listener).value(), std::move(wake), std::move(pages)));
}

} // namespace redrive::telemetry
