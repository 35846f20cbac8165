"""A program that talks to /api/v1 for somebody of the cast, inside this process."""

import itertools
import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.test import Client

from guanxi.base import clock
from guanxi.base.outbox.drain import drain
from guanxi.people import tokens
from tests import make
from tests.make import Actor

_keys = itertools.count(1)
CODES = {401: "not-signed-in", 404: "not-found"}


@dataclass
class Caller:
    """Bearer token of a person, for his company or for himself alone."""

    token: str
    actor: Actor | None = None
    client: Client = field(default_factory=Client)

    def send(self, method: str, path: str, body: object = None, *, key: str | None = None, raw: bytes | None = None, **headers: str) -> Any:
        """The response; a POST gets a key of its own unless told otherwise ("" for none)."""
        key = f"key-{next(_keys)}-of-test" if key is None else key
        headers = ({"Authorization": f"Bearer {self.token}"} if self.token else {}) | ({"Idempotency-Key": key} if key else {}) | headers
        data = raw if raw is not None else b"" if body is None else json.dumps(body).encode("utf-8", "surrogatepass")
        return self.client.generic(method, "/api/v1" + path, data, content_type="application/json", headers=headers)

    def get(self, path: str) -> Any:
        """What stands there; it must be a 200."""
        return good(self.send("GET", path))

    def post(self, path: str, body: object = None, **more: Any) -> Any:
        """What came of it; it must be a 200."""
        return good(self.send("POST", path, body, **more))


def caller(actor: Actor, *, company: bool = True, scopes: tuple[str, ...] = ("*",), days: int = 30) -> Caller:
    """A token for this actor."""
    of: UUID | None = actor.company.id if company else None
    return Caller(tokens.issue(actor.person.id, of, label="test", scopes=scopes, days=days, now=clock.now()), actor)


def nobody() -> Caller:
    """Without a token."""
    return Caller("")


def good(response: Any) -> Any:
    """The body of a 200."""
    assert response.status_code == 200, (response.status_code, response.content[:2000])
    return response.json()


def problem(response: Any, status: int, code: str = "") -> Any:
    """The problem details of a refusal (RFC 9457), checked for their form."""
    said = response.json()
    assert response["Content-Type"] == "application/problem+json"
    assert (response.status_code, said["status"]) == (status, status), said
    assert {"type", "title", "status", "code", "detail"} <= set(said)
    assert said["title"]
    assert said["detail"]
    assert said["code"] == (code or CODES.get(status, said["code"])), said
    return said


def soon() -> str:
    """In three days."""
    return (clock.now() + timedelta(days=3)).isoformat()


def enquiry(supplier: Actor, *, lines: int = 5, **more: Any) -> dict[str, Any]:
    """An enquiry of so many lines, to be sent at once."""
    rows = [{"name": f"Bolt {n}", "spec": f"M{n}", "quantity": "20", "unit": "pc"} for n in range(1, lines + 1)]
    return {"title": "Bolts", "lines": rows, "receivers": [str(supplier.company.id)], "deadline": soon(), "send": True} | more


def terms(*, lines: int = 5, **more: Any) -> dict[str, Any]:
    """An offer for so many lines, all paid at once."""
    prices = [{"n": n, "price": "0.1011"} for n in range(1, lines + 1)]
    return {"lines": prices, "stages": [{"percent": "100"}], "valid_until": soon()} | more


@dataclass
class Trade:
    """One trade between two programs, step by step; the ids it made so far."""

    pair: make.Pair
    buyer: Caller
    supplier: Caller
    lines: int = 5
    rfq: str = ""
    quote: str = ""
    order: str = ""
    payment: str = ""

    def ask(self) -> "Trade":
        self.rfq = self.buyer.post("/rfqs", enquiry(self.pair.supplier, lines=self.lines))["id"]
        return self

    def offer(self) -> "Trade":
        self.quote = self.supplier.post(f"/rfqs/{self.rfq}/quotes", terms(lines=self.lines))["id"]
        return self

    def accept(self) -> "Trade":
        self.order = self.buyer.post(f"/quotes/{self.quote}/accept", {})["id"]
        return self

    def pay(self) -> "Trade":
        self.payment = self.buyer.post(f"/orders/{self.order}/pay", {"provider": "sandbox"})["id"]
        drain(clock.now())
        self.buyer.post(f"/payments/{self.payment}/sandbox", {"outcome": "approve"})
        drain(clock.now())
        return self

    def ship(self) -> "Trade":
        self.supplier.post(f"/orders/{self.order}/ship", {"carrier": "SF"})
        return self

    def receive(self) -> "Trade":
        self.buyer.post(f"/orders/{self.order}/receive", {})
        drain(clock.now())
        return self


def trade(lines: int = 5) -> Trade:
    """Ana and Bo, with tokens."""
    pair = make.pair()
    return Trade(pair, caller(pair.buyer), caller(pair.supplier), lines)
