// A topic read through a group member as a session reads it, to be compared with
// `bench-bare … consume`.
//   bench-consume BOOTSTRAP TOPIC RECORDS
#include "core/kafka/clusterclient.h"
#include "core/kafka/groupconsumer.h"
#include "tests/bench/usage.h"

#include <cstdio>
#include <cstdlib>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

using namespace redrive;
using namespace redrive::kafka;

int main(int count, char **arguments)
{
    if (count != 4) {
        std::fputs("bench-consume: BOOTSTRAP TOPIC RECORDS\n", stderr);
        return 2;
    }
    const auto records = static_cast<std::size_t>(std::atoll(arguments[3]));
    GroupConsumerSettings settings;
    settings.connection.bootstrap = arguments[1];
    settings.group = GroupId(bench::freshGroup());
    settings.topics = {arguments[2]};
    const WriteGuard guard({.mode = AccessMode::Free, .production = false});
    const auto permit = guard.authorise({"consume", settings.group.value()},
                                        {.yes = true, .typedName = std::nullopt});
    auto opened = openGroupConsumer(settings, *permit);
    if (!opened) {
        std::fprintf(stderr, "bench-consume: %s\n", describe(opened.error()).c_str());
        return 1;
    }
    GroupConsumer &consumer = **opened;
    const int wakes = ::eventfd(0, EFD_NONBLOCK);
    consumer.wakeThrough(wakes);
    bench::Usage usage;
    std::size_t read = 0;
    std::size_t bytes = 0;
    while (read < records) {
        for (const auto &event : consumer.poll()) {
            if (const auto *assigned = std::get_if<consumed::Assigned>(&event))
                consumer.assign(assigned->partitions, {}, assigned->protocol);
            else if (const auto *revoked = std::get_if<consumed::Revoked>(&event))
                consumer.unassign(revoked->partitions, revoked->protocol);
        }
        const auto batch = consumer.take(bench::batchSize);
        if (!batch.records.empty() && read == 0)
            usage = bench::usageNow();
        for (const auto &record : batch.records) {
            ++read;
            bytes += record.value ? record.value->size() : 0;
        }
        if (!batch.records.empty())
            continue;
        pollfd ready{.fd = wakes, .events = POLLIN, .revents = 0};
        ::poll(&ready, 1, 1000);
        std::uint64_t word = 0;
        static_cast<void>(!::read(wakes, &word, sizeof(word)));
    }
    bench::print(usage, read, bytes);
    opened->reset();
    finishDestruction(Millis(5000));
    ::close(wakes);
    return 0;
}
