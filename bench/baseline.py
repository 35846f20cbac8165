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
CREATE TABLE IF NOT EXISTS orders (id uuid PRIMARY KEY, talk uuid NOT NULL, number text NOT NULL UNIQUE, total bigint NOT NULL, at timestamptz NOT NULL);
CREATE TABLE IF NOT EXISTS line (id uuid PRIMARY KEY, orders uuid NOT NULL REFERENCES orders, n int NOT NULL, name text NOT NULL,
  quantity numeric(18,4) NOT NULL, price numeric(18,6) NOT NULL, total bigint NOT NULL);
CREATE TABLE IF NOT EXISTS transfer (id uuid PRIMARY KEY, talk uuid NOT NULL, debit text NOT NULL, credit text NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0), at timestamptz NOT NULL);
CREATE TABLE IF NOT EXISTS stock (sku int PRIMARY KEY, free bigint NOT NULL CHECK (free >= 0));
INSERT INTO stock SELECT n, 1000000000 FROM generate_series(1, 5) n ON CONFLICT DO NOTHING;
"""
DROP = "DROP SCHEMA IF EXISTS bench_bare CASCADE"
ENTRY = "INSERT INTO entry VALUES (%s, %s, 'text', %s, %s, now())"
BODY = json.dumps({"text": "M8×30 有现货吗？今天能发吗"})


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
        self.talk, self.person = uuid7(), uuid7()
        self.connection.execute("INSERT INTO talk (id) VALUES (%s)", (self.talk,))
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
            cursor.execute("INSERT INTO orders VALUES (%s, %s, %s, 1400000, now())", (order, self.talk, order.hex))
            for n in range(1, 6):
                cursor.execute("INSERT INTO line VALUES (%s, %s, %s, 'bolt', 20000, 0.46, 280000)", (uuid7(), order, n))
                cursor.execute("UPDATE stock SET free = free - 1 WHERE sku = %s", (n,))
            for _n in range(4):
                cursor.execute("INSERT INTO transfer VALUES (%s, %s, 'clearing', 'escrow', 350000, now())", (uuid7(), self.talk))
            for n in range(2):
                cursor.execute(ENTRY, (self.talk, head - n, self.person, BODY))
