"""Cards of a change: proposed, accepted, declined, withdrawn, expired; what was beside what shall be."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.base import money
from guanxi.base.errors import Words
from guanxi.deals.deal.foot import Foot, foot, moment, price, quantity
from guanxi.talk.card import Body, CardContext, EntryView

TEMPLATE = "deals/change/card.html"
LINES: dict[str, Words] = {
    "change.proposed": gettext_lazy("[Change] {title}, to answer"),
    "change.accepted": gettext_lazy("[Change] Agreed: {title} {total}"),
    "change.declined": gettext_lazy("[Change] Declined: {title}"),
    "change.withdrawn": gettext_lazy("[Change] Withdrawn: {title}"),
    "change.expired": gettext_lazy("[Change] Expired: {title}"),
}
SAID: dict[str, Words] = {
    "change.proposed": gettext_lazy("The order shall be changed. It stands as it is until the other side agrees."),
    "change.accepted": gettext_lazy("Both sides agree; the order is changed."),
    "change.declined": gettext_lazy("The change was declined; the order stands as it is."),
    "change.withdrawn": gettext_lazy("The change was taken back; the order stands as it is."),
    "change.expired": gettext_lazy("Nobody answered in time; the order stands as it is."),
}


@dataclass(frozen=True, slots=True)
class Card:
    """`rows`: the lines that are otherwise, with what they were."""

    number: str
    n: int
    title: str
    said: str
    reason: str
    note: str
    rows: list[dict[str, Any]]
    sums: list[tuple[str, str]]
    total: str
    ship_by: datetime | None
    foot: Foot


def line(kind: str, body: Body, *, mine: bool) -> str:
    """`[Change] Fasteners, to answer`."""
    return str(LINES[kind]).format(title=body["title"], total=money.show(body["total"], body["currency"]))


def view(entry: EntryView, context: CardContext) -> Card:
    """What shall be otherwise."""
    body = entry.body
    was, currency = body["was"], body["currency"]
    sums = [(str(_("Total before")), money.show(was["total"], currency))] if was["total"] != body["total"] else []
    sums += [(str(_("Freight")), money.show(body["freight"], currency))] if was["freight"] != body["freight"] else []
    sums += [(str(_("Returned to the buyer")), money.show(body["returned"], currency))] if body.get("returned") else []
    ship_by = moment(body["ship_by"]) if body["ship_by"] != was["ship_by"] else None
    return Card(
        body["number"], body["n"], body["title"], str(SAID[entry.kind]), body.get("reason", ""), body["note"], differing(body), sums,
        money.show(body["total"], currency), ship_by, foot(entry, context),
    )  # fmt: skip


def differing(body: Body) -> list[dict[str, Any]]:
    """Lines whose quantity or price is another, and those that go."""
    left, rows = {str(one["n"]): one for one in body["lines"]}, []
    for n, old in body["was"]["lines"].items():
        new = left.get(n)
        if new is None:
            rows.append({"name": old["name"], "spec": "", "cells": [quantity(old["quantity"], old["unit"]) + " → " + _("dropped"), ""]})
        elif (new["quantity"], new["price"]) != (old["quantity"], old["price"]):
            amounts = dict.fromkeys((quantity(old["quantity"], old["unit"]), quantity(new["quantity"], new["unit"])))
            prices = dict.fromkeys((price(old["price"], body["currency"]) or "", price(new["price"], body["currency"]) or ""))
            rows.append({"name": new["name"], "spec": new["spec"], "cells": [" → ".join(amounts), " → ".join(prices)]})
    return rows


def sample() -> list[tuple[str, Body]]:
    """Every kind, as bodies are stored for ever."""
    base = {
        "v": 1, "order": "019aa0d3-7c5e-7a10-9c1c-0c8f1f9a0004", "deal": "019aa0d3-7c5e-7a10-9c1c-0c8f1f9a0001", "number": "DD-261119-7K3QX4",
        "change": "019aa0d3-7c5e-7a10-9c1c-0c8f1f9a000c", "n": 1, "title": "304 不锈钢紧固件 3 项", "currency": "CNY", "total": 1200000, "freight": 16000,
        "lines": [{"n": 1, "name": "外六角螺栓", "spec": "M8×30", "unit": "千件", "quantity": "18", "price": "657.7778", "total": 1184000}],
        "was": {"lines": {"1": {"name": "外六角螺栓", "unit": "千件", "quantity": "20", "price": "692"},
                          "2": {"name": "六角螺母", "unit": "千件", "quantity": "2", "price": "80"}},
                "freight": 16000, "total": 1400000, "ship_by": "2026-11-26T16:00:00+00:00"},
        "ship_by": "2026-12-01T16:00:00+00:00", "note": "客户减量", "side": "buyer",
    }  # fmt: skip
    more: dict[str, Body] = {"change.accepted": {"returned": 200000, "stages": [], "version": 2}, "change.declined": {"reason": "料已下"}}
    return [(kind, base | more.get(kind, {})) for kind in LINES]
