"""Hints between processes: which conversations have a new head, whose people changed, which devices changed.

A hint goes out after the commit, never inside it: gathered for 10 ms in this process and sent by one thread as one NOTIFY, on a
connection that need not wait for the disk. A lost hint costs nothing but time: gateways look for changed heads every 5 s (quality.md R17).
"""

import json
import os
import threading
import time
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import psycopg
import structlog

from guanxi.base.db import conninfo

CHANNEL = "guanxi_hint"
WORK = "guanxi_work"  # the mover listens here alone: texts make no work for it
GATHER_SECONDS = 0.01
MOST_HEADS = 100  # NOTIFY takes 8,000 bytes; a head is about 50
MOST_EVENTS = 1000  # gathered at once; what passes may be lost

log = structlog.get_logger(__name__)


class Notifier:
    """The sending thread of one process; made again after a fork."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.lock = threading.Lock()
        self.wake = threading.Event()
        self.heads: dict[str, int] = {}
        self.companies: set[str] = set()
        self.devices: set[str] = set()
        self.events: list[list[Any]] = []
        self.work = False
        threading.Thread(target=self._send_forever, name="hints", daemon=True).start()

    def put(self, heads: Mapping[UUID, int], companies: Iterable[UUID], devices: Iterable[UUID]) -> None:
        with self.lock:
            for conversation, head in heads.items():
                self.heads[str(conversation)] = max(head, self.heads.get(str(conversation), 0))
            self.companies.update(map(str, companies))
            self.devices.update(map(str, devices))
        self.wake.set()

    def put_event(self, event: list[Any]) -> None:
        with self.lock:
            if len(self.events) < MOST_EVENTS:
                self.events.append(event)
        self.wake.set()

    def put_work(self) -> None:
        self.work = True
        self.wake.set()

    def take_work(self) -> bool:
        """Whether effects were asked for since the last look."""
        wanted, self.work = self.work, False
        return wanted

    def take(self) -> list[str]:
        """What has gathered, as payloads small enough for NOTIFY."""
        with self.lock:
            heads, self.heads = list(self.heads.items()), {}
            companies, self.companies = sorted(self.companies), set()
            devices, self.devices = sorted(self.devices), set()
            events, self.events = self.events, []
        payloads = [json.dumps({"c": dict(heads[n : n + MOST_HEADS])}) for n in range(0, len(heads), MOST_HEADS)]
        payloads += [json.dumps({"p": companies[n : n + MOST_HEADS]}) for n in range(0, len(companies), MOST_HEADS)]
        payloads += [json.dumps({"d": devices[n : n + MOST_HEADS]}) for n in range(0, len(devices), MOST_HEADS)]
        payloads += [json.dumps({"from": origin(), "e": events[n : n + 20]}) for n in range(0, len(events), 20)]
        return payloads

    def _send_forever(self) -> None:
        connection: psycopg.Connection | None = None
        while True:
            self.wake.wait()
            time.sleep(GATHER_SECONDS)
            self.wake.clear()
            try:
                connection = connection or connect()
                for payload in self.take():
                    connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, payload))
                if self.take_work():
                    connection.execute("SELECT pg_notify(%s, '')", (WORK,))
            except psycopg.Error as error:
                log.warning("hint.lost", error=type(error).__name__)
                connection = None


_notifier: Notifier | None = None
_making = threading.Lock()


def notifier() -> Notifier:
    """This process's notifier."""
    global _notifier
    with _making:
        if _notifier is None or _notifier.pid != os.getpid():
            _notifier = Notifier()
        return _notifier


def connect() -> psycopg.Connection:
    """A connection of our own, outside Django's transactions, that need not wait for the disk."""
    return psycopg.connect(**conninfo("hints"), autocommit=True, options="-c synchronous_commit=off")


def announce(heads: Mapping[UUID, int]) -> None:
    """These conversations have these heads now. Call after commit."""
    notifier().put(heads, (), ())


def work_waits() -> None:
    """The outbox has something new: the mover need not wait for its next look. Call after commit."""
    notifier().put_work()


def people_changed(companies: Iterable[UUID]) -> None:
    """Somebody joined, left or changed role: sockets look again who may listen. Call after commit."""
    notifier().put({}, companies, ())


def devices_changed(devices: Iterable[UUID]) -> None:
    """These devices ended, or act for another company: their sockets look again. Call after commit."""
    notifier().put({}, (), devices)


def passing(event: list[Any]) -> None:
    """Something the gateways tell and forget.

    ["typing", conversation, person, name, company or None], ["read", conversation, person, seq] or ["gone", conversation, person].
    """
    notifier().put_event(event)


def origin() -> str:
    """Names this process, so that it can know its own events."""
    return f"{os.getpid()}-{id(notifier())}"
