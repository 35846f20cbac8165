"""A websocket client for tests: says frames, hears frames, waits for the one it is asked for."""

import json
import secrets
import time
from datetime import timedelta
from typing import Any

from websockets.sync.client import ClientConnection, connect

from guanxi.base import clock
from guanxi.people.secrets import digest, draw
from guanxi.people.table import Company, Device, Person, Token
from guanxi.people.tokens import PREFIX
from tests import make

SECONDS = 15.0  # the longest wait for what should come at once
FIVE_SECONDS = 9.0  # what must be found within five, on a machine that does other things as well


def bearer(who: Person, company: Company | None = None, *, scopes: tuple[str, ...] = ("*",), days: int = 1) -> dict[str, str]:
    """The header of a new token."""
    plain, now = draw(PREFIX), clock.now()
    Token.objects.create(
        person=who, company=company, digest=digest(plain), scopes=list(scopes), made_at=now, expires_at=now + timedelta(days=days)
    )
    return {"Authorization": f"Bearer {plain}"}


def signed_in(who: Person) -> tuple[Device, dict[str, str]]:
    """A device and the headers of its browser, on a page of ours."""
    from django.conf import settings
    from django.contrib.sessions.models import Session

    device = make.device(who)
    Session.objects.create(session_key=device.session_key, session_data="", expire_date=clock.now() + timedelta(days=1))
    return device, {"Cookie": f"{settings.SESSION_COOKIE_NAME}={device.session_key}", "Origin": settings.ALLOWED_ORIGINS[0]}


class Client:
    """`heard` keeps every frame, `hear(op)` gives the next one of that kind."""

    def __init__(self, address: str, headers: dict[str, str], *, greet: bool = True, **options: Any) -> None:
        more = {key: value for key, value in headers.items() if key != "Origin"}
        known = {"max_size": None, "max_queue": None, "proxy": None, "legacy": True} | options
        self.link: ClientConnection = connect(address, additional_headers=more, origin=headers.get("Origin"), **known)
        self.heard: list[dict[str, Any]] = []
        self.waiting: list[dict[str, Any]] = []
        self.hello = self.hear("hello") if greet else {}

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_error: object) -> None:
        self.link.close()

    def say(self, op: str, **rest: Any) -> None:
        self.link.send(json.dumps({"op": op, **rest}, ensure_ascii=False))

    def hear(self, *ops: str, within: float = SECONDS) -> dict[str, Any]:
        """The next frame of one of these kinds. Frames of other kinds wait for their own call."""
        for frame in self.waiting:
            if frame["op"] in ops:
                self.waiting.remove(frame)
                return frame
        until = time.monotonic() + within
        while True:
            frame = json.loads(self.link.recv(timeout=max(0.001, until - time.monotonic())))
            self.heard.append(frame)
            if frame["op"] in ops:
                return frame
            self.waiting.append(frame)

    def hears_nothing(self, *ops: str, within: float = 0.5) -> bool:
        """Whether none of these kinds comes."""
        try:
            self.hear(*ops, within=within)
        except TimeoutError:
            return True
        return False

    def text(self, actor: make.Actor, words: str, *, key: str = "", direct: bool = False) -> str:
        """Send a text, do not wait; the key."""
        key = key or secrets.token_hex(8)
        company = None if direct else str(actor.company.id)
        self.say("send", c=str(actor.conversation), **{"as": company}, k=key, kind="text", body={"text": words})
        return key

    def answer(self) -> dict[str, Any]:
        """What came of a send."""
        return self.hear("ack", "refused")

    def closed_with(self, *, within: float = SECONDS) -> int | None:
        """The close code, once the server closes."""
        from websockets.exceptions import ConnectionClosed

        until = time.monotonic() + within
        try:
            while True:
                self.link.recv(timeout=max(0.001, until - time.monotonic()))
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 1006
