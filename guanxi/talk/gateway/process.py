"""One gateway process: the loop with its sockets, the commit thread, the reading thread, the listener, the sweep."""

import asyncio
import contextlib
import signal
import sys
import time
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from picows import WSUpgradeRequest, ws_create_server

from guanxi.base import clock, counted
from guanxi.talk import hints, sync
from guanxi.talk.gateway import door, frames, limits, signin
from guanxi.talk.gateway.append import Appended, Ask
from guanxi.talk.gateway.catcher import Catcher, by_conversation
from guanxi.talk.gateway.delivery import Delivery
from guanxi.talk.gateway.limits import Bucket
from guanxi.talk.gateway.listen import Listener
from guanxi.talk.gateway.positions import Positions
from guanxi.talk.gateway.reader import Reader
from guanxi.talk.gateway.signin import Who
from guanxi.talk.gateway.socket import Socket
from guanxi.talk.gateway.sweep import Sweep
from guanxi.talk.gateway.writer import Writer

BACKLOG = 1024
DRAIN_SECONDS = 8.0

log = structlog.get_logger(__name__)


class Gateway:
    """`sockets` are all open ones, `people` the signed-in ones by person."""

    def __init__(self, loop: asyncio.AbstractEventLoop, *, rate: float) -> None:
        self.loop, self.rate = loop, rate
        self.sockets: set[Socket] = set()
        self.people: dict[str, list[Socket]] = {}
        self.buckets: dict[str, Bucket] = {}
        self.stopping = False
        self.reader = Reader(loop)
        self.writer = Writer(self._tell)
        self.catcher = Catcher(self)
        self.delivery = Delivery(self)
        self.positions = Positions(self)
        self.listener = Listener(self, self._heard)
        self.sweep = Sweep(self)
        self.clock = time.monotonic

    async def run(self, host: str, port: int) -> None:
        """Serve until SIGTERM or SIGINT, then drain."""
        over = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            self.loop.add_signal_handler(number, over.set)
        self.reader.thread.start()
        self.writer.thread.start()
        await self.listener.start()
        server = await self._serve(host, port)
        sweeping = self.loop.create_task(self.sweep.run())
        log.info("gateway.ready", host=host, port=port)
        await over.wait()
        server.close()
        sweeping.cancel()
        await self._drain()
        with contextlib.suppress(asyncio.CancelledError):
            await sweeping

    async def _serve(self, host: str, port: int) -> asyncio.Server:
        def entered(request: WSUpgradeRequest) -> door.Answer:
            return door.enter(self, request)

        return await ws_create_server(
            entered, host, port, reuse_port=True, backlog=BACKLOG, enable_auto_pong=False, max_frame_size=limits.FRAME_BYTES,
            read_buffer_init_size=2048, websocket_handshake_timeout=10, disconnect_on_exception=True,
        )  # fmt: skip

    async def _drain(self) -> None:
        """Finish the batch and its acks, then ask everybody to come again."""
        self.stopping = True
        self.writer.stop()
        await self.loop.run_in_executor(None, self.writer.thread.join, DRAIN_SECONDS)
        await asyncio.sleep(0.05)
        for socket in list(self.sockets):
            socket.close(1012, "restart")
        self.listener.stop()
        self.reader.stop()
        await asyncio.sleep(0.2)

    def ready(self) -> bool:
        """Whether the database connections stand."""
        return self.listener.connection is not None and self.writer.thread.is_alive() and self.reader.thread.is_alive()

    # -- sockets come and go

    def opened(self, socket: Socket) -> None:
        """Look up who it is; frames that come meanwhile wait in the socket."""
        self.sockets.add(socket)
        counted.SOCKETS.set(len(self.sockets))
        given = socket.given
        if given is not None:
            self.reader.ask(lambda connection: signin.find(connection, given), socket.welcome, failed=lambda: socket.close(1013, "database away"))

    def signed_in(self, socket: Socket) -> None:
        """Register it under its person; the oldest of too many goes."""
        if socket.who is not None:
            mine = self.people.setdefault(socket.who.person, [])
            mine.append(socket)
            if len(mine) > limits.SOCKETS_PER_PERSON:
                mine[0].close(1008, "too many sockets")

    def closed(self, socket: Socket) -> None:
        """It is gone."""
        self.sockets.discard(socket)
        counted.SOCKETS.set(len(self.sockets))
        if socket.who is None:
            return
        mine = self.people.get(socket.who.person, [])
        if socket in mine:
            mine.remove(socket)
        if not mine:
            self.people.pop(socket.who.person, None)
            self.buckets.pop(socket.who.person, None)

    def may_speak(self, socket: Socket) -> bool:
        """The token buckets of the socket and, twice as wide, of its person."""
        now = self.loop.time()
        if self.stopping or socket.who is None or not socket.bucket.take(now):
            return False
        person = self.buckets.get(socket.who.person)
        if person is None:
            person = self.buckets[socket.who.person] = Bucket(self.rate * 2, now=now)
        return person.take(now)

    def hello(self, who: Who) -> bytes:
        """The greeting: limits, and the cursor of somebody who has everything up to now."""
        bounds = {"frame": limits.FRAME_BYTES, "text": 5000, "rate": self.rate}
        return frames.frame("hello", v=1, person=who.person, limits=bounds, cursor=sync.start(clock.now()))

    # -- what happened

    def _tell(self, asks: list[Ask], appended: Appended) -> None:
        """Called in the commit thread."""
        self.loop.call_soon_threadsafe(self._told, asks, appended)

    def _told(self, asks: list[Ask], appended: Appended) -> None:
        for ask in asks:
            self._answer(ask)
        grown = by_conversation(asks)
        counted.BATCHES.inc()
        counted.TEXTS.inc(sum(map(len, grown.values())))
        for c, some in grown.items():
            self.catcher.appended(c, appended.parties[c], some)
        if grown:
            hints.announce({UUID(c): some[-1].seq for c, some in grown.items()})

    def _answer(self, ask: Ask) -> None:
        socket: Socket = ask.socket
        socket.unanswered -= 1
        if ask.outcome in ("new", "again"):
            socket.say(frames.ack(ask.k, ask.c, ask.seq, ask.at))
        elif ask.outcome == "unknown":  # neither yes nor no would be true: the client asks again by its key
            socket.close(1013, "database away")
        else:
            socket.say(frames.frame("refused", k=ask.k, reason=ask.outcome))

    def _heard(self, hint: dict[str, Any]) -> None:
        """A hint of any process, our own included."""
        for c, head in hint.get("c", {}).items():
            self.catcher.hinted(c, head)
        if companies := hint.get("p"):
            self.sweep.people_changed(companies)
        if devices := hint.get("d"):
            self.sweep.sign_ins(only=devices)
        if hint.get("from") != hints.origin():
            for kind, *rest in hint.get("e", []):
                self._passing(kind, rest)

    def _passing(self, kind: str, rest: list[Any]) -> None:
        if kind == "typing":
            c, person, name, company = rest
            self.delivery.typing(c, person, name, company=company, here=False)
        elif kind == "read":
            c, person, seq = rest
            self.delivery.moved(c, person, seq, here=False)
        elif kind == "gone":
            c, person = rest
            for socket in self.people.get(person, ()):
                socket.say(frames.frame("gone", c=c))

    def sync(self, socket: Socket, cursor: str) -> None:
        """Answer with the heads that changed since the cursor."""
        who, now = socket.who, clock.now()
        if who is None:
            return

        def work(connection: Any) -> sync.Heads:
            def execute(sql: str, params: dict[str, Any]) -> Any:
                return connection.execute(sql, params).fetchall()

            return sync.page(execute, person=who.person, company=who.company, cursor=cursor, now=now)

        def then(found: sync.Heads) -> None:
            socket.say(frames.frame("heads", heads=found.heads, cursor=found.cursor, more=found.more))

        self.reader.ask(work, then)


def serve() -> None:
    """Run one gateway process on HOST:GATEWAY_PORT."""
    import uvloop

    sys.setswitchinterval(0.001)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:

        async def main() -> None:
            gateway = Gateway(asyncio.get_running_loop(), rate=settings.TALK_RATE)
            await gateway.run(settings.HOST, settings.GATEWAY_PORT)

        runner.run(main())
