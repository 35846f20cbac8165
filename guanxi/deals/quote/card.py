"""Cards of offers: quotes by the supplier, counter-offers by either side, and how an offer ended."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.base import money
from guanxi.base.errors import Words
from guanxi.deals.deal.foot import Foot, foot, moment, price, quantity
from guanxi.deals.quote.extras import extras_of
from guanxi.talk.card import Body, CardContext, EntryView

TEMPLATE = "deals/quote/card.html"
LINES: dict[str, Words] = {
    "quote.sent": gettext_lazy("[Quote v{version}] {title} {total}"),
    "quote.countered": gettext_lazy("[Counter-offer v{version}] {title} {total}"),
    "quote.declined": gettext_lazy("[Offer v{version} declined] {title}"),
    "quote.withdrawn": gettext_lazy("[Offer v{version} withdrawn] {title}"),
    "quote.expired": gettext_lazy("[Offer v{version} expired] {title}"),
}
ENDED: dict[str, Words] = {
    "quote.declined": gettext_lazy("This offer was declined. The supplier may make a new one."),
    "quote.withdrawn": gettext_lazy("This offer was taken back."),
    "quote.expired": gettext_lazy("The validity of this offer has run out."),
}


@dataclass(frozen=True, slots=True)
class Card:
    """`rows` are all lines of a first version and the changed ones of a counter-offer (`changed`); a past card shows only its total."""

    name: str
    title: str
    said: str
    reason: str
    changed: bool
    heads: list[str]
    rows: list[dict[str, Any]]
    sums: list[tuple[str, str]]
    total: str
    change: str
    tags: list[str]
    until: datetime | None
    note: str
    files: list[dict[str, Any]]
    foot: Foot


def line(kind: str, body: Body, *, mine: bool) -> str:
    """`[Counter-offer v2] Fasteners ¥13,740.00`."""
    return str(LINES[kind]).format(version=body["version"], title=body["title"], total=money.show(body["total"], body["currency"]))


def view(entry: EntryView, context: CardContext) -> Card:
    """The offer as frozen; what changed is struck out beside the new."""
    body, part = entry.body, foot(entry, context)
    offer = entry.kind in ("quote.sent", "quote.countered")
    whole = offer and not part.past
    changed = entry.kind == "quote.countered" and bool(body.get("was"))
    return Card(
        name=name(entry.kind, body), title=body["title"], said=str(ENDED.get(entry.kind, "")), reason=body.get("reason", ""), changed=changed,
        heads=heads(body, changed), rows=(changes(body) if changed else rows(body)) if whole else [], sums=sums(body) if whole else [],
        total=money.show(body["total"], body["currency"]), change=change(body) if offer else "", tags=tags(body) if whole else [],
        until=moment(body.get("valid_until")) if whole else None, note=body.get("note", "") if whole else "",
        files=body.get("files", []) if whole else [], foot=part,
    )  # fmt: skip


def name(kind: str, body: Body) -> str:
    """`Quote v3`: the supplier's; `Counter-offer v2`: an answer."""
    words = _("Counter-offer v{version}") if body["side"] == "buyer" else _("Quote v{version}")
    return words.format(version=body["version"])


def heads(body: Body, changed: bool) -> list[str]:
    if changed:
        return [_("Changes only"), f"v{body['was']['version']}", f"v{body['version']}"]
    return [_("Incl. tax") if body.get("tax_in") else _("Excl. tax"), _("Unit price"), _("Subtotal")]


def rows(body: Body) -> list[dict[str, Any]]:
    """Every line with its price, or that it is not available."""
    return [
        {
            "name": one["name"],
            "spec": " · ".join(words for words in (one["spec"], quantity(one["quantity"], one["unit"]), *extras(one, body["currency"])) if words),
            "cells": [price(one["price"], body["currency"]) or _("Not available"), money.show(one["total"], body["currency"]) if one["price"] else "–"],
        }
        for one in body["lines"]
    ]  # fmt: skip


def changes(body: Body) -> list[dict[str, Any]]:
    """The lines whose price changed, then freight and lead time when they did; old values struck out."""
    was, currency = body["was"], body["currency"]
    found = [
        {"name": one["name"], "spec": said(one, currency), "was": [0],
         "cells": [shown(was["prices"].get(str(one["n"])), currency), shown(one["price"], currency)]}
        for one in body["lines"]
        if was["prices"].get(str(one["n"])) != one["price"] or was.get("extras", {}).get(str(one["n"]), {}) != extras_of(one)
    ]  # fmt: skip
    if was["freight"] != body["freight"]:
        found.append({"name": _("Freight"), "cells": [free(was["freight"], currency), free(body["freight"], currency)], "was": [0]})
    if was["lead_days"] != body["lead_days"]:
        days = _("{days} days")
        found.append({"name": _("Lead time"), "cells": [days.format(days=was["lead_days"]), days.format(days=body["lead_days"])], "was": [0]})
    return found


def said(line: Body, currency: str) -> str:
    """Spec and extras of a line."""
    return " · ".join(words for words in (line["spec"], *extras(line, currency)) if words)


def extras(line: Body, currency: str) -> list[str]:
    """What a line says beside its price, in words: `instead of M8`, `at least 50 k, asked 20 k`, `from 100 k ¥4.20`."""
    unit = line["unit"]
    found = []
    if instead := line.get("instead_of"):
        found.append(_("instead of {what}").format(what=f"{instead['name']} {instead['spec']}".strip()))
    if least := line.get("minimum"):
        found.append(_("at least {quantity}").format(quantity=quantity(least, unit)))
    if asked := line.get("asked"):
        found.append(_("asked {quantity}").format(quantity=quantity(asked, unit)))
    return [*found, *tiers(line, currency)]


def tiers(line: Body, currency: str) -> list[str]:
    """The prices of a line by quantity."""
    if not line.get("breaks"):
        return []
    first = _("{price} below {quantity}").format(price=price(line["base"], currency), quantity=quantity(line["breaks"][0]["quantity"], line["unit"]))
    later = _("from {quantity} {price}")
    return [first, *(later.format(quantity=quantity(one["quantity"], line["unit"]), price=price(one["price"], currency)) for one in line["breaks"])]


def shown(value: str | None, currency: str) -> str:
    return price(value, currency) or _("Not available")


def free(amount: int, currency: str) -> str:
    """Freight in words when it costs nothing."""
    return money.show(amount, currency) if amount else _("Free delivery")


def sums(body: Body) -> list[tuple[str, str]]:
    """Goods, freight and added tax, also when they are 0 (ui.md section 4)."""
    currency = body["currency"]
    parts = ((_("Goods"), "goods"), (_("Freight"), "freight"), (_("Tax"), "tax"))
    return [(words, money.show(body[name], currency)) for words, name in parts]


def change(body: Body) -> str:
    """`−5.4%` against the version before."""
    was = body.get("was")
    if not was or not was["total"] or was["total"] == body["total"]:
        return ""
    percent = Decimal(body["total"] - was["total"]) * 100 / was["total"]
    return f"{percent:+.1f}%".replace("-", "\N{MINUS SIGN}")


def tags(body: Body) -> list[str]:
    """Lead time, tax, stages in words."""
    tax = _("incl. {rate}% VAT") if body["tax_in"] else _("excl. {rate}% VAT")
    percents = "/".join(stage["percent"] for stage in body["stages"])
    usual = [_("{days} days lead time").format(days=body["lead_days"]), tax.format(rate=body["tax_rate"]), _("Payment {percents}").format(percents=percents)]
    if body.get("sample") is not None:
        usual.append(_("Sample {sum}").format(sum=money.show(body["sample"], body["currency"])) if body["sample"] else _("Free sample"))
    return [*usual, *([_("±{percent}% delivered").format(percent=body["tolerance"])] if body.get("tolerance") else [])]


def sample() -> list[tuple[str, Body]]:
    """Every kind, as bodies are stored for ever."""
    lines = [
        {"n": 1, "name": "外六角螺栓", "spec": "M8×30", "unit": "千件", "quantity": "20", "price": "472", "total": 944000},
        {"n": 2, "name": "平垫圈", "spec": "M8", "unit": "千件", "quantity": "40", "price": None, "total": 0},
    ]
    base = {
        "v": 1, "quote": "019aa0d3-7c5e-7a10-9c1c-0c8f1f9a0003", "version": 1, "side": "supplier", "title": "304 不锈钢紧固件 3 项",
        "total": 976000, "currency": "CNY",
    }  # fmt: skip
    offer = base | {
        "lines": lines, "goods": 944000, "freight": 32000, "tax": 0, "tax_rate": "13", "tax_in": True, "lead_days": 7, "note": "",
        "stages": [{"name": "deposit", "percent": "30", "days": None}, {"name": "balance", "percent": "70", "days": None}],
        "valid_until": "2026-11-21T16:00:00+00:00", "was": None,
    }  # fmt: skip
    was = {"version": 1, "side": "supplier", "prices": {"1": "472", "2": None}, "freight": 32000, "total": 976000, "lead_days": 7, "quote": offer["quote"]}
    more = [
        lines[0] | {"base": "480", "breaks": [{"quantity": "20", "price": "472"}, {"quantity": "100", "price": "460.5"}], "minimum": "5"},
        lines[1] | {"name": "弹垫", "spec": "M8", "price": "20", "total": 100000, "quantity": "50", "asked": "40", "minimum": "50",
                    "instead_of": {"name": "平垫圈", "spec": "M8"}},
    ]  # fmt: skip
    file = {"id": "019aa0d3-7c5e-7a10-9c1c-0c8f1f9a0004", "name": "检测报告.pdf", "mime": "application/pdf", "size": 48211, "width": None, "height": None}
    rich = offer | {"lines": more, "goods": 1044000, "total": 1076000, "sample": 3000, "files": [file]}
    lower = [lines[0] | {"price": "455", "total": 910000}, lines[1]]
    answer = offer | {"version": 2, "side": "buyer", "lines": lower, "goods": 910000, "freight": 0, "total": 910000, "was": was}
    return [("quote.sent", offer), ("quote.sent", rich), ("quote.countered", answer), *((kind, base | {"reason": ""}) for kind in ENDED)]
