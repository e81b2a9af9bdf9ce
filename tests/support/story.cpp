// redrive-story: a small live world on a cluster, so that there is something real to see. Producers
// with an uneven rhythm, and groups that keep up, fall behind, stop, rebalance and lose records.
//
//     redrive-story --bootstrap HOST:PORT [--for SECONDS]
//
// Ends at SIGINT, SIGTERM, after --for, or when the process that started it ends.
#include "tests/support/clients/admin.h"
#include "tests/support/clients/groupmember.h"
#include "tests/support/clients/producer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <sys/prctl.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using namespace std::chrono_literals;
using namespace redrive::testclients;
using redrive::Millis;
using redrive::monoNow;
using redrive::MonoTime;
using redrive::TopicPartition;
using std::stop_token;

// --- The stage ---

struct Topic
{
    const char *name;
    int partitions;
};
constexpr std::array topics{Topic{"orders", 6}, Topic{"payments", 3}, Topic{"task-events", 3},
                            Topic{"reminders", 2}, Topic{"audit", 1}};

void createTopics(const std::string &bootstrap)
{
    Admin admin(bootstrap);
    const int replication = static_cast<int>(std::min<std::size_t>(3, admin.brokerCount()));
    for (const auto &topic : topics)
        admin.createTopic(topic.name, topic.partitions, replication,
                          {{"retention.ms", "3600000"}, {"segment.ms", "600000"}});
}

// --- Those who write ---

/// Between half and one and a half times the average, in waves a minute long, out of step with each
/// other.
double wave(double average, double seconds, double phase)
{
    return average * (1.0 + 0.5 * std::sin(seconds / 60.0 * 6.283 + phase));
}

void writeSteadily(const std::string &bootstrap, const stop_token &stop)
{
    struct Source
    {
        const char *topic;
        double perSecond;
        double due;
    };
    std::array sources{Source{"orders", 90, 0}, Source{"task-events", 60, 0},
                       Source{"reminders", 6, 0}, Source{"audit", 15, 0}};
    Producer producer(bootstrap);
    const MonoTime start = monoNow();
    const auto tick = 250ms;
    for (std::uint64_t number = 0; pause(stop, tick);) {
        const double seconds = std::chrono::duration<double>(monoNow() - start).count();
        double phase = 0;
        for (auto &source : sources) {
            source.due += wave(source.perSecond, seconds, phase++) *
                          std::chrono::duration<double>(tick).count();
            for (; source.due >= 1; --source.due) {
                const std::string id = std::to_string(++number);
                // Skewed keys, so that no two partitions lag alike.
                const std::string key = "user-" + std::to_string(number * number % 23);
                producer.send(source.topic, std::nullopt,
                              R"({"event_id": "e-)" + id + R"(", "user_id": ")" + key + R"("})",
                              key);
            }
        }
        producer.flush();
    }
}

/// Payments come in transactions; every third stays open for a while, every fifth is given up.
void writePaymentsInTransactions(const std::string &bootstrap, const stop_token &stop)
{
    Producer producer(bootstrap, "story-payments");
    for (int round = 1; pause(stop, 4s); ++round) {
        producer.begin();
        for (int i = 0; i < 60; ++i)
            producer.send("payments", i % 3, R"({"amount": "19.90", "currency": "EUR"})");
        producer.flush();
        if (round % 3 == 0)
            pause(stop, 20s);
        if (round % 5 == 0)
            producer.abort();
        else
            producer.commit();
    }
}

// --- Those who read ---

using Members = std::vector<std::unique_ptr<GroupMember>>;

MemberOptions reader(std::string group, std::vector<std::string> topicNames, std::string clientId,
                     Millis perRecord = 0ms)
{
    MemberOptions options;
    options.group = std::move(group);
    options.topics = std::move(topicNames);
    options.clientId = std::move(clientId);
    options.perRecord = perRecord;
    return options;
}

void stay(const stop_token &stop)
{
    while (pause(stop, 1h)) {
    }
}

/// Three members that together manage two thirds of what comes in.
void billing(const std::string &bootstrap, const stop_token &stop)
{
    Members members;
    for (int i = 1; i <= 3; ++i)
        members.push_back(std::make_unique<GroupMember>(
            bootstrap, reader("billing", {"orders"}, "billing-" + std::to_string(i), 50ms)));
    stay(stop);
}

/// Healthy, by the new protocol (KIP-848).
void searchIndexer(const std::string &bootstrap, const stop_token &stop)
{
    Members members;
    for (int i = 1; i <= 2; ++i) {
        auto options = reader("search-indexer", {"orders", "task-events"},
                              "search-indexer-" + std::to_string(i));
        options.kip848 = true;
        members.push_back(std::make_unique<GroupMember>(bootstrap, options));
    }
    stay(stop);
}

/// Ran once, committed, and was never started again.
void audit(const std::string &bootstrap, const stop_token &stop)
{
    {
        GroupMember member(bootstrap, reader("audit", {"audit"}, "audit-1"));
        while (member.handled() < 20 && pause(stop, 200ms)) {
        }
    }
    stay(stop);
}

/// One member stays, another comes and goes: a rebalance every ten seconds.
void fraudCheck(const std::string &bootstrap, const stop_token &stop)
{
    const GroupMember first(bootstrap, reader("fraud-check", {"payments"}, "fraud-check-1"));
    while (pause(stop, 10s)) {
        const GroupMember second(bootstrap, reader("fraud-check", {"payments"}, "fraud-check-2"));
        pause(stop, 10s);
    }
}

/// Stops for 40 s, comes back and catches up.
void reports(const std::string &bootstrap, const stop_token &stop)
{
    do {
        const GroupMember member(bootstrap, reader("reports", {"task-events"}, "reports-1", 2ms));
        pause(stop, 40s);
    } while (pause(stop, 40s));
}

/// Reads what is committed, so it waits behind open transactions and then stands before markers.
void paymentsLedger(const std::string &bootstrap, const stop_token &stop)
{
    auto options = reader("payments-ledger", {"payments"}, "payments-ledger-1");
    options.properties["isolation.level"] = "read_committed";
    const GroupMember member(bootstrap, options);
    stay(stop);
}

/// Committed long ago; since then the records it would read next have been deleted.
void legacyImport(const std::string &bootstrap, const stop_token &stop)
{
    Admin admin(bootstrap);
    const TopicPartition first{"reminders", 0};
    const TopicPartition second{"reminders", 1};
    while (std::min(admin.endOffset(first), admin.endOffset(second)) < 40 && pause(stop, 1s)) {
    }
    if (stop.stop_requested())
        return;
    commitWithoutJoining(bootstrap, "legacy-import", {{first, 2}, {second, 5}});
    admin.deleteRecords(first, 30);
    stay(stop);
}

/// Member names as long as some frameworks make them.
void newsletter(const std::string &bootstrap, const stop_token &stop)
{
    Members members;
    for (int i = 1; i <= 2; ++i) {
        const std::string clientId = "com.example.newsletter.reminders.ReminderNewsletterListener#"
                                     "handle-production-eu-central-1-deployment-7f9c6b5d4-" +
                                     std::to_string(i);
        members.push_back(std::make_unique<GroupMember>(
            bootstrap, reader("newsletter", {"reminders"}, clientId)));
    }
    stay(stop);
}

// --- The play ---

using Part = void (*)(const std::string &, const stop_token &);
struct Actor
{
    const char *name;
    Part play;
};
constexpr std::array actors{
    Actor{"writer", writeSteadily},
    Actor{"payments", writePaymentsInTransactions},
    Actor{"billing", billing},
    Actor{"search-indexer", searchIndexer},
    Actor{"audit", audit},
    Actor{"fraud-check", fraudCheck},
    Actor{"reports", reports},
    Actor{"payments-ledger", paymentsLedger},
    Actor{"legacy-import", legacyImport},
    Actor{"newsletter", newsletter},
};

/// An actor that stumbles (a broker went away) says so and begins again.
void perform(const Actor &actor, const std::string &bootstrap, const stop_token &stop)
{
    while (!stop.stop_requested()) {
        try {
            actor.play(bootstrap, stop);
        } catch (const ClientError &error) {
            std::fprintf(stderr, "redrive-story: %s: %s\n", actor.name, error.what());
        }
        pause(stop, 2s);
    }
}

struct Arguments
{
    std::string bootstrap;
    std::optional<int> seconds;
};

std::optional<Arguments> parse(int count, char **words)
{
    Arguments arguments;
    for (int i = 1; i + 1 < count; i += 2) {
        const std::string_view key = words[i];
        const std::string_view value = words[i + 1];
        if (key == "--bootstrap") {
            arguments.bootstrap = value;
        } else if (key == "--for") {
            int seconds = 0;
            const auto [end, failed] =
                std::from_chars(value.data(), value.data() + value.size(), seconds);
            if (failed != std::errc{} || end != value.data() + value.size() || seconds < 1)
                return std::nullopt;
            arguments.seconds = seconds;
        } else {
            return std::nullopt;
        }
    }
    if (count % 2 == 0 || arguments.bootstrap.empty())
        return std::nullopt;
    return arguments;
}

/// Leaving groups of a broker that is gone waits for ever; nobody misses a story that ends hard.
constexpr unsigned leavingSeconds = 15;

/// Returns when a signal has come, or the time is over.
void waitForTheEnd(const sigset_t &signals, std::optional<int> seconds)
{
    const timespec limit{.tv_sec = seconds.value_or(0), .tv_nsec = 0};
    int got = -1;
    do
        got = seconds ? sigtimedwait(&signals, nullptr, &limit) : sigwaitinfo(&signals, nullptr);
    while (got < 0 && errno == EINTR);
}

} // namespace

int main(int argc, char **argv)
{
    const auto arguments = parse(argc, argv);
    if (!arguments) {
        std::fputs("usage: redrive-story --bootstrap HOST:PORT [--for SECONDS]\n", stderr);
        return 2;
    }
    const pid_t parent = getppid();
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        return 0; // It ended before we asked to be told.

    try {
        createTopics(arguments->bootstrap);
    } catch (const ClientError &error) {
        std::fprintf(stderr, "redrive-story: %s\n", error.what());
        return 1;
    }
    std::vector<std::jthread> threads;
    for (const auto &actor : actors)
        threads.emplace_back([&actor, &arguments](const stop_token &stop) {
            perform(actor, arguments->bootstrap, stop);
        });
    std::fputs("redrive-story: running\n", stderr);
    waitForTheEnd(signals, arguments->seconds);
    alarm(leavingSeconds);
    for (auto &thread : threads)
        thread.request_stop();
    return 0;
}
