"""What the bare transactions cost by hand with psycopg, beside which everything else is measured.

A: lock a row, insert one entry, commit synced (alone, and in batches of 10 and 100). B: an order with 5 lines, 4 transfers, 2 entries and stock.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass

import psycopg
from uuid6 import uuid7

from bench.processes import cpu_seconds, own_cpu_seconds

SCHEMA = """
CREATE SCHEMA IF NOT EXISTS bench_bare;
SET search_path TO bench_bare;
CREATE TABLE IF NOT EXISTS talk (id uuid PRIMARY KEY, head bigint NOT NULL DEFAULT 0, at timestamptz NOT NULL DEFAULT now());
CREATE TABLE IF NOT EXISTS entry (talk uuid, seq bigint, kind text NOT NULL, by_person uuid, body jsonb NOT NULL, at timestamptz NOT NULL,
  PRIMARY KEY (talk, seq));
CREATE TABLE IF NOT EXISTS company (id uuid PRIMARY KEY, name text NOT NULL);
CREATE TABLE IF NOT EXISTS orders (id uuid PRIMARY KEY, talk uuid NOT NULL REFERENCES talk, buyer uuid NOT NULL REFERENCES company,
  supplier uuid NOT NULL REFERENCES company, number text NOT NULL UNIQUE, total bigint NOT NULL CHECK (total > 0), at timestamptz NOT NULL);
CREATE INDEX IF NOT EXISTS orders_bought ON orders (buyer, at);
CREATE INDEX IF NOT EXISTS orders_sold ON orders (supplier, at);
CREATE TABLE IF NOT EXISTS line (id uuid PRIMARY KEY, orders uuid NOT NULL REFERENCES orders, n int NOT NULL, name text NOT NULL,
  quantity numeric(18,4) NOT NULL, price numeric(18,6) NOT NULL, total bigint NOT NULL, UNIQUE (orders, n));
CREATE TABLE IF NOT EXISTS account (talk uuid NOT NULL REFERENCES talk, name text NOT NULL, balance bigint NOT NULL CHECK (balance >= 0),
  PRIMARY KEY (talk, name));
CREATE TABLE IF NOT EXISTS transfer (id uuid PRIMARY KEY, talk uuid NOT NULL, orders uuid NOT NULL REFERENCES orders, debit text NOT NULL,
  credit text NOT NULL, amount bigint NOT NULL CHECK (amount > 0), at timestamptz NOT NULL,
  FOREIGN KEY (talk, debit) REFERENCES account, FOREIGN KEY (talk, credit) REFERENCES account);
CREATE INDEX IF NOT EXISTS transfer_of ON transfer (orders);
CREATE TABLE IF NOT EXISTS stock (sku int PRIMARY KEY, free bigint NOT NULL CHECK (free >= 0));
INSERT INTO stock SELECT n, 1000000000 FROM generate_series(1, 5) n ON CONFLICT DO NOTHING;
"""
DROP = "DROP SCHEMA IF EXISTS bench_bare CASCADE"
ENTRY = "INSERT INTO entry VALUES (%s, %s, 'text', %s, %s, now())"
BODY = json.dumps({"text": "M8×30 有现货吗？今天能发吗"})
LINES = [{"n": n, "name": f"Bolt {n}", "spec": f"M8x{n}0", "unit": "pc", "quantity": "1000", "price": "0.28", "total": 28000} for n in range(1, 6)]
TOTAL = sum(line["total"] for line in LINES)
# Into escrow, released, a fee taken, paid out: debit account with its change, credit account with its change, amount.
MOVES = (("clearing", 1, "escrow", 1, TOTAL), ("escrow", -1, "payable", 1, TOTAL), ("payable", -1, "fee", 1, 100), ("payable", -1, "clearing", -1, TOTAL - 100))
BALANCE = "UPDATE account SET balance = balance + CASE name WHEN %s THEN %s ELSE %s END WHERE talk = %s AND name IN (%s, %s)"


@dataclass(frozen=True)
class Cost:
    """CPU of client and database a unit, and the time it took, in milliseconds."""

    cpu_ms: float
    wall_ms: float


class Bare:
    """The two baselines on one connection to the measured server's own database."""

    def __init__(self, url: str, server: int) -> None:
        self.url, self.connection = url, psycopg.connect(url)
        self.connection.execute(SCHEMA)
        self.talk, self.person, self.buyer, self.supplier = (uuid7() for _n in range(4))
        self.connection.execute("INSERT INTO talk (id) VALUES (%s)", (self.talk,))
        self.connection.execute("INSERT INTO company VALUES (%s, 'Buyer'), (%s, 'Supplier')", (self.buyer, self.supplier))
        self.connection.execute("INSERT INTO account SELECT %s, unnest(ARRAY['clearing', 'escrow', 'payable', 'fee']), 0", (self.talk,))
        self.connection.commit()
        self.server = server

    def close(self) -> None:
        self.connection.rollback()
        self.connection.execute(DROP)
        self.connection.commit()
        self.connection.close()

    def tidy(self) -> None:
        """Vacuum now what the last measurement wrote, so that the database does not begin to in the midst of the next."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")

    def a(self, rounds: int, batch: int = 1) -> Cost:
        """One entry's share of a transaction that appends `batch` entries."""
        return self._measure(lambda: self._append(batch), rounds, batch)

    def b(self, rounds: int) -> Cost:
        """One order."""
        return self._measure(self._order, rounds, 1)

    def _measure(self, work: Callable[[], None], rounds: int, batch: int) -> Cost:
        for _warm in range(20):
            work()
        before, own, started = cpu_seconds(self.server), own_cpu_seconds(), time.perf_counter()
        for _round in range(rounds):
            work()
        wall = time.perf_counter() - started
        cpu = cpu_seconds(self.server) - before + own_cpu_seconds() - own
        return Cost(cpu_ms=cpu * 1000 / rounds / batch, wall_ms=wall * 1000 / rounds / batch)

    def _append(self, batch: int) -> None:
        with self.connection.transaction(), self.connection.cursor() as cursor:
            head = self._lock(cursor, batch)
            cursor.executemany(ENTRY, [(self.talk, head - n, self.person, BODY) for n in range(batch)])

    def _lock(self, cursor: psycopg.Cursor, more: int) -> int:
        cursor.execute("UPDATE talk SET head = head + %s, at = now() WHERE id = %s RETURNING head", (more, self.talk))
        return cursor.fetchone()[0]

    def _order(self) -> None:
        order = uuid7()
        with self.connection.transaction(), self.connection.cursor() as cursor:
            head = self._lock(cursor, 2)
            cursor.execute(
                "INSERT INTO orders VALUES (%s, %s, %s, %s, %s, %s, now())", (order, self.talk, self.buyer, self.supplier, f"DD-{order.hex[-12:]}", TOTAL)
            )
            for line in LINES:
                row = (uuid7(), order, line["n"], line["name"], line["quantity"], line["price"], line["total"])
                cursor.execute("INSERT INTO line VALUES (%s, %s, %s, %s, %s, %s, %s)", row)
                self._take(cursor, line["n"])
            for debit, debited, credit, credited, amount in MOVES:
                cursor.execute(BALANCE, (debit, debited * amount, credited * amount, self.talk, debit, credit))
                cursor.execute("INSERT INTO transfer VALUES (%s, %s, %s, %s, %s, %s, now())", (uuid7(), self.talk, order, debit, credit, amount))
            for n in range(2):
                body = {"v": 1, "order": str(order), "total": TOTAL, "currency": "CNY", "lines": LINES}
                cursor.execute(ENTRY, (self.talk, head - n, self.person, json.dumps(body)))

    def _take(self, cursor: psycopg.Cursor, sku: int) -> None:
        cursor.execute("UPDATE stock SET free = free - 1 WHERE sku = %s AND free >= 1", (sku,))
        if cursor.rowcount != 1:
            raise RuntimeError("nothing left")
