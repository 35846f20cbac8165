"""What a frame of a client asks for."""

from typing import TYPE_CHECKING, Any

from guanxi.talk.gateway import frames
from guanxi.talk.gateway.append import Ask
from guanxi.talk.gateway.limits import TYPING_SECONDS, UNANSWERED

if TYPE_CHECKING:
    from guanxi.talk.gateway.socket import Socket


def serve(socket: "Socket", frame: dict[str, Any]) -> None:
    """Do what the frame asks. Raises BadFrame."""
    act = ACTS.get(frame["op"])
    if act is None:
        raise frames.BadFrame("bad-frame")
    act(socket, frame)


def send(socket: "Socket", frame: dict[str, Any]) -> None:
    """Append a text; the answer is an ack after the commit, or a refusal."""
    conversation, company, key, digest, body = frames.send_in(frame)
    who = socket.who
    if who is None or not who.may_speak_for(company):
        raise frames.BadFrame("not-found")
    if who.in_old_tab(company):
        raise frames.BadFrame("other-company")
    if socket.unanswered >= UNANSWERED:
        raise frames.BadFrame("too-often")
    socket.unanswered += 1
    gateway = socket.gateway
    gateway.writer.put(
        Ask(c=conversation, company=company, k=key, hash=digest, body=body, person=who.person, name=who.name, socket=socket, since=gateway.clock())
    )


def read(socket: "Socket", frame: dict[str, Any]) -> None:
    """Move this person's read position forward, at most to the head."""
    conversation, seq = frames.uuid_in(frame, "c"), frames.seq_in(frame)
    if socket.who is not None and seq > 0:
        socket.gateway.positions.put(conversation, socket.who.person, seq, company=socket.who.company)


def typing(socket: "Socket", frame: dict[str, Any]) -> None:
    """Tell the others, at most every two seconds a conversation."""
    conversation, now = frames.uuid_in(frame, "c"), socket.gateway.loop.time()
    typed = socket.typed_at = {c: at for c, at in (socket.typed_at or {}).items() if now - at < TYPING_SECONDS}
    if conversation in typed or socket.who is None:
        return
    typed[conversation] = now
    socket.gateway.delivery.typing(conversation, socket.who.person, socket.who.name, company=socket.who.company, here=True)


def sync(socket: "Socket", frame: dict[str, Any]) -> None:
    """All heads that changed since the cursor."""
    cursor = frame.get("cursor")
    if cursor is not None and not isinstance(cursor, str):
        raise frames.BadFrame("bad-frame")
    socket.gateway.sync(socket, cursor or "")


def ping(socket: "Socket", _frame: dict[str, Any]) -> None:
    """For clients that cannot send ping frames (browsers)."""
    socket.say(b'{"op":"pong"}')


ACTS = {"send": send, "read": read, "typing": typing, "sync": sync, "ping": ping}
