#include "core/decode/decode.h"

#include "core/events/messages.h"
#include "core/events/translate.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <functional>
#include <iterator>
#include <optional>
#include <simdjson.h>
#include <string>
#include <vector>

// Typed decode of one order, beside what a person would write by hand on simdjson's On-Demand API
// for that very message, in turns. On-Demand checks nothing of what it does not read, keeps the
// last of two equal keys, and needs its input padded, which a record's value is not: it is given a
// padded copy here that is not counted.
//
//   bench-decode ORDER.json [--rounds N]      prints: name, median nanoseconds of CPU an order

namespace {

namespace ondemand = simdjson::ondemand;

struct PlainLine
{
    std::string productId;
    std::string title;
    std::int64_t quantity = 0;
    std::string unitPrice;
};

struct PlainOrder
{
    std::string orderId;
    std::string createdAt;
    std::string customerName;
    std::string totalPrice;
    std::string eventId;
    std::string userId;
    std::string currency;
    std::vector<PlainLine> lines;
};

void take(ondemand::value value, std::string &into)
{
    into = std::string_view(value.get_string());
}

PlainLine lineByHand(ondemand::object object)
{
    PlainLine line;
    for (auto field : object) {
        const std::string_view key = field.unescaped_key();
        ondemand::value value = field.value();
        if (key == "product_id")
            take(value, line.productId);
        else if (key == "title")
            take(value, line.title);
        else if (key == "quantity")
            line.quantity = value.get_int64();
        else if (key == "unit_price")
            line.unitPrice = value.raw_json_token();
    }
    return line;
}

PlainOrder orderByHand(ondemand::parser &parser, simdjson::padded_string_view bytes)
{
    PlainOrder order;
    ondemand::document document = parser.iterate(bytes);
    for (auto field : document.get_object()) {
        const std::string_view key = field.unescaped_key();
        ondemand::value value = field.value();
        if (key == "order_id")
            take(value, order.orderId);
        else if (key == "created_at")
            take(value, order.createdAt);
        else if (key == "customer_name")
            take(value, order.customerName);
        else if (key == "total_price")
            order.totalPrice = value.raw_json_token();
        else if (key == "event_id")
            take(value, order.eventId);
        else if (key == "user_id")
            take(value, order.userId);
        else if (key == "currency")
            take(value, order.currency);
        else if (key == "line_items")
            for (ondemand::object line : value.get_array())
                order.lines.push_back(lineByHand(line));
    }
    return order;
}

template <typename T>
void keep(const T &value)
{
    asm volatile("" : : "r"(&value) : "memory");
}

struct Contender
{
    const char *name;
    std::function<void(int)> run; ///< so many orders
    std::vector<double> nanoseconds{};
};

/// Of this thread alone, so that a busy machine disturbs little.
double cpuNanoseconds()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

void require(bool isTrue, const char *what)
{
    if (isTrue)
        return;
    std::fprintf(stderr, "bench-decode: %s\n", what);
    std::exit(1);
}

} // namespace

int main(int argc, char **argv)
{
    using namespace redrive;
    require(argc >= 2, "ORDER.json is wanted");
    std::ifstream file(argv[1], std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(file), {}};
    while (!bytes.empty() && bytes.back() == '\n')
        bytes.pop_back();
    require(!bytes.empty(), "nothing to read in that file");
    const int rounds = argc >= 4 ? std::atoi(argv[3]) : 31;
    constexpr int ordersARound = 50'000;

    const simdjson::padded_string padded(bytes);
    ondemand::parser parser;

    events::wire::Order sample;
    require(!decode::decode(bytes, sample), "redrive refuses it");
    const auto byHand = orderByHand(parser, padded);
    require(byHand.orderId == sample.orderId.view() &&
                byHand.totalPrice == sample.totalPrice.digits &&
                byHand.lines.size() == sample.lineItems.size(),
            "the two do not read the same");

    Contender contenders[]{{"redrive-decode",
                            [&](int count) {
                                for (; count > 0; --count) {
                                    events::wire::Order order;
                                    keep(decode::decode(bytes, order));
                                    keep(order);
                                }
                            }},
                           {"on-demand-by-hand",
                            [&](int count) {
                                for (; count > 0; --count)
                                    keep(orderByHand(parser, padded));
                            }},
                           {"redrive-decode-and-translate", [&](int count) {
                                for (; count > 0; --count)
                                    keep(events::readOrder(bytes));
                            }}};

    for (int round = 0; round <= rounds; ++round) {
        for (auto &contender : contenders) {
            const double start = cpuNanoseconds();
            contender.run(ordersARound);
            if (round > 0) // the first warms up
                contender.nanoseconds.push_back((cpuNanoseconds() - start) / ordersARound);
        }
    }
    for (auto &contender : contenders) {
        auto &all = contender.nanoseconds;
        std::sort(all.begin(), all.end());
        std::printf("%s %.1f\n", contender.name, all[all.size() / 2]);
    }
    return 0;
}
