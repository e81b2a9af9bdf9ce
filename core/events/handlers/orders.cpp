#include "core/events/handlers/storedhandler.h"

namespace redrive::events {

namespace {

constexpr const char *tables = R"(
CREATE TABLE IF NOT EXISTS orders(
    seq INTEGER PRIMARY KEY AUTOINCREMENT, order_id TEXT NOT NULL UNIQUE, created_at TEXT NOT NULL,
    customer_name TEXT NOT NULL, total_price TEXT NOT NULL, currency TEXT NOT NULL, user_id TEXT,
    event_id TEXT, version INTEGER NOT NULL, topic TEXT NOT NULL, partition INTEGER NOT NULL,
    "offset" INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS order_lines(
    order_id TEXT NOT NULL, line INTEGER NOT NULL, product_id TEXT NOT NULL, title TEXT,
    quantity INTEGER NOT NULL, unit_price TEXT NOT NULL, PRIMARY KEY(order_id, line));
)";

/// Keeps orders up to date: each event counts once in `version`, the last one of a partition wins.
class OrdersHandler final : public StoredHandler<Order>
{
public:
    OrdersHandler(const HandlerSettings &settings, std::unique_ptr<Effects> effects)
        : StoredHandler(settings, std::move(effects))
        , m_upsert(database(),
                   R"(INSERT INTO orders(order_id, created_at, customer_name, total_price,)"
                   R"( currency, user_id, event_id, version, topic, partition, "offset"))"
                   R"( VALUES(?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?) ON CONFLICT(order_id) DO UPDATE SET)"
                   R"( created_at = excluded.created_at, customer_name = excluded.customer_name,)"
                   R"( total_price = excluded.total_price, currency = excluded.currency,)"
                   R"( user_id = excluded.user_id, event_id = excluded.event_id,)"
                   R"( version = version + 1, topic = excluded.topic,)"
                   R"( partition = excluded.partition, "offset" = excluded."offset")")
        , m_removeLines(database(), "DELETE FROM order_lines WHERE order_id = ?")
        , m_insertLine(database(), "INSERT INTO order_lines(order_id, line, product_id, title, "
                                   "quantity, unit_price) VALUES(?, ?, ?, ?, ?, ?)")
    {
    }

    std::string_view name() const override { return ordersKind.name; }

protected:
    Reading<Order> read(const RecordView &record, WallTime /*recordedAt*/) const override
    {
        return readOrder(record.value, settings().reading);
    }

    std::string_view idOf(const Order &order) const override
    {
        return order.eventId ? std::string_view(order.eventId->value()) : std::string_view();
    }

    bool write(const Order &order, const RecordView &record, std::string_view /*now*/) override
    {
        const auto textOf = [](const auto &id) {
            return id ? std::optional<std::string_view>(id->value()) : std::nullopt;
        };
        const std::string &id = order.id.value();
        const bool isNew =
            m_upsert.inserts(id, toRfc3339(order.createdAt), order.customerName,
                             order.totalPrice.text(), order.currency.code(), textOf(order.userId),
                             textOf(order.eventId), record.topic, record.partition, record.offset);
        if (!isNew)
            m_removeLines.run(id);
        std::int64_t number = 0;
        for (const OrderLine &line : order.lines)
            m_insertLine.run(id, number++, line.productId, line.title, line.quantity,
                             line.unitPrice.text());
        return true;
    }

private:
    store::Statement m_upsert;
    store::Statement m_removeLines;
    store::Statement m_insertLine;
};

} // namespace

const HandlerKind ordersKind{.name = "orders",
                             .about = "keeps orders and their lines in SQLite",
                             .needsDatabase = true,
                             .make = [](const HandlerSettings &settings) {
                                 return makeStored<OrdersHandler>(ordersKind.name, tables,
                                                                  settings);
                             }};

} // namespace redrive::events
