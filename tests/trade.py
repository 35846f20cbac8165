"""A trade up to a point, by the acts themselves: an enquiry, offers, an order. Five lines of plain goods unless told otherwise."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from guanxi.base import clock
from guanxi.deals.order import acts as orders
from guanxi.deals.quote import acts as quotes
from guanxi.deals.quote.terms import Terms
from guanxi.deals.quote.terms import read as read_terms
from guanxi.deals.rfq import acts as rfqs
from guanxi.deals.rfq.draft import Draft
from guanxi.deals.rfq.draft import read as read_draft
from guanxi.talk.run import run
from tests.make import Actor, Pair

LINES = [
    {"name": "Hex bolt", "spec": "M8×30", "quantity": "20", "unit": "k", "target_price": "450"},
    {"name": "Hex nut", "spec": "M8", "quantity": "20", "unit": "k"},
]


def draft(*suppliers: Actor, **more: Any) -> Draft:
    """Two lines, three days to quote, to these suppliers."""
    now = clock.now()
    data = {"title": "Fasteners", "lines": LINES, "receivers": [str(one.company.id) for one in suppliers], "deadline": (now + timedelta(days=3)).isoformat()}
    return read_draft(data | more, now=now)


def terms(*prices: str | None, **more: Any) -> Terms:
    """These unit prices by line; 30/70, freight 320.00, valid for two days."""
    now = clock.now()
    data: dict[str, Any] = {
        "lines": [{"n": n, "price": one} for n, one in enumerate(prices or ("472", "152"), 1)], "freight": "320", "lead_days": 7,
        "valid_until": (now + timedelta(days=2)).isoformat(), "stages": [{"percent": "30"}, {"percent": "70"}],
    }  # fmt: skip
    return read_terms(data | more, now=now, currency="CNY")


def ask(pair: Pair, *others: Actor, **more: Any) -> tuple[UUID, UUID]:
    """The enquiry's id, and its deal's with the pair's supplier."""
    made = run(rfqs.ask, pair.buyer.call().at(None), draft=draft(pair.supplier, *others, **more))  # type: ignore[arg-type]
    return UUID(made["rfq"]), UUID(made["deals"][0]["deal"])


def quote(actor: Actor, deal: UUID, *prices: str | None, **more: Any) -> UUID:
    """An offer by this supplier."""
    return UUID(run(quotes.send, actor.call(), deal_id=deal, terms=terms(*prices, **more))["quote"])


def counter(actor: Actor, offer: UUID, *prices: str | None, **more: Any) -> UUID:
    """An answer to an offer."""
    return UUID(run(quotes.counter, actor.call(), quote_id=offer, terms=terms(*prices, **more))["quote"])


def place(actor: Actor, offer: UUID) -> UUID:
    """The order of an accepted offer."""
    return UUID(run(orders.place, actor.call(), quote_id=offer)["order"])


def ordered(pair: Pair, *prices: str | None, **more: Any) -> UUID:
    """An order with the pair's supplier, nothing paid."""
    _rfq, deal = ask(pair)
    return place(pair.buyer, quote(pair.supplier, deal, *prices, **more))


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Run these at the same moment, each on a connection of its own; what each gave, or the error it raised."""
    start, given = threading.Barrier(len(acts)), [None] * len(acts)

    def work(n: int) -> None:
        try:
            start.wait(5)
            given[n] = acts[n]()
        except Exception as error:
            given[n] = error  # type: ignore[assignment]
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return given
