"""Cards of an order: placed, and how it was cancelled or nearly so."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.base import money
from guanxi.base.errors import Words
from guanxi.deals.deal.foot import Foot, foot, moment, price, quantity
from guanxi.talk.card import Body, CardContext, EntryView

TEMPLATE = "deals/order/card.html"
LINES: dict[str, Words] = {
    "order.placed": gettext_lazy("[Order] {title} {total}"),
    "order.cancelled": gettext_lazy("[Order cancelled] {title} {total}"),
    "order.cancel_asked": gettext_lazy("[Order] Asked to cancel: {title}"),
    "order.cancel_refused": gettext_lazy("[Order] Goes on, not cancelled: {title}"),
    "order.expired": gettext_lazy("[Order] Ended unpaid: {title}"),
}
SAID: dict[str, Words] = {
    "order.placed": gettext_lazy("The offer was accepted; its terms are locked."),
    "order.cancelled": gettext_lazy("This order was cancelled."),
    "order.cancel_asked": gettext_lazy("The buyer asks to cancel. When the supplier agrees, everything paid goes back."),
    "order.cancel_refused": gettext_lazy("The supplier does not agree to cancelling; the order goes on."),
    "order.expired": gettext_lazy("Nothing was paid within a week of the due date, so the order ended by itself."),
}
STAGES: dict[str, Words] = {
    "deposit": gettext_lazy("Deposit"), "balance": gettext_lazy("Balance"), "full": gettext_lazy("Full amount"), "part": gettext_lazy("Part"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class StageView:
    """A part of the price as it was agreed; `amount` in minor units."""

    n: int
    words: str
    due: datetime | None
    amount: int


@dataclass(frozen=True, slots=True)
class Card:
    """`stages` as agreed; how far they are stands in the deal's panel."""

    number: str
    title: str
    said: str
    reason: str
    rows: list[dict[str, Any]]
    total: str
    currency: str
    returned: str
    stages: list[StageView]
    foot: Foot


def line(kind: str, body: Body, *, mine: bool) -> str:
    """`[Order] Fasteners ¥14,000.00`."""
    return str(LINES[kind]).format(title=body["title"], total=money.show(body["total"], body["currency"]))


def view(entry: EntryView, context: CardContext) -> Card:
    """What was agreed, or why it ended."""
    body = entry.body
    returned = body.get("returned") or 0
    return Card(
        number=body["number"], title=body["title"], said=str(SAID[entry.kind]), reason=body.get("reason", ""), rows=rows(body),
        total=money.show(body["total"], body["currency"]), currency=body["currency"],
        returned=money.show(returned, body["currency"]) if returned else "", stages=[stage(one) for one in body.get("stages", [])],
        foot=foot(entry, context),
    )  # fmt: skip


def rows(body: Body) -> list[dict[str, Any]]:
    """The ordered lines: quantity and price."""
    return [
        {"name": one["name"], "spec": one["spec"], "cells": [quantity(one["quantity"], one["unit"]), price(one["price"], body["currency"])]}
        for one in body.get("lines", [])
        if one["price"] is not None
    ]  # fmt: skip


def stage(one: dict[str, Any]) -> StageView:
    words = _("{stage} {percent}%").format(stage=STAGES.get(one["name"], one["name"]), percent=one["percent"])
    return StageView(one["n"], words, moment(one["due_at"]), one["amount"])


def sample() -> list[tuple[str, Body]]:
    """Every kind, as bodies are stored for ever."""
    base = {
        "v": 1, "order": "019aa0d3-7c5e-7a10-9c1c-0c8f1f9a0004", "number": "DD-261119-7K3QX4", "title": "304 不锈钢紧固件 3 项",
        "total": 1400000, "currency": "CNY",
    }  # fmt: skip
    lines = [{"n": 1, "name": "外六角螺栓", "spec": "M8×30", "unit": "千件", "quantity": "20", "price": "692", "total": 1384000}]
    stages = [
        {"n": 1, "name": "deposit", "percent": "30", "amount": 420000, "due_at": "2026-11-22T16:00:00+00:00"},
        {"n": 2, "name": "balance", "percent": "70", "amount": 980000, "due_at": "2026-11-30T16:00:00+00:00"},
    ]
    placed = base | {"lines": lines, "stages": stages, "goods": 1384000, "freight": 16000, "tax": 0, "ship_by": "2026-11-26T16:00:00+00:00"}
    ended = base | {"side": "buyer", "reason": "展会改期"}
    return [("order.placed", placed), *((kind, ended) for kind in LINES if kind != "order.placed")]
