"""Hints from other processes, read in the loop itself: a connection that only listens."""

import json
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import psycopg
import structlog

from guanxi.talk.gateway.database import connect
from guanxi.talk.hints import CHANNEL

if TYPE_CHECKING:
    from guanxi.talk.gateway.process import Gateway

AGAIN_SECONDS = 1.0

log = structlog.get_logger(__name__)


class Listener:
    """`heard(hint)` is called in the loop. While the connection is away nothing is heard, and the sweep covers it."""

    def __init__(self, gateway: "Gateway", heard: Callable[[dict[str, Any]], None]) -> None:
        self.gateway, self.heard = gateway, heard
        self.connection: psycopg.Connection | None = None
        self.ear = -1  # our own duplicate of its socket: libpq closes its one when the connection is lost, and the number may be taken again

    async def start(self) -> None:
        """Connect and listen; try again later when the database is away."""
        try:
            connection = await self.gateway.loop.run_in_executor(None, listening)
        except (psycopg.Error, OSError) as error:
            log.warning("listen.failed", error=type(error).__name__)
            self._later()
            return
        self.connection = connection
        self.ear = os.dup(connection.fileno())
        self.gateway.loop.add_reader(self.ear, self._read)

    def stop(self) -> None:
        """Stop listening."""
        if self.connection is not None:
            self.gateway.loop.remove_reader(self.ear)
            os.close(self.ear)
            self.connection.close()
            self.connection = None

    def _later(self) -> None:
        self.gateway.loop.call_later(AGAIN_SECONDS, lambda: self.gateway.loop.create_task(self.start()))

    def _read(self) -> None:
        connection = self.connection
        if connection is None:
            return
        try:
            connection.pgconn.consume_input()
            while notify := connection.pgconn.notifies():
                self._hear(notify.extra)
        except psycopg.Error as error:
            log.warning("listen.lost", error=type(error).__name__)
            self.stop()
            self._later()

    def _hear(self, payload: bytes) -> None:
        try:
            hint = json.loads(payload)
        except ValueError:
            hint = None
        if isinstance(hint, dict):
            self.heard(hint)


def listening() -> psycopg.Connection:
    """A connection that listens. Raises psycopg.Error."""
    connection = connect("listener", synchronous=False)
    connection.execute(f"LISTEN {CHANNEL}")
    return connection
