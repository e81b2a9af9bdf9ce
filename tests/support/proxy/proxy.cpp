#include "tests/support/proxy/proxy.h"

#include "tests/support/proxy/link.h"
#include "tests/support/proxy/listen.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <iterator>
#include <list>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace redrive::testproxy {

namespace {

constexpr Millis longestWait{20};

} // namespace

class Proxy::Loop
{
public:
    explicit Loop(Proxy &proxy)
        : m_proxy(proxy)
    {
    }

    void run(const std::stop_token &stop)
    {
        while (!stop.stop_requested()) {
            obey();
            waitForSomething();
            accept();
            for (auto link = m_links.begin(); link != m_links.end();)
                link = serve(*link) ? std::next(link) : m_links.erase(link);
        }
    }

private:
    void obey();
    void waitForSomething();
    void accept();
    bool serve(Link &link);
    bool take(Link &link, Socket &from, Flow &flow, Millis delay, bool isAnswer);
    bool give(Link &link, Socket &to, Flow &flow, bool isAnswer);
    void noteRequest(Link &link, std::span<const char> head);
    void noteComing(Link &link, std::span<const char> head);
    void noteAnswer(Link &link, std::span<const char> head);
    void noteUnreadable(Link &link, const Flow &flow);
    void ask(Link &link, Passing::At at, int apiKey);
    std::string rewritten(Link &link, std::span<const char> bytes) const;
    std::size_t allowed(const Link &link, std::size_t size) const;

    Proxy &m_proxy;
    Wishes m_wishes;
    std::list<Link> m_links;
    std::map<int, int> m_inFlight;
};

void Proxy::Loop::obey()
{
    Wishes wishes;
    {
        const std::scoped_lock lock(m_proxy.m_mutex);
        wishes = m_proxy.m_wishes;
    }
    const bool cut = wishes.cuts != m_wishes.cuts;
    const bool holeEnded = m_wishes.blackhole && !wishes.blackhole;
    const bool canHearAgain = m_wishes.loseAnswers && !wishes.loseAnswers;
    for (auto link = m_links.begin(); link != m_links.end();) {
        link->blackholed = link->blackholed || wishes.blackhole;
        if (cut || (holeEnded && link->blackholed) || (canHearAgain && link->isDeaf)) {
            link->client.closeWithReset();
            for (const auto &[id, key] : link->unanswered)
                --m_inFlight[key];
            link = m_links.erase(link);
        } else {
            ++link;
        }
    }
    m_wishes = wishes;
}

void Proxy::Loop::waitForSomething()
{
    std::vector<pollfd> watched{{.fd = m_proxy.m_listener, .events = POLLIN, .revents = 0}};
    MonoTime wake = monoNow() + longestWait;
    for (const auto &link : m_links) {
        if (link.blackholed)
            continue;
        const auto watch = [&](const Socket &socket, const Flow &reads, const Flow &writes) {
            const bool ready = !writes.waiting.empty() && writes.waiting.front().due <= monoNow();
            const int events = (reads.ended ? 0 : POLLIN) | (ready ? POLLOUT : 0);
            watched.push_back(
                {.fd = socket.get(), .events = static_cast<short>(events), .revents = 0});
            if (!writes.waiting.empty() && !ready)
                wake = std::min(wake, writes.waiting.front().due);
        };
        watch(link.client, link.up, link.down);
        watch(link.broker, link.down, link.up);
    }
    const auto wait = std::chrono::ceil<Millis>(wake - monoNow());
    poll(watched.data(), watched.size(),
         static_cast<int>(std::max<Millis>(wait, Millis(0)).count()));
}

void Proxy::Loop::accept()
{
    Socket client(accept4(m_proxy.m_listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (client.get() < 0)
        return;
    Socket broker(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const sockaddr_in address = loopback(m_wishes.target);
    if (m_wishes.target == 0 || connect(broker.get(), generic(address), sizeof address) != 0) {
        client.closeWithReset();
        return;
    }
    fcntl(broker.get(), F_SETFL, O_NONBLOCK);
    const int yes = 1;
    setsockopt(client.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    setsockopt(broker.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    auto &link = m_links.emplace_back();
    link.client = std::move(client);
    link.broker = std::move(broker);
    link.blackholed = m_wishes.blackhole;
    {
        const std::scoped_lock lock(m_proxy.m_watchMutex);
        link.rewrite = m_proxy.m_rewrite;
    }
    const std::scoped_lock lock(m_proxy.m_mutex);
    ++m_proxy.m_traffic.connections;
}

/// False: the connection is over.
bool Proxy::Loop::serve(Link &link)
{
    if (link.blackholed)
        return true;
    const bool taken = take(link, link.client, link.up, Millis(0), false) &&
                       take(link, link.broker, link.down, m_wishes.latency, true);
    if (taken && link.blackholed)
        return true;
    const bool open = taken && give(link, link.broker, link.up, false) &&
                      give(link, link.client, link.down, true) &&
                      !(link.up.ended && link.up.waiting.empty()) &&
                      !(link.down.ended && link.down.waiting.empty());
    if (!open) {
        for (const auto &[id, key] : link.unanswered)
            --m_inFlight[key];
    }
    return open;
}

bool Proxy::Loop::take(Link &link, Socket &from, Flow &flow, Millis delay, bool isAnswer)
{
    std::array<char, 65536> buffer; // NOLINT(cppcoreguidelines-pro-type-member-init)
    while (!flow.ended) {
        const ssize_t got = recv(from.get(), buffer.data(), buffer.size(), 0);
        if (got < 0)
            return errno == EAGAIN || errno == EINTR;
        flow.ended = got == 0;
        if (flow.ended)
            break;
        const std::span<const char> bytes(buffer.data(), static_cast<std::size_t>(got));
        if (isAnswer) {
            flow.coming.feed(bytes, [&](auto head) { noteComing(link, head); });
        } else {
            flow.heads.feed(bytes, [&](auto head) { noteRequest(link, head); });
            noteUnreadable(link, flow);
        }
        if (link.blackholed)
            return true;
        link.isDeaf = link.isDeaf || m_wishes.loseAnswers;
        if (isAnswer && link.isDeaf)
            continue;
        std::string passing = isAnswer && link.rewrite ? rewritten(link, bytes)
                                                       : std::string(bytes.begin(), bytes.end());
        if (!passing.empty())
            flow.waiting.push_back({monoNow() + delay, std::move(passing)});
    }
    return true;
}

bool Proxy::Loop::give(Link &link, Socket &to, Flow &flow, bool isAnswer)
{
    while (!flow.waiting.empty() && flow.waiting.front().due <= monoNow()) {
        auto &chunk = flow.waiting.front();
        const auto most = isAnswer ? allowed(link, chunk.bytes.size()) : chunk.bytes.size();
        const ssize_t sent = send(to.get(), chunk.bytes.data(), most, MSG_NOSIGNAL);
        if (sent < 0)
            return errno == EAGAIN || errno == EINTR;
        const auto size = static_cast<std::size_t>(sent);
        if (isAnswer) {
            flow.heads.feed(std::span<const char>(chunk.bytes.data(), size),
                            [&](auto head) { noteAnswer(link, head); });
            link.answered += size;
            const bool isSpent = m_wishes.resetAfter > 0 && link.answered >= m_wishes.resetAfter;
            if (isSpent || (link.resetAt && link.answered >= *link.resetAt)) {
                link.client.closeWithReset();
                return false;
            }
        }
        chunk.bytes.erase(0, size);
        if (!chunk.bytes.empty())
            return true;
        flow.waiting.pop_front();
    }
    return true;
}

void Proxy::Loop::noteRequest(Link &link, std::span<const char> head)
{
    if (head.size() < FrameHeads::headSize || link.unreadable)
        return;
    const int key = bigEndian(head.first(2));
    link.unanswered[bigEndian(head.subspan(4, 4))] = key;
    const int atOnce = ++m_inFlight[key];
    ask(link, Passing::At::Request, key);
    const std::scoped_lock lock(m_proxy.m_mutex);
    auto &traffic = m_proxy.m_traffic;
    ++traffic.requests[key];
    traffic.mostAtOnce[key] = std::max(traffic.mostAtOnce[key], atOnce);
}

void Proxy::Loop::noteComing(Link &link, std::span<const char> head)
{
    const auto found = link.unanswered.find(bigEndian(head.first(4)));
    if (found != link.unanswered.end())
        ask(link, Passing::At::Answer, found->second);
}

void Proxy::Loop::noteAnswer(Link &link, std::span<const char> head)
{
    const auto found = link.unanswered.find(bigEndian(head.first(4)));
    if (found == link.unanswered.end())
        return;
    const int key = found->second;
    --m_inFlight[key];
    link.unanswered.erase(found);
    ask(link, Passing::At::Delivered, key);
}

void Proxy::Loop::ask(Link &link, Passing::At at, int apiKey)
{
    Verdict verdict;
    {
        const std::scoped_lock lock(m_proxy.m_watchMutex);
        if (m_proxy.m_watch)
            verdict = m_proxy.m_watch({at, apiKey});
    }
    switch (verdict.kind) {
    case Verdict::Kind::Pass: return;
    case Verdict::Kind::Vanish: link.blackholed = true; return;
    case Verdict::Kind::LoseAnswers: {
        const std::scoped_lock lock(m_proxy.m_mutex);
        m_proxy.m_wishes.loseAnswers = true;
        m_wishes.loseAnswers = true;
        return;
    }
    case Verdict::Kind::Reset: link.resetAt = link.down.coming.frameAt() + verdict.bytes; return;
    }
}

/// The answers that are whole by now.
std::string Proxy::Loop::rewritten(Link &link, std::span<const char> bytes) const
{
    constexpr std::size_t sizeSize = 4;
    link.incomplete.append(bytes.data(), bytes.size());
    const std::span<char> all(link.incomplete);
    std::size_t done = 0;
    while (all.size() - done >= sizeSize) {
        const auto size = static_cast<std::size_t>(bigEndian(all.subspan(done, sizeSize)));
        if (all.size() - done - sizeSize < size)
            break;
        const auto answer = all.subspan(done + sizeSize, size);
        const auto asked = link.unanswered.find(bigEndian(answer.first(4)));
        if (asked != link.unanswered.end())
            link.rewrite(asked->second, answer);
        done += sizeSize + size;
    }
    std::string whole = link.incomplete.substr(0, done);
    link.incomplete.erase(0, done);
    return whole;
}

/// So much of these bytes may go to the client.
std::size_t Proxy::Loop::allowed(const Link &link, std::size_t size) const
{
    if (!link.resetAt)
        return size;
    return std::min<std::uint64_t>(size, *link.resetAt - std::min(*link.resetAt, link.answered));
}

void Proxy::Loop::noteUnreadable(Link &link, const Flow &flow)
{
    if (!flow.heads.broken() || link.unreadable)
        return;
    link.unreadable = true;
    const std::scoped_lock lock(m_proxy.m_mutex);
    ++m_proxy.m_traffic.unreadable;
}

Proxy::Proxy()
    : Proxy(0)
{
}

Proxy::Proxy(int targetPort)
{
    m_wishes.target = targetPort;
    const Listener listener = listenOnLoopback();
    m_listener = listener.descriptor;
    m_port = listener.port;
    m_thread = std::jthread([this](const std::stop_token &stop) { Loop(*this).run(stop); });
}

Proxy::~Proxy()
{
    m_thread.request_stop();
    m_thread.join();
    close(m_listener);
}

void Proxy::setTarget(int port)
{
    const std::scoped_lock lock(m_mutex);
    m_wishes.target = port;
}

void Proxy::setLatency(Millis latency)
{
    const std::scoped_lock lock(m_mutex);
    m_wishes.latency = latency;
}

void Proxy::setBlackhole(bool blackhole)
{
    const std::scoped_lock lock(m_mutex);
    m_wishes.blackhole = blackhole;
}

void Proxy::loseAnswers(bool lose)
{
    const std::scoped_lock lock(m_mutex);
    m_wishes.loseAnswers = lose;
}

void Proxy::setWatch(Watch watch)
{
    const std::scoped_lock lock(m_watchMutex);
    m_watch = std::move(watch);
}

void Proxy::setRewrite(Rewrite rewrite)
{
    const std::scoped_lock lock(m_watchMutex);
    m_rewrite = std::move(rewrite);
}

void Proxy::resetAfter(std::uint64_t answerBytes)
{
    const std::scoped_lock lock(m_mutex);
    m_wishes.resetAfter = answerBytes;
}

void Proxy::cutAll()
{
    const std::scoped_lock lock(m_mutex);
    ++m_wishes.cuts;
}

Proxy::Traffic Proxy::traffic() const
{
    const std::scoped_lock lock(m_mutex);
    return m_traffic;
}

void Proxy::clearTraffic()
{
    const std::scoped_lock lock(m_mutex);
    m_traffic = {};
}

} // namespace redrive::testproxy
