#pragma once

#include <QByteArray>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QList>
#include <QString>

#include <arpa/inet.h>
#include <array>
#include <atomic>
#include <cerrno>
#include <deque>
#include <mutex>
#include <netinet/in.h>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

/// A trace collector on loopback that answers as it was told to, one connection after the other.
class Collector
{
public:
    struct Reply
    {
        enum class How
        {
            Answer,
            Hang,   ///< read the request and say nothing
            HangUp, ///< close in the middle of the request
        };
        int status = 200;
        QByteArray body = "{}";
        QByteArray headers{};
        How how = How::Answer;
    };

    Collector()
        : m_listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto *const generic = reinterpret_cast<sockaddr *>(&address);
        if (::bind(m_listener, generic, size) != 0 || ::listen(m_listener, 8) != 0 ||
            ::getsockname(m_listener, generic, &size) != 0)
            throw std::system_error(errno, std::generic_category(), "a collector");
        m_port = ntohs(address.sin_port);
        m_thread = std::jthread([this](const std::stop_token &stop) { run(stop); });
    }
    ~Collector()
    {
        m_thread.request_stop();
        m_thread.join();
        ::close(m_listener);
    }
    Collector(const Collector &) = delete;
    Collector &operator=(const Collector &) = delete;

    std::string url(const std::string &path = {}) const
    {
        return "http://127.0.0.1:" + std::to_string(m_port) + path;
    }
    /// The answers to come; 200 when there are none.
    void answerWith(std::initializer_list<Reply> replies)
    {
        const std::scoped_lock lock(m_mutex);
        m_replies.insert(m_replies.end(), replies.begin(), replies.end());
    }
    QList<QByteArray> heads() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_heads;
    }
    qsizetype requests() const { return heads().size(); }
    /// Of all requests, in order.
    QList<QJsonObject> spans() const
    {
        const std::scoped_lock lock(m_mutex);
        QList<QJsonObject> all;
        for (const auto &body : m_bodies) {
            const auto scope = QJsonDocument::fromJson(body)
                                   .object()["resourceSpans"][0]["scopeSpans"][0]
                                   .toObject();
            for (const auto &span : scope["spans"].toArray())
                all.append(span.toObject());
        }
        return all;
    }

private:
    static bool isReadable(int descriptor)
    {
        constexpr int tickMs = 10;
        pollfd waiting{.fd = descriptor, .events = POLLIN, .revents = 0};
        return ::poll(&waiting, 1, tickMs) == 1;
    }

    void run(const std::stop_token &stop)
    {
        while (!stop.stop_requested()) {
            if (!isReadable(m_listener))
                continue;
            const int client = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
            if (client < 0)
                continue;
            while (serve(client, stop)) {
            }
            ::close(client);
        }
    }

    bool serve(int client, const std::stop_token &stop)
    {
        QByteArray received;
        qsizetype bodyAt = -1;
        qsizetype length = 0;
        const auto hangsUp = [this] {
            const std::scoped_lock lock(m_mutex);
            return !m_replies.empty() && m_replies.front().how == Reply::How::HangUp;
        };
        while (bodyAt < 0 || received.size() < bodyAt + length) {
            if (stop.stop_requested())
                return false;
            if (!isReadable(client))
                continue;
            std::array<char, 65'536> bytes{};
            const auto count = ::recv(client, bytes.data(), bytes.size(), 0);
            if (count <= 0)
                return false;
            received.append(bytes.data(), count);
            if (bodyAt < 0 && received.contains("\r\n\r\n")) {
                bodyAt = received.indexOf("\r\n\r\n") + 4;
                const auto head = received.left(bodyAt).toLower();
                length = head.mid(head.indexOf("content-length:") + 15).split('\r')[0].toLongLong();
            }
            if (hangsUp()) {
                note(received.left(bodyAt), {});
                return false;
            }
        }
        const Reply reply = note(received.left(bodyAt), received.mid(bodyAt));
        while (reply.how == Reply::How::Hang && !stop.stop_requested() && !isReadable(client)) {
        }
        if (reply.how == Reply::How::Hang)
            return false;
        const QByteArray answer = "HTTP/1.1 " + QByteArray::number(reply.status) +
                                  " Told\r\nContent-Type: application/json\r\nContent-Length: " +
                                  QByteArray::number(reply.body.size()) + "\r\n" + reply.headers +
                                  "\r\n" + reply.body;
        return ::send(client, answer.data(), static_cast<std::size_t>(answer.size()),
                      MSG_NOSIGNAL) == answer.size();
    }

    Reply note(const QByteArray &head, const QByteArray &body)
    {
        const std::scoped_lock lock(m_mutex);
        m_heads.append(head);
        Reply reply;
        if (!m_replies.empty()) {
            reply = m_replies.front();
            m_replies.pop_front();
        }
        if (reply.how == Reply::How::Answer && reply.status == 200)
            m_bodies.append(body);
        return reply;
    }

    int m_listener = -1;
    int m_port = 0;
    mutable std::mutex m_mutex; ///< guards the next three
    std::deque<Reply> m_replies;
    QList<QByteArray> m_heads;
    QList<QByteArray> m_bodies; ///< of those answered with 200
    std::jthread m_thread;
};
