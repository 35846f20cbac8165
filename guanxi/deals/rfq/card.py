"""The enquiry's card, and the short ones about its end."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.base.errors import Words
from guanxi.deals.deal.foot import Foot, foot, moment, price, quantity
from guanxi.talk.card import Body, CardContext, EntryView

TEMPLATE = "deals/rfq/card.html"
LINES: dict[str, Words] = {
    "rfq.sent": gettext_lazy("[RFQ] {title}"),
    "rfq.declined": gettext_lazy("[RFQ] Declined: {title}"),
    "rfq.closed": gettext_lazy("[RFQ] Closed for quotes: {title}"),
    "rfq.cancelled": gettext_lazy("[RFQ] Cancelled: {title}"),
    "rfq.expired": gettext_lazy("[RFQ] Expired: {title}"),
    "rfq.lost": gettext_lazy("[RFQ] Awarded to another supplier: {title}"),
    "rfq.extended": gettext_lazy("[RFQ] More time to quote: {title}"),
    "rfq.reopened": gettext_lazy("[RFQ] Open again: {title}"),
    "rfq.reminded": gettext_lazy("[RFQ] Deadline is near: {title}"),
}
WORDS: dict[str, Words] = {
    "rfq.declined": gettext_lazy("The supplier will not quote."),
    "rfq.closed": gettext_lazy("The buyer takes no more quotes."),
    "rfq.cancelled": gettext_lazy("The buyer cancelled this RFQ."),
    "rfq.expired": gettext_lazy("The deadline passed without a quote."),
    "rfq.lost": gettext_lazy("The buyer chose another supplier this time."),
    "rfq.extended": gettext_lazy("The buyer gives more time to quote."),
    "rfq.reopened": gettext_lazy("The buyer takes quotes again."),
    "rfq.reminded": gettext_lazy("The deadline is near and there is no quote yet."),
}
LATER = ("rfq.extended", "rfq.reopened", "rfq.reminded")
INVOICES: dict[str, Words] = {"ordinary": gettext_lazy("Ordinary invoice"), "special": gettext_lazy("VAT special invoice")}


@dataclass(frozen=True, slots=True)
class Card:
    """`rows` for the lines table; `facts` in words; `said` for the short cards about an end."""

    title: str
    said: str
    reason: str
    rows: list[dict[str, Any]]
    tags: list[str]
    deliver_by: date | None
    until: datetime | None
    note: str
    files: list[dict[str, Any]]
    foot: Foot


def line(kind: str, body: Body, *, mine: bool) -> str:
    """`[RFQ] Fasteners`."""
    return str(LINES[kind]).format(title=body["title"])


def view(entry: EntryView, context: CardContext) -> Card:
    """Lines with wished prices, terms in words, the deadline."""
    body = entry.body
    by = body.get("deliver_by")
    return Card(
        title=body["title"], said=str(WORDS.get(entry.kind, "")), reason=body.get("reason", ""), rows=rows(body), tags=tags(body),
        deliver_by=date.fromisoformat(by) if by else None, until=moment(body.get("deadline_at")), note=body.get("note", ""),
        files=body.get("files", []), foot=foot(entry, context),
    )  # fmt: skip


def rows(body: Body) -> list[dict[str, Any]]:
    """Name over spec; quantity and wished price on the right."""
    return [
        {"name": one["name"], "spec": one["spec"], "cells": [quantity(one["quantity"], one["unit"]), price(one.get("target"), body["currency"]) or "–"]}
        for one in body.get("lines", [])
    ]  # fmt: skip


def tags(body: Body) -> list[str]:
    """Place, tax and invoice wishes in words."""
    found = [_("To {place}").format(place=body["place"])] if body.get("place") else []
    if body.get("tax_rate") is not None:
        words = _("incl. {rate}% VAT") if body.get("tax_in") else _("excl. {rate}% VAT")
        found.append(words.format(rate=body["tax_rate"]))
    return [*found, str(INVOICES[body["invoice"]])] if body.get("invoice") in INVOICES else found


def sample() -> list[tuple[str, Body]]:
    """Every kind, as bodies are stored for ever."""
    base = {"v": 1, "rfq": "019aa0d3-7c5e-7a10-9c1c-0c8f1f9a0002", "number": "XJ-261117-4TD8R2", "title": "304 不锈钢紧固件 3 项"}
    lines = [
        {"n": 1, "name": "外六角螺栓", "spec": "M8×30 DIN 933", "quantity": "20", "unit": "千件", "target": "450"},
        {"n": 2, "name": "六角螺母", "spec": "M8 DIN 934", "quantity": "20", "unit": "千件", "target": None},
    ]
    sent = base | {
        "currency": "CNY", "buyer": "海川机电", "supplier": "铭固紧固件", "lines": lines, "files": [], "place": "温州龙湾", "deliver_by": "2026-12-05",
        "tax_rate": "13", "tax_in": True, "invoice": "special", "note": "", "deadline_at": "2026-11-19T10:00:00+00:00",
    }  # fmt: skip
    later = {"deadline_at": "2026-11-22T16:00:00+00:00"}
    ends = [(kind, base | (later if kind in LATER else {})) for kind in LINES if kind not in ("rfq.sent", "rfq.declined")]
    return [("rfq.sent", sent), ("rfq.declined", base | {"reason": "这个月排满了"}), *ends]
