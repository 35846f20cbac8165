"""The commit thread: what arrives while one batch commits is the next batch. Never a false ack, and no refusal while the outcome is unknown."""

import threading
import time
from collections.abc import Callable

import psycopg
import structlog

from guanxi.base import clock
from guanxi.talk.gateway.append import Appended, Ask, append
from guanxi.talk.gateway.database import connect

BATCH = 500  # asks
TRIES = 3
HELD_SECONDS = 2.0  # how long an ask waits for a conversation that somebody holds, as a turn's lock_timeout
PAUSES = (0.1, 0.6, 2.0)  # seconds before the next try after a lost connection; PostgreSQL needs two to recover (quality.md F5)

log = structlog.get_logger(__name__)
Tell = Callable[[list[Ask], Appended], None]


class Writer:
    """Appends batches on its own connection and tells their outcomes; `tell` is called in this thread."""

    def __init__(self, tell: Tell) -> None:
        self.tell = tell
        self.asks: list[Ask] = []
        self.changed = threading.Condition()
        self.stopping = False
        self.connection: psycopg.Connection | None = None
        self.thread = threading.Thread(target=self._run, name="writer", daemon=True)

    def put(self, ask: Ask) -> None:
        """One more for the next batch."""
        with self.changed:
            self.asks.append(ask)
            self.changed.notify()

    def stop(self) -> None:
        """Finish what is waiting, then end."""
        with self.changed:
            self.stopping = True
            self.changed.notify()

    def _take(self) -> list[Ask]:
        with self.changed:
            while not self.asks and not self.stopping:
                self.changed.wait()
            batch, self.asks = self.asks[:BATCH], self.asks[BATCH:]
            return batch

    def _run(self) -> None:
        while batch := self._take():
            self._settle(batch)
        if self.connection is not None:
            self.connection.close()

    def _settle(self, batch: list[Ask]) -> None:
        """Append, tell, and put back those whose conversation is held by somebody else, in front and in order."""
        appended = self._append(batch)
        later = [ask for ask in batch if ask.outcome == "later"]
        for ask in later:
            if time.monotonic() - ask.since > HELD_SECONDS:
                ask.outcome = "busy"
        self.tell([ask for ask in batch if ask.outcome != "later"], appended)
        if waiting := [ask for ask in later if ask.outcome == "later"]:
            with self.changed:
                self.asks[:0] = waiting
            time.sleep(0.005)

    def _append(self, batch: list[Ask]) -> Appended:
        """Try three times. After a lost connection the same batch is asked again by its keys; unanswered, its outcome stays unknown."""
        known = True
        for pause in PAUSES:
            try:
                self.connection = self.connection or connect("writer")
                return append(self.connection, batch, now=clock.now())
            except psycopg.Error as error:
                lost = self.connection is None or self.connection.broken or self.connection.closed
                log.warning("batch.failed", error=type(error).__name__, state=error.sqlstate, asks=len(batch), lost=bool(lost))
                known = known and not (lost and self.connection is not None)
                if not lost and not self._rolled_back():
                    known = False
                if not lost and error.sqlstate not in ("40001", "40P01", "55P03", "23505"):
                    return self._apart(batch)
                self._wait(pause if lost else 0.01)
        for ask in batch:
            ask.outcome = "busy" if known else "unknown"
        return Appended({})

    def _rolled_back(self) -> bool:
        try:
            if self.connection is not None:
                self.connection.rollback()
        except psycopg.Error:
            self.connection = None
            return False
        return True

    def _apart(self, batch: list[Ask]) -> Appended:
        """Something in this batch cannot be stored: ask one by one, so that only the culprit is refused."""
        if len(batch) == 1:
            batch[0].outcome = "busy"
            return Appended({})
        parties = [self._append([ask]).parties for ask in batch]
        return Appended({c: found for one in parties for c, found in one.items()})

    def _wait(self, pause: float) -> None:
        if self.connection is not None and (self.connection.broken or self.connection.closed):
            self.connection = None
        time.sleep(pause)
