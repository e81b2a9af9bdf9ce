"""The same order into typed structs by msgspec, for scripts/bench: prints name and median nanoseconds of CPU.

    python decode_msgspec.py ORDER.json [ROUNDS]

Run with a Python that has msgspec 0.22 (pip install msgspec==0.22.0 in an environment of its own). Prices
become floats, which is the fastest that msgspec has; the fields are those of core/events/messages.h.
"""

import statistics
import sys
import time
from typing import Optional

import msgspec


class LineItem(msgspec.Struct):
    product_id: str
    quantity: int
    unit_price: float
    title: Optional[str] = None


class Order(msgspec.Struct):
    order_id: str
    created_at: str
    customer_name: str
    total_price: float
    event_id: Optional[str] = None
    user_id: Optional[str] = None
    currency: Optional[str] = None
    line_items: Optional[list[LineItem]] = None


def main() -> None:
    with open(sys.argv[1], "rb") as file:
        value = file.read().strip()
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 31
    decode = msgspec.json.Decoder(Order).decode
    orders_a_round = 50_000
    took = []
    for round_ in range(rounds + 1):
        start = time.process_time_ns()
        for _ in range(orders_a_round):
            decode(value)
        if round_ > 0:
            took.append((time.process_time_ns() - start) / orders_a_round)
    print(f"msgspec-{msgspec.__version__} {statistics.median(took):.1f}")


main()
