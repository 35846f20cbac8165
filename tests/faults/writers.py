"""Writers and listeners of a storm: they follow the protocol as a client should, and note down what they saw."""

import contextlib
import json
import random
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from tests.faults.history import Operation
from tests.faults.processes import Gateway, Web

PATIENCE = 20.0  # seconds a writer keeps trying one text
ANSWER = 3.0  # seconds before a try counts as lost
Pull = Callable[[str, int], list[tuple[int, str]]]
AGAIN = ("busy", "too-often")


@dataclass
class Seat:
    """Who writes, for which company, where; the header of his token."""

    company: str
    conversations: list[str]
    headers: dict[str, str]


@dataclass
class Log:
    """What all writers did; `name` tells their words from those of an earlier test."""

    name: str = ""
    operations: list[Operation] = field(default_factory=list)
    repeats: int = 0
    wrong: list[str] = field(default_factory=list)


class Writer(threading.Thread, ABC):
    """One text after the other; after a lost answer the same key again, perhaps at another process; sometimes it gives up."""

    def __init__(self, number: int, seat: Seat, log: Log, *, seed: int, stop: threading.Event, pause: float = 0.01) -> None:
        super().__init__(name=f"writer-{number}", daemon=True)
        self.pause = pause
        self.number, self.seat, self.log, self.stopped = number, seat, log, stop
        self.chance = random.Random(seed * 1000 + number)

    def run(self) -> None:
        count = 0
        while not self.stopped.is_set():
            count += 1
            text = f"writer-{self.log.name}{self.number}-{count}"
            one = Operation(self.number, self.chance.choice(self.seat.conversations), text, time.monotonic())
            self.log.operations.append(one)
            self._write(one)
            if one.outcome == "ok" and self.chance.random() < 0.05:
                self._repeat(one)
            time.sleep(self.chance.random() * self.pause)
        self.leave()

    def _write(self, one: Operation) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            one.tries += 1
            answer = self.ask(one)
            if isinstance(answer, int):
                one.outcome, one.seq, one.ended = "ok", answer, time.monotonic()
                return
            if answer and answer not in AGAIN:
                one.outcome, one.ended = "refused", time.monotonic()
                self.log.wrong.append(f"{one.text}: refused as {answer}")
                return
            if not answer and self.chance.random() < 0.1:
                return
            time.sleep(0.05)

    def _repeat(self, one: Operation) -> None:
        """T3: the key of something acknowledged, once more."""
        answer = self.ask(one)
        self.log.repeats += isinstance(answer, int)
        if isinstance(answer, int) and answer != one.seq:
            self.log.wrong.append(f"T3 {one.text}: first seq {one.seq}, then {answer}")

    @abstractmethod
    def ask(self, one: Operation) -> int | str:
        """The seq, the reason of a refusal, or an empty text when no answer came."""

    def leave(self) -> None:
        """Close what is open."""


class SocketWriter(Writer):
    """Writes over the websocket of one of these gateways."""

    def __init__(self, *args: Any, gateways: list[Gateway], **options: Any) -> None:
        super().__init__(*args, **options)
        self.gateways = gateways
        self.link: ClientConnection | None = None

    def ask(self, one: Operation) -> int | str:
        body = {"op": "send", "c": one.conversation, "as": self.seat.company, "k": one.text, "kind": "text", "body": {"text": one.text}}
        try:
            self.link = self.link or open_link(self.chance.choice(self.gateways), self.seat.headers)
            self.link.send(json.dumps(body))
            return self._answer(one.text, time.monotonic() + ANSWER)
        except (OSError, WebSocketException, TimeoutError):
            self.leave()
            return ""

    def _answer(self, key: str, until: float) -> int | str:
        while self.link is not None:
            frame = json.loads(self.link.recv(timeout=max(0.001, until - time.monotonic())))
            if frame.get("k") == key:
                return int(frame["seq"]) if frame["op"] == "ack" else str(frame["reason"])
        return ""

    def leave(self) -> None:
        if self.link is not None:
            with contextlib.suppress(Exception):
                self.link.close_socket()
        self.link = None


class ApiWriter(Writer):
    """Writes through POST /api/v1/conversations/{id}/entries with an Idempotency-Key."""

    def __init__(self, *args: Any, webs: list[Web], **options: Any) -> None:
        super().__init__(*args, **options)
        self.webs = webs

    def ask(self, one: Operation) -> int | str:
        link = HTTPConnection("127.0.0.1", self.chance.choice(self.webs).port, timeout=ANSWER)
        headers = self.seat.headers | {"Content-Type": "application/json", "Idempotency-Key": one.text}
        try:
            link.request("POST", f"/api/v1/conversations/{one.conversation}/entries", json.dumps({"text": one.text}), headers)
            answer = link.getresponse()
            found = json.loads(answer.read() or b"{}")
        except (OSError, HTTPException, ValueError):
            return ""
        finally:
            link.close()
        if answer.status == 200:
            return int(found["seq"])
        return "busy" if answer.status in (429, 502, 503) else f"{answer.status} {found}"


class Listener(threading.Thread):
    """A device: takes entries in order, pulls what is missing, syncs after every break (T6)."""

    def __init__(self, gateways: list[Gateway], headers: dict[str, str], pull: Pull, *, seed: int, stop: threading.Event) -> None:
        super().__init__(name="listener", daemon=True)
        self.gateways, self.headers, self.pull, self.stopped = gateways, headers, pull, stop
        self.chance = random.Random(seed)
        self.mine: dict[str, list[tuple[int, str]]] = {}
        self.cursor: str | None = None
        self.live = self.breaks = 0

    def run(self) -> None:
        while not self.stopped.is_set():
            with contextlib.suppress(OSError, WebSocketException, TimeoutError):
                self._listen()
            self.breaks += 1
            time.sleep(0.05)

    def _listen(self) -> None:
        with contextlib.closing(open_link(self.chance.choice(self.gateways), self.headers)) as link:
            link.send(json.dumps({"op": "sync", "cursor": self.cursor}))
            while not self.stopped.is_set():
                try:
                    self.hear(json.loads(link.recv(timeout=0.5)), link)
                except TimeoutError:
                    continue

    def hear(self, frame: dict[str, Any], link: ClientConnection | None = None) -> None:
        """As the browser's client does."""
        if frame["op"] == "entry":
            self._entry(frame["c"], frame["seq"], str(frame["body"].get("text", "")))
        elif frame["op"] == "head":
            self.catch_up(frame["c"], frame["seq"])
        elif frame["op"] == "heads":
            self.cursor = frame["cursor"]
            for conversation, head in frame["heads"].items():
                self.catch_up(conversation, head)
            if frame["more"] and link is not None:
                link.send(json.dumps({"op": "sync", "cursor": self.cursor}))

    def _entry(self, conversation: str, seq: int, text: str) -> None:
        mine = self.mine.setdefault(conversation, [])
        if seq == len(mine) + 1:
            mine.append((seq, text))
            self.live += 1
        else:
            self.catch_up(conversation, seq)

    def catch_up(self, conversation: str, head: int) -> None:
        """Pull until this head is reached."""
        mine = self.mine.setdefault(conversation, [])
        while len(mine) < head:
            mine += self.pull(conversation, len(mine))


def open_link(gateway: Gateway, headers: dict[str, str]) -> ClientConnection:
    """A greeted socket."""
    link: ClientConnection = connect(gateway.address, additional_headers=headers, open_timeout=ANSWER, proxy=None, max_queue=None, legacy=True)
    link.recv(timeout=ANSWER)
    return link
