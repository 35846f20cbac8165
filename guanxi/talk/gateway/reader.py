"""The reading thread: small jobs on one connection, in order, each answered in the loop."""

import asyncio
import queue
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

import psycopg
import structlog

from guanxi.talk.gateway.database import connect

log = structlog.get_logger(__name__)
T = TypeVar("T")
Job = tuple[Callable[[psycopg.Connection], Any], Callable[[Any], None] | None, Callable[[], None] | None]


class Reader:
    """`ask(work, then)`: `work(connection)` runs here, `then(result)` in the loop. A lost connection is made again and the job repeated."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self.connection: psycopg.Connection | None = None
        self.thread = threading.Thread(target=self._run, name="reader", daemon=True)

    def ask(self, work: Callable[[psycopg.Connection], T], then: Callable[[T], None] | None = None, *, failed: Callable[[], None] | None = None) -> None:
        """Queue a read; `failed` is called in the loop when the database stayed away."""
        self.jobs.put((work, then, failed))

    def stop(self) -> None:
        """End after the jobs that wait now."""
        self.jobs.put(None)

    def _run(self) -> None:
        while (job := self.jobs.get()) is not None:
            self._do(*job)
        if self.connection is not None:
            self.connection.close()

    def _do(self, work: Callable[[psycopg.Connection], Any], then: Callable[[Any], None] | None, failed: Callable[[], None] | None) -> None:
        for pause in (0.1, 0.5, 0.0):
            try:
                self.connection = self.connection or connect("reader", synchronous=False)
                result = work(self.connection)
            except psycopg.Error as error:
                log.warning("read.failed", error=type(error).__name__, state=error.sqlstate)
                if self.connection is not None and (self.connection.broken or self.connection.closed):
                    self.connection = None
                time.sleep(pause)
            else:
                if then is not None:
                    self.loop.call_soon_threadsafe(then, result)
                return
        if failed is not None:
            self.loop.call_soon_threadsafe(failed)
