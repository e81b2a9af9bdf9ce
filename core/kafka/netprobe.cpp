#include "core/kafka/netprobe.h"

#include "core/kafka/reaper.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <mutex>
#include <netdb.h>
#include <openssl/ssl.h>
#include <optional>
#include <poll.h>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace redrive::kafka {

namespace {

constexpr Millis slice{100};

struct Address
{
    sockaddr_storage storage{};
    socklen_t length = 0;
    std::string text;
};

struct Answer
{
    int status = 0;
    std::vector<Address> addresses;
};

struct Question
{
    std::mutex mutex;
    std::condition_variable answered;
    std::optional<Answer> answer; ///< guarded by mutex
};

Answer ask(const HostPort &place)
{
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo *list = nullptr;
    Answer answer;
    answer.status =
        getaddrinfo(place.host.c_str(), std::to_string(place.port).c_str(), &hints, &list);
    for (const addrinfo *entry = list; entry != nullptr; entry = entry->ai_next) {
        Address address;
        address.length = entry->ai_addrlen;
        std::memcpy(&address.storage, entry->ai_addr, entry->ai_addrlen);
        std::array<char, NI_MAXHOST> host{};
        if (getnameinfo(entry->ai_addr, entry->ai_addrlen, host.data(),
                        static_cast<socklen_t>(host.size()), nullptr, 0, NI_NUMERICHOST) == 0)
            address.text = host.data();
        answer.addresses.push_back(std::move(address));
    }
    if (list != nullptr)
        freeaddrinfo(list);
    return answer;
}

std::string shown(const HostPort &place)
{
    return place.host + ":" + std::to_string(place.port);
}

Error failure(Error::Kind kind, const char *code, std::string message, std::string attempted)
{
    return Error{.kind = kind,
                 .code = code,
                 .message = std::move(message),
                 .attempted = std::move(attempted),
                 .retriable = std::nullopt};
}

Result<std::vector<Address>> lookUp(const HostPort &place, MonoTime deadline,
                                    const std::stop_token &stop)
{
    const std::string attempted = "resolving " + place.host;
    auto question = std::make_shared<Question>();
    discard([question, place] {
        Answer answer = ask(place);
        const std::scoped_lock lock(question->mutex);
        question->answer = std::move(answer);
        question->answered.notify_all();
    });
    std::unique_lock lock(question->mutex);
    while (!question->answer) {
        if (stop.stop_requested())
            return failure(Error::Kind::Cancelled, "_CANCELLED", "stopped", attempted);
        if (monoNow() >= deadline)
            return failure(Error::Kind::Timeout, "_TIMED_OUT",
                           "the name service did not answer in time", attempted);
        question->answered.wait_for(lock, slice);
    }
    if (question->answer->status != 0)
        return failure(Error::Kind::Resolve, "_RESOLVE", gai_strerror(question->answer->status),
                       attempted);
    return std::move(question->answer->addresses);
}

class Socket
{
public:
    explicit Socket(int family)
        : m_fd(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0))
    {
    }
    ~Socket()
    {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    Socket(const Socket &) = delete;
    Socket &operator=(const Socket &) = delete;
    int fd() const { return m_fd; }

private:
    int m_fd;
};

/// 0 when connected, else an errno; ECANCELED when stopped.
int tryConnect(const Socket &socket, const Address &address, MonoTime deadline,
               const std::stop_token &stop)
{
    if (socket.fd() < 0)
        return errno;
    if (::connect(socket.fd(), reinterpret_cast<const sockaddr *>(&address.storage),
                  address.length) == 0)
        return 0;
    if (errno != EINPROGRESS)
        return errno;
    while (monoNow() < deadline) {
        if (stop.stop_requested())
            return ECANCELED;
        pollfd waiting{.fd = socket.fd(), .events = POLLOUT, .revents = 0};
        if (::poll(&waiting, 1, static_cast<int>(slice.count())) <= 0)
            continue;
        int error = 0;
        socklen_t size = sizeof error;
        ::getsockopt(socket.fd(), SOL_SOCKET, SO_ERROR, &error, &size);
        return error;
    }
    return ETIMEDOUT;
}

} // namespace

namespace {

struct SslDelete
{
    void operator()(SSL_CTX *context) const noexcept { SSL_CTX_free(context); }
    void operator()(SSL *connection) const noexcept { SSL_free(connection); }
};

/// Keeps SIGPIPE from this thread: OpenSSL writes to a connection that the other side may have
/// closed already, and the signal would end the process.
class PipeShield
{
public:
    PipeShield()
    {
        sigemptyset(&m_pipe);
        sigaddset(&m_pipe, SIGPIPE);
        pthread_sigmask(SIG_BLOCK, &m_pipe, &m_before);
    }
    ~PipeShield()
    {
        const timespec atOnce{};
        while (sigismember(&m_before, SIGPIPE) == 0 &&
               sigtimedwait(&m_pipe, nullptr, &atOnce) == SIGPIPE) {
        }
        pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
    }
    PipeShield(const PipeShield &) = delete;
    PipeShield &operator=(const PipeShield &) = delete;

private:
    sigset_t m_pipe{};
    sigset_t m_before{};
};

/// Calls `step` until it is done or the deadline has passed; `step` tells which events to wait for,
/// 0 for done.
template <typename Step>
bool drive(const Socket &socket, MonoTime deadline, const std::stop_token &stop, Step step)
{
    while (monoNow() < deadline && !stop.stop_requested()) {
        const short events = step();
        if (events == 0)
            return true;
        pollfd waiting{.fd = socket.fd(), .events = events, .revents = 0};
        ::poll(&waiting, 1, static_cast<int>(slice.count()));
    }
    return false;
}

bool greetsInTls(const Socket &socket, MonoTime deadline, const std::stop_token &stop)
{
    const PipeShield shield;
    const std::unique_ptr<SSL_CTX, SslDelete> context(SSL_CTX_new(TLS_client_method()));
    const std::unique_ptr<SSL, SslDelete> connection(SSL_new(context.get()));
    if (!connection || SSL_set_fd(connection.get(), socket.fd()) != 1)
        return false;
    drive(socket, deadline, stop, [&]() -> short {
        const int result = SSL_connect(connection.get());
        switch (SSL_get_error(connection.get(), result)) {
        case SSL_ERROR_WANT_READ: return POLLIN;
        case SSL_ERROR_WANT_WRITE: return POLLOUT;
        default: return 0;
        }
    });
    return SSL_get0_peer_certificate(connection.get()) != nullptr;
}

bool greetsInHttp(const Socket &socket, MonoTime deadline, const std::stop_token &stop)
{
    constexpr std::string_view request = "HEAD / HTTP/1.0\r\n\r\n";
    if (::send(socket.fd(), request.data(), request.size(), MSG_NOSIGNAL) < 0)
        return false;
    std::string answer;
    drive(socket, deadline, stop, [&]() -> short {
        std::array<char, 64> bytes{};
        const auto count = ::recv(socket.fd(), bytes.data(), bytes.size(), 0);
        if (count > 0)
            answer.append(bytes.data(), static_cast<std::size_t>(count));
        const bool waits = count < 0 && (errno == EAGAIN || errno == EINTR);
        return waits || (count > 0 && answer.size() < 5) ? POLLIN : short{0};
    });
    return answer.starts_with("HTTP/");
}

} // namespace

Wire sniff(const HostPort &place, MonoTime deadline, const std::stop_token &stop)
{
    const auto addresses = lookUp(place, deadline, stop);
    if (!addresses)
        return Wire::Unknown;
    for (const auto &address : *addresses) {
        const Socket tls(address.storage.ss_family);
        if (tryConnect(tls, address, deadline, stop) != 0)
            continue;
        if (greetsInTls(tls, deadline, stop))
            return Wire::Tls;
        const Socket http(address.storage.ss_family);
        if (tryConnect(http, address, deadline, stop) == 0 && greetsInHttp(http, deadline, stop))
            return Wire::Http;
    }
    return Wire::Unknown;
}

Result<std::vector<std::string>> resolveHost(const HostPort &place, MonoTime deadline,
                                             const std::stop_token &stop)
{
    auto addresses = lookUp(place, deadline, stop);
    if (!addresses)
        return addresses.error();
    std::vector<std::string> texts;
    for (const auto &address : *addresses)
        if (std::find(texts.begin(), texts.end(), address.text) == texts.end())
            texts.push_back(address.text);
    return texts;
}

Result<std::string> connectTcp(const HostPort &place, MonoTime deadline,
                               const std::stop_token &stop)
{
    auto addresses = lookUp(place, deadline, stop);
    if (!addresses)
        return addresses.error();
    int last = EHOSTUNREACH;
    std::string lastAddress;
    for (const auto &address : *addresses) {
        last = tryConnect(Socket(address.storage.ss_family), address, deadline, stop);
        lastAddress = address.text;
        if (last == 0)
            return address.text;
        if (last == ECANCELED)
            break;
    }
    const auto kind = last == ECANCELED   ? Error::Kind::Cancelled
                      : last == ETIMEDOUT ? Error::Kind::Timeout
                                          : Error::Kind::Transport;
    return failure(kind, last == ETIMEDOUT ? "_TIMED_OUT" : "_TRANSPORT",
                   std::string(std::strerror(last)) + " (" + lastAddress + ")",
                   "connecting to " + shown(place));
}

} // namespace redrive::kafka
