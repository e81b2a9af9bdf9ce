// The orders handler against SQLite alone that stores the same rows in transactions of the same
// size, with the same durability (WAL, synchronous=FULL). Both take turns; the medians count.
//
//   bench-orders DIRECTORY [--rows 200000] [--batch 500] [--rounds 5]

#include "core/base/time.h"
#include "core/events/handlers/handlers.h"
#include "core/events/produce.h"
#include "core/events/translate.h"
#include "core/model/record.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <map>
#include <sqlite3.h>
#include <string>
#include <string_view>
#include <vector>

using namespace redrive;

namespace {

struct Figures
{
    double wall = 0;
    double cpu = 0;
};

double seconds(clockid_t clock)
{
    timespec time{};
    ::clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

template <typename Work>
Figures measure(Work work)
{
    const double wall = seconds(CLOCK_MONOTONIC);
    const double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    work();
    return {seconds(CLOCK_MONOTONIC) - wall, seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu};
}

Figures median(std::vector<Figures> all)
{
    const auto middle = all.size() / 2;
    Figures figures;
    std::sort(all.begin(), all.end(), [](auto &a, auto &b) { return a.wall < b.wall; });
    figures.wall = all[middle].wall;
    std::sort(all.begin(), all.end(), [](auto &a, auto &b) { return a.cpu < b.cpu; });
    figures.cpu = all[middle].cpu;
    return figures;
}

void removeDatabase(const std::filesystem::path &file)
{
    for (const char *part : {"", "-wal", "-shm"})
        std::filesystem::remove(file.string() + part);
}

void check(int code, sqlite3 *database)
{
    if (code == SQLITE_OK || code == SQLITE_DONE)
        return;
    std::fprintf(stderr, "bare: %s\n", sqlite3_errmsg(database));
    std::exit(1);
}

/// A row of `orders`, with what goes into its row of `inbox`, all as text that is ready to bind.
struct Row
{
    std::string inboxId;
    std::string processedAt;
    std::string orderId;
    std::string createdAt;
    std::string customer;
    std::string total;
    std::string currency;
    std::string user;
    std::string event;
    struct Line
    {
        std::string product;
        std::string title;
        std::int64_t quantity = 0;
        std::string price;
    };
    std::vector<Line> lines;
};

class Bare
{
public:
    explicit Bare(const std::filesystem::path &file)
    {
        check(sqlite3_open(file.c_str(), &m_database), m_database);
        run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32768");
        run(R"(CREATE TABLE inbox(id TEXT PRIMARY KEY, topic TEXT NOT NULL,
            partition INTEGER NOT NULL, "offset" INTEGER NOT NULL, processed_at TEXT NOT NULL)
            WITHOUT ROWID;
            CREATE TABLE orders(seq INTEGER PRIMARY KEY AUTOINCREMENT,
            order_id TEXT NOT NULL UNIQUE, created_at TEXT NOT NULL, customer_name TEXT NOT NULL,
            total_price TEXT NOT NULL, currency TEXT NOT NULL, user_id TEXT, event_id TEXT,
            version INTEGER NOT NULL, topic TEXT NOT NULL, partition INTEGER NOT NULL,
            "offset" INTEGER NOT NULL);
            CREATE TABLE order_lines(order_id TEXT NOT NULL, line INTEGER NOT NULL,
            product_id TEXT NOT NULL, title TEXT, quantity INTEGER NOT NULL,
            unit_price TEXT NOT NULL, PRIMARY KEY(order_id, line)))");
        m_inbox = prepare("INSERT INTO inbox VALUES(?, ?, ?, ?, ?)");
        m_order = prepare(R"(INSERT INTO orders(order_id, created_at, customer_name, total_price,
            currency, user_id, event_id, version, topic, partition, "offset")
            VALUES(?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?))");
        m_line = prepare("INSERT INTO order_lines VALUES(?, ?, ?, ?, ?, ?)");
    }
    ~Bare()
    {
        for (sqlite3_stmt *statement : {m_inbox, m_order, m_line})
            sqlite3_finalize(statement);
        sqlite3_close(m_database);
    }
    Bare(const Bare &) = delete;
    Bare &operator=(const Bare &) = delete;

    void run(const char *sql) const
    {
        check(sqlite3_exec(m_database, sql, nullptr, nullptr, nullptr), m_database);
    }

    void store(const Row &row, std::int64_t offset) const
    {
        text(m_inbox, 1, row.inboxId);
        text(m_inbox, 2, "orders");
        sqlite3_bind_int64(m_inbox, 3, 0);
        sqlite3_bind_int64(m_inbox, 4, offset);
        text(m_inbox, 5, row.processedAt);
        step(m_inbox);
        int column = 0;
        for (const std::string *value : {&row.orderId, &row.createdAt, &row.customer, &row.total,
                                         &row.currency, &row.user, &row.event})
            text(m_order, ++column, *value);
        text(m_order, 8, "orders");
        sqlite3_bind_int64(m_order, 9, 0);
        sqlite3_bind_int64(m_order, 10, offset);
        step(m_order);
        std::int64_t number = 0;
        for (const Row::Line &line : row.lines) {
            text(m_line, 1, row.orderId);
            sqlite3_bind_int64(m_line, 2, number++);
            text(m_line, 3, line.product);
            text(m_line, 4, line.title);
            sqlite3_bind_int64(m_line, 5, line.quantity);
            text(m_line, 6, line.price);
            step(m_line);
        }
    }

private:
    sqlite3_stmt *prepare(const char *sql) const
    {
        sqlite3_stmt *statement = nullptr;
        check(
            sqlite3_prepare_v3(m_database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr),
            m_database);
        return statement;
    }
    static void text(sqlite3_stmt *statement, int column, std::string_view value)
    {
        sqlite3_bind_text(statement, column, value.data(), static_cast<int>(value.size()),
                          SQLITE_STATIC);
    }
    void step(sqlite3_stmt *statement) const
    {
        check(sqlite3_step(statement), m_database);
        sqlite3_reset(statement);
    }

    sqlite3 *m_database = nullptr;
    sqlite3_stmt *m_inbox = nullptr;
    sqlite3_stmt *m_order = nullptr;
    sqlite3_stmt *m_line = nullptr;
};

class NoProgress final : public consumer::Progress
{
public:
    bool begin(std::size_t /*index*/) override { return true; }
};

struct Work
{
    std::vector<std::string> values;
    std::vector<RecordView> records;
    std::vector<Row> rows;
};

Work prepareWork(std::size_t count)
{
    Work work;
    const std::string now = toRfc3339(wallNow());
    const events::ProducePlan plan{.kind = events::EventKind::Order,
                                   .seed = 7,
                                   .users = 50,
                                   .badEvery = {},
                                   .from = wallNow()};
    for (std::size_t index = 0; index < count; ++index)
        work.values.push_back(events::makeEvent(plan, index).value.value_or(std::string()));
    for (std::size_t index = 0; index < count; ++index) {
        RecordView record;
        record.topic = "orders";
        record.offset = static_cast<std::int64_t>(index);
        record.value = work.values[index];
        work.records.push_back(record);
        const auto order = events::readOrder(record.value);
        if (!order)
            std::abort();
        Row &row = work.rows.emplace_back();
        row.event = order->eventId->value();
        row.inboxId = "e:" + row.event;
        row.processedAt = now;
        row.orderId = order->id.value();
        row.createdAt = toRfc3339(order->createdAt);
        row.customer = order->customerName;
        row.total = order->totalPrice.text();
        row.currency = order->currency.code();
        row.user = order->userId->value();
        for (const auto &line : order->lines)
            row.lines.push_back({.product = line.productId,
                                 .title = line.title.value_or(std::string()),
                                 .quantity = line.quantity,
                                 .price = line.unitPrice.text()});
    }
    return work;
}

Figures runBare(const std::filesystem::path &file, const Work &work, std::size_t batch)
{
    removeDatabase(file);
    const Bare bare(file);
    return measure([&] {
        for (std::size_t from = 0; from < work.rows.size(); from += batch) {
            bare.run("BEGIN IMMEDIATE");
            const std::size_t to = std::min(work.rows.size(), from + batch);
            for (std::size_t index = from; index < to; ++index)
                bare.store(work.rows[index], static_cast<std::int64_t>(index));
            bare.run("COMMIT");
        }
    });
}

Figures runHandler(const std::filesystem::path &file, const Work &work, std::size_t batch)
{
    removeDatabase(file);
    events::HandlerSettings settings;
    settings.database = file;
    const auto handler = events::makeHandler("orders", settings);
    if (!handler) {
        std::fprintf(stderr, "%s\n", describe(handler.error()).c_str());
        std::exit(1);
    }
    NoProgress progress;
    const std::span<const RecordView> records(work.records);
    return measure([&] {
        for (std::size_t from = 0; from < records.size(); from += batch) {
            const auto part = records.subspan(from, std::min(batch, records.size() - from));
            if ((*handler)->process(part, progress).done != part.size())
                std::abort();
        }
    });
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 2) {
        std::fprintf(stderr, "bench-orders DIRECTORY [--rows N] [--batch N] [--rounds N]\n");
        return 2;
    }
    std::map<std::string, std::size_t> options{
        {"--rows", 200'000}, {"--batch", 500}, {"--rounds", 5}};
    for (int index = 2; index + 1 < argc; index += 2)
        options[argv[index]] = std::strtoul(argv[index + 1], nullptr, 10);
    const std::filesystem::path directory(argv[1]);
    const Work work = prepareWork(options["--rows"]);
    std::vector<Figures> bare;
    std::vector<Figures> handler;
    for (std::size_t round = 0; round <= options["--rounds"]; ++round) {
        const auto one = runBare(directory / "bare.db", work, options["--batch"]);
        const auto other = runHandler(directory / "handler.db", work, options["--batch"]);
        if (round == 0)
            continue; // warms up
        bare.push_back(one);
        handler.push_back(other);
    }
    removeDatabase(directory / "bare.db");
    removeDatabase(directory / "handler.db");
    const Figures a = median(bare);
    const Figures b = median(handler);
    std::printf("%zu orders in transactions of %zu\n", options["--rows"], options["--batch"]);
    std::printf("SQLite alone    wall %.3f s  cpu %.3f s\n", a.wall, a.cpu);
    std::printf("orders handler  wall %.3f s  cpu %.3f s\n", b.wall, b.cpu);
    std::printf("ratio           wall %.2f    cpu %.2f   (limit: wall 1.40)\n", b.wall / a.wall,
                b.cpu / a.cpu);
    return 0;
}
