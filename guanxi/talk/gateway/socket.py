"""One websocket: its sign-in, its frames in, its limits, and what it has been sent."""

from typing import TYPE_CHECKING, Any

from picows import WSFrame, WSListener, WSMsgType, WSTransport

from guanxi.talk.gateway import acts, frames
from guanxi.talk.gateway.limits import BEHIND_SECONDS, EARLY_FRAMES, STRIKES, WRITE_BUFFER, Bucket
from guanxi.talk.gateway.signin import Credentials, Who

if TYPE_CHECKING:
    from guanxi.talk.gateway.process import Gateway

Piece = tuple[int, bytes, "Socket | None"]  # seq, frame, the socket that wrote it and needs only its ack


class Socket(WSListener):
    """`sent` holds per conversation the last seq this client was sent, so that nothing comes twice and a gap becomes a `head`."""

    __slots__ = ("behind_since", "bucket", "early", "gateway", "given", "heard_at", "missed", "sent", "strikes", "transport", "typed_at", "unanswered", "who")

    def __init__(self, gateway: "Gateway", given: Credentials) -> None:
        super().__init__()
        self.gateway = gateway
        self.given: Credentials | None = given
        self.transport: WSTransport | None = None
        self.who: Who | None = None
        self.early: list[bytes] | None = []
        self.heard_at = gateway.loop.time()
        self.bucket = Bucket(gateway.rate, now=self.heard_at)
        self.strikes: Bucket | None = None
        self.behind_since = 0.0
        self.missed: set[str] | None = None
        self.sent: dict[str, int] | None = None
        self.typed_at: dict[str, float] | None = None
        self.unanswered = 0

    # -- opening and closing

    def on_ws_connected(self, transport: WSTransport) -> None:
        self.transport = transport
        transport.underlying_transport.set_write_buffer_limits(high=WRITE_BUFFER)
        self.gateway.opened(self)

    def welcome(self, who: Who | None) -> None:
        """The sign-in was looked up: greet, then serve what came meanwhile; or close."""
        early, self.early, self.given = self.early or [], None, None
        if self.transport is None or self.transport.is_disconnected:
            return
        if who is None:
            self.close(4401, "sign in")
            return
        self.who = who
        self.gateway.signed_in(self)
        self.say(self.gateway.hello(who))
        for raw in early:
            self._serve(raw)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self.gateway.closed(self)

    def close(self, code: int, reason: str) -> None:
        """Say why, then go; a client that does not read is cut off."""
        transport = self.transport
        if transport is None or transport.is_disconnected or transport.is_close_frame_sent:
            return
        transport.send_close(code, reason.encode())  # type: ignore[arg-type]  # any number is right, also ours above 4000
        if self.behind_since:
            transport.underlying_transport.abort()
        else:
            self.gateway.loop.call_later(0.05, transport.disconnect)

    # -- what the client says

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        now = self.heard_at = self.gateway.loop.time()
        kind = frame.msg_type
        if kind == WSMsgType.CLOSE:
            transport.send_close(frame.get_close_code(), frame.get_close_message())
            transport.disconnect()
        elif kind == WSMsgType.TEXT and frame.fin:
            self._hear(frame.get_payload_as_bytes())
        elif kind in (WSMsgType.PING, WSMsgType.PONG):
            self._hear_control(kind, frame.get_payload_as_bytes(), now)
        else:
            self.close(1003, "one text frame a message")

    def _hear_control(self, kind: WSMsgType, payload: bytes, now: float) -> None:
        if not self.bucket.take(now, 1.0):
            self.close(1008, "flood")
        elif kind == WSMsgType.PING and self.transport is not None:
            self.transport.send_pong(payload)

    def _hear(self, raw: bytes) -> None:
        if self.early is None:
            self._serve(raw)
        elif len(self.early) < EARLY_FRAMES and len(raw) < 32768:
            self.early.append(raw)
        else:
            self.close(1008, "wait for hello")

    def _serve(self, raw: bytes) -> None:
        """One frame of a signed-in client."""
        try:
            frame = frames.read(raw)
        except ValueError:
            self.close(1007, "not a JSON object with op")
            return
        key = frames.key_of(frame)
        if not self.gateway.may_speak(self):
            self.refuse(key, "too-often")
            return
        try:
            acts.serve(self, frame)
        except frames.BadFrame as bad:
            self.refuse(key, str(bad))

    def refuse(self, key: str | None, reason: str) -> None:
        """Answer no. Too many of these close the socket."""
        self.say(frames.frame("refused", k=key, reason=reason))
        now = self.gateway.loop.time()
        self.strikes = self.strikes or Bucket(STRIKES / 60, now=now, most=STRIKES)
        if not self.strikes.take(now):
            self.close(1008, reason)

    # -- what the client is told

    def say(self, frame: bytes) -> None:
        """Send what must be said."""
        if self.transport is not None:
            self.transport.send(WSMsgType.TEXT, frame)

    def say_lightly(self, frame: bytes) -> None:
        """Send what may be lost: typing and the like."""
        if not self.behind_since:
            self.say(frame)

    def give(self, c: str, pieces: list[Piece]) -> None:
        """Entries of a conversation, in order: each once; a gap becomes a head, and the client pulls."""
        if self.behind_since:
            self._miss(c)
            return
        sent = self.sent
        if sent is None:
            sent = self.sent = {}
        last = sent.get(c)
        for seq, frame, origin in pieces:
            if last is not None and seq <= last:
                continue
            if last is not None and seq != last + 1:
                last = pieces[-1][0]
                self.say(frames.head(c, last))
                break
            if origin is not self:
                self.say(frame)
            last = seq
        if last is not None:
            sent[c] = last

    def _miss(self, c: str) -> None:
        if self.missed is None:
            self.missed = set()
        self.missed.add(c)

    # -- slow readers

    def pause_writing(self) -> None:
        """Its buffer is full: hear nothing more from it, and remember what it misses."""
        self.behind_since = self.gateway.loop.time()
        self._reading(False)

    def resume_writing(self) -> None:
        self.behind_since = 0.0
        self._reading(True)
        missed, self.missed = self.missed, None
        if missed:
            self.gateway.delivery.catch_up(self, missed)

    def _reading(self, on: bool) -> None:
        transport: Any = self.transport.underlying_transport if self.transport else None
        if transport is not None and not transport.is_closing():
            transport.resume_reading() if on else transport.pause_reading()

    def too_long_behind(self, now: float) -> bool:
        """Whether it has not read for so long that it should come again later."""
        return bool(self.behind_since) and now - self.behind_since > BEHIND_SECONDS
