"""The orders consumer as one would write it in Python, for scripts/bench: confluent-kafka, msgspec, sqlite3.

    python orders_peer.py BOOTSTRAP TOPIC RECORDS DATABASE

At least once with effects once, as Redrive's: the inbox row and the order in one transaction a batch, WAL and
synchronous=FULL, offsets committed behind it.
"""

import sqlite3
import sys
import uuid
from datetime import datetime, timezone
from typing import Optional

import msgspec
from confluent_kafka import Consumer, TopicPartition


class LineItem(msgspec.Struct):
    product_id: str
    quantity: int
    unit_price: msgspec.Raw
    title: Optional[str] = None


class Order(msgspec.Struct):
    order_id: str
    created_at: str
    customer_name: str
    total_price: msgspec.Raw
    event_id: Optional[str] = None
    user_id: Optional[str] = None
    currency: Optional[str] = "EUR"
    line_items: Optional[list[LineItem]] = None


TABLES = """
PRAGMA journal_mode=WAL;
PRAGMA synchronous=FULL;
CREATE TABLE inbox(id TEXT PRIMARY KEY, topic TEXT NOT NULL, partition INTEGER NOT NULL, "offset" INTEGER NOT NULL,
  processed_at TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE orders(seq INTEGER PRIMARY KEY AUTOINCREMENT, order_id TEXT NOT NULL UNIQUE, created_at TEXT NOT NULL,
  customer_name TEXT NOT NULL, total_price TEXT NOT NULL, currency TEXT NOT NULL, user_id TEXT, event_id TEXT,
  version INTEGER NOT NULL, topic TEXT NOT NULL, partition INTEGER NOT NULL, "offset" INTEGER NOT NULL);
CREATE TABLE order_lines(order_id TEXT NOT NULL, line INTEGER NOT NULL, product_id TEXT NOT NULL, title TEXT,
  quantity INTEGER NOT NULL, unit_price TEXT NOT NULL, PRIMARY KEY(order_id, line));
"""
INBOX = "INSERT OR IGNORE INTO inbox VALUES(?, ?, ?, ?, ?)"
UPSERT = """INSERT INTO orders(order_id, created_at, customer_name, total_price, currency, user_id, event_id, version,
  topic, partition, "offset") VALUES(?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?)
  ON CONFLICT(order_id) DO UPDATE SET created_at=excluded.created_at, customer_name=excluded.customer_name,
  total_price=excluded.total_price, version=version+1, partition=excluded.partition, "offset"=excluded."offset" """
LINE = "INSERT OR REPLACE INTO order_lines VALUES(?, ?, ?, ?, ?, ?)"


def main() -> None:
    bootstrap, topic, records, database = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
    store = sqlite3.connect(database, isolation_level=None)
    store.executescript(TABLES)
    decode = msgspec.json.Decoder(Order).decode
    consumer = Consumer({
        "bootstrap.servers": bootstrap,
        "group.id": "peer-" + uuid.uuid4().hex,
        "auto.offset.reset": "earliest",
        "enable.auto.commit": False,
        "fetch.queue.backoff.ms": 10,
    })
    consumer.subscribe([topic])
    done = 0
    ends = {}
    while done < records:
        messages = consumer.consume(500, timeout=0.2)
        if not messages:
            continue
        now = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
        store.execute("BEGIN IMMEDIATE")
        for message in messages:
            if message.error():
                continue
            partition, offset = message.partition(), message.offset()
            order = decode(message.value())
            created = datetime.fromisoformat(order.created_at.replace("Z", "+00:00"))
            if store.execute(INBOX, ("e:" + order.event_id, topic, partition, offset, now)).rowcount == 1:
                store.execute(UPSERT, (
                    order.order_id, created.isoformat(timespec="milliseconds"), order.customer_name,
                    bytes(order.total_price).decode(), order.currency, order.user_id, order.event_id, topic, partition,
                    offset))
                for number, line in enumerate(order.line_items or ()):
                    store.execute(LINE, (order.order_id, number, line.product_id, line.title, line.quantity,
                                         bytes(line.unit_price).decode()))
            ends[partition] = offset + 1
            done += 1
        store.execute("COMMIT")
        positions = [TopicPartition(topic, partition, offset) for partition, offset in ends.items()]
        consumer.commit(offsets=positions, asynchronous=done < records)
    consumer.close()
    print(done)


main()
