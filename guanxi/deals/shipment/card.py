"""Cards of goods: sent, arrived, more time asked for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.base import money
from guanxi.base.errors import Words
from guanxi.deals.deal.foot import Foot, foot, moment, quantity
from guanxi.talk.card import Body, CardContext, EntryView

TEMPLATE = "deals/shipment/card.html"
KINDS: dict[str, tuple[Words, str]] = {
    "shipment.sent": (gettext_lazy("Shipment"), "truck"),
    "receipt.confirmed": (gettext_lazy("Receipt"), "check"),
    "receipt.extended": (gettext_lazy("More time"), "clock"),
}


@dataclass(frozen=True, slots=True)
class Card:
    """`sums`: rows of words and figures; `until`: when the clock confirms."""

    kind: str
    icon: str
    number: str
    title: str
    said: str
    carrier: str
    waybill: str
    note: str
    photos: list[str]
    rows: list[dict[str, Any]]
    wrong: list[dict[str, Any]]
    sums: list[tuple[str, str]]
    until: datetime | None
    foot: Foot


def line(kind: str, body: Body, *, mine: bool) -> str:
    """`[Shipment] SF 1234: Fasteners`."""
    if kind == "shipment.sent":
        return _("[Shipment] {carrier} {waybill} · {title}").format(carrier=body["carrier"], waybill=body["waybill"], title=body["title"])
    if kind == "receipt.extended":
        return _("[Receipt] {days} more days · {title}").format(days=body["days"], title=body["title"])
    return _("[Receipt] {sum} released · {title}").format(sum=money.show(body["released"], body["currency"]), title=body["title"])


def view(entry: EntryView, context: CardContext) -> Card:
    """What was sent or arrived, what it released, and until when the buyer may look."""
    body, (words, icon) = entry.body, KINDS[entry.kind]
    return Card(
        kind=str(words), icon=icon, number=body["number"], title=body["title"], said=said(entry.kind, body), carrier=body.get("carrier", ""),
        waybill=body.get("waybill", ""), note=body.get("note", ""), photos=list(body.get("photos", [])), rows=rows(body), wrong=wrong(body), sums=sums(body),
        until=moment(body.get("release_at")), foot=foot(entry, context),
    )  # fmt: skip


def said(kind: str, body: Body) -> str:
    """One sentence on top."""
    if kind == "shipment.sent":
        return "" if body["all"] else _("A part of the order; the rest follows.")
    if kind == "receipt.extended":
        return _("The buyer takes {days} more days to check the goods.").format(days=body["days"])
    if body.get("missed"):
        return _("Not everything was right: the money for it stays in escrow, and the supplier sends it again.")
    if body["by_clock"]:
        return _("Nobody objected in time, so receipt was confirmed by itself.")
    return _("Everything has arrived.") if body["all"] else _("A part has arrived; the money for it is released.")


def rows(body: Body) -> list[dict[str, Any]]:
    """The lines with their quantities, of how many ordered."""
    return [
        {"name": one["name"], "spec": one["spec"], "cells": [quantity(one["quantity"], ""), quantity(one["ordered"], one["unit"])]}
        for one in body.get("lines", [])
    ]  # fmt: skip


def wrong(body: Body) -> list[dict[str, Any]]:
    """What was short or damaged, by line."""
    return [
        {"name": one["name"], "spec": one["spec"], "cells": [quantity(one["short"], ""), quantity(one["damaged"], one["unit"])]}
        for one in body.get("wrong", [])
    ]  # fmt: skip


def sums(body: Body) -> list[tuple[str, str]]:
    """What a receipt released, and what stays in escrow."""
    if "released" not in body:
        return []
    back, currency = body.get("returned", 0), body["currency"]
    left = 0 if body["all"] else body["total"] - body["released_total"]
    rows = [(_("Released to the supplier"), money.show(body["released"], currency)), (_("Still in escrow"), money.show(left, currency))]
    return [rows[0], (_("Back to the buyer, as less came"), money.show(back, currency)), rows[1]] if back else rows


def sample() -> list[tuple[str, Body]]:
    """Every kind, as bodies are stored for ever."""
    base = {
        "v": 1, "order": "019aa0d3-7c5e-7a10-9c1c-0c8f1f9a0004", "number": "DD-261119-7K3QX4", "title": "304 不锈钢紧固件 3 项",
        "total": 1400000, "currency": "CNY",
    }  # fmt: skip
    lines = [{"n": 1, "name": "外六角螺栓", "spec": "M8×30", "unit": "千件", "quantity": "12", "ordered": "20"}]
    sent = base | {
        "shipment": "019aa0d3-7c5e-7a10-9c1c-0c8f1f9a0006", "n": 1, "carrier": "顺丰", "waybill": "SF1402231145520", "note": "", "photos": [],
        "lines": lines, "all": False, "release_at": "2026-12-03T08:00:00+00:00",
    }  # fmt: skip
    receipt = base | {
        "receipt": "019aa0d3-7c5e-7a10-9c1c-0c8f1f9a0007", "n": 1, "lines": lines, "released": 840000, "released_total": 840000,
        "by_clock": False, "all": False, "note": "两箱外包装破损，货物完好。",
    }  # fmt: skip
    last = receipt | {"n": 2, "released": 560000, "released_total": 1400000, "by_clock": True, "all": True, "note": ""}
    torn = receipt | {
        "wrong": [{"n": 1, "name": "外六角螺栓", "spec": "M8×30", "unit": "千件", "short": "1", "damaged": "2"}], "missed": True,
        "photos": ["019aa0d3-7c5e-7a10-9c1c-0c8f1f9a0009"],
    }  # fmt: skip
    less = last | {"released": 550000, "returned": 10000, "by_clock": False}
    extended = base | {"release_at": "2026-12-06T08:00:00+00:00", "days": 3}
    receipts = [("receipt.confirmed", one) for one in (receipt, last, torn, less)]
    return [("shipment.sent", sent), *receipts, ("receipt.extended", extended)]
