"""The frames of design.md section 7: what a client may say, read strictly, and what the server says, encoded once."""

import json
import re
from typing import Any

from guanxi.base.errors import Invalid
from guanxi.kinds import PLAIN
from guanxi.talk import text
from guanxi.talk.call import digest
from guanxi.talk.gateway.limits import KEY_LENGTH

UUID_TEXT = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
KEY_TEXT = re.compile(rf"[\x20-\x7e]{{1,{KEY_LENGTH}}}")
LARGEST = 2**63 - 1
WHOLE = PLAIN  # kinds alike for every viewer: these travel whole

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class BadFrame(Exception):
    """A frame that cannot be served: the reason goes back to the client."""


def read(raw: bytes) -> dict[str, Any]:
    """The JSON object of a frame. Raises ValueError when it is none, whatever its depth."""
    try:
        frame = json.loads(raw.decode())
    except RecursionError:
        raise ValueError("too deep") from None
    if not isinstance(frame, dict) or not isinstance(frame.get("op"), str):
        raise ValueError("not a frame")
    return frame


def key_of(frame: dict[str, Any]) -> str | None:
    """The key of a send, for the answer to a frame that is otherwise bad."""
    key = frame.get("k")
    return key if isinstance(key, str) and KEY_TEXT.fullmatch(key) else None


def uuid_in(frame: dict[str, Any], name: str) -> str:
    """A canonical id. Raises BadFrame."""
    found = frame.get(name)
    if not isinstance(found, str) or not UUID_TEXT.fullmatch(found):
        raise BadFrame("bad-frame")
    return found


def seq_in(frame: dict[str, Any]) -> int:
    """A seq. Raises BadFrame; true is not 1."""
    found = frame.get("seq")
    if type(found) is not int or not 0 <= found <= LARGEST:
        raise BadFrame("bad-frame")
    return found


def send_in(frame: dict[str, Any]) -> tuple[str, str | None, str, str, str]:
    """(conversation, acting company, key, hash, body as JSON) of a send. Raises BadFrame."""
    conversation, key = uuid_in(frame, "c"), key_of(frame)
    company = None if frame.get("as") is None else uuid_in(frame, "as")
    if key is None:
        raise BadFrame("bad-frame")
    if frame.get("kind") != text.KIND:
        raise BadFrame("kind-not-here" if isinstance(frame.get("kind"), str) else "bad-frame")
    try:
        body = text.payload(frame.get("body"))
    except Invalid:
        raise BadFrame(why_not(frame.get("body"))) from None
    return conversation, company, key, digest((text.KIND, body)), _encode(body)


def why_not(body: Any) -> str:
    """Which rule a text broke, for programs."""
    said = body.get("text") if isinstance(body, dict) and body.keys() <= text.FIELDS else None
    if not isinstance(said, str):
        return "bad-frame"
    if text.UNSTORABLE.search(said):
        return "bad-text"
    if len(said.strip()) > text.MOST:
        return "too-long"
    return "bad-frame" if said.strip() else "blank"


def frame(op: str, **rest: Any) -> bytes:
    """Any frame of the server."""
    return _encode({"op": op, **rest}).encode()


def entry(c: str, seq: int, *, by: str, body: str, at: str, kind: str = text.KIND) -> bytes:
    """An entry that travels whole; `by` and `body` are JSON already."""
    return f'{{"op":"entry","c":"{c}","seq":{seq},"kind":"{kind}","by":{by},"body":{body},"at":"{at}"}}'.encode()


def by(person: str | None, company: str | None, name: str) -> str:
    """Who wrote it, as JSON."""
    return _encode({"person": person, "company": company, "name": name})


def ack(key: str, c: str, seq: int, at: str) -> bytes:
    """The promise: this is committed."""
    return f'{{"op":"ack","k":{_encode(key)},"c":"{c}","seq":{seq},"at":"{at}"}}'.encode()


def head(c: str, seq: int) -> bytes:
    """Something is there to be fetched."""
    return f'{{"op":"head","c":"{c}","seq":{seq}}}'.encode()


def encoded(value: Any) -> str:
    """JSON as frames carry it."""
    return _encode(value)
