"""The terms of an offer: read once for forms and programs, priced once, frozen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.base import money
from guanxi.base.reading import Reading
from guanxi.deals.quote.extras import NONE, Extras, frozen, thawed
from guanxi.deals.quote.extras import read as read_extras
from guanxi.deals.rfq.draft import MOST_FILES, TAX_RATES, moment, plain

STAGE_NAMES = ("deposit", "balance", "full", "part")
MOST_DAYS = 180
PRICE_MOST = Decimal(10) ** 10
TOLERANCE_MOST = Decimal(20)


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the price; `days` after the handshake until it is due, None for the usual."""

    name: str
    percent: Decimal
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """`prices` by line number, None for not available; `freight` in minor units; the rest as in the form.

    `extras` by line number, where a line has any; `sample`: what a sample costs in minor units, None when none is offered.
    `tolerance`: percent that may be delivered more or less of a line. More is not charged, less is not paid for.
    """

    prices: Mapping[int, Decimal | None]
    freight: int
    tax_rate: Decimal
    tax_in: bool
    lead_days: int
    valid_until: datetime
    stages: tuple[Stage, ...]
    note: str = ""
    tolerance: Decimal = Decimal(0)
    extras: Mapping[int, Extras] = field(default_factory=dict)
    sample: int | None = None
    files: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Priced:
    """What an offer comes to, in minor units. `tax` is 0 when the prices include it."""

    lines: list[dict[str, Any]]
    goods: int
    freight: int
    tax: int
    total: int


def read(data: Any, *, now: datetime, currency: str) -> Terms:
    """Terms from form fields or JSON. Raises Invalid by field (`lines.3.price`). Totals a client sends are not read (quality.md A39)."""
    form = Reading(data)
    prices, extras = _lines(form)
    terms = Terms(
        prices=prices,
        freight=form.amount("freight", currency=currency),
        tax_rate=Decimal(form.one_of("tax_rate", TAX_RATES, default="13")),
        tax_in=form.flag("tax_in", default=True),
        lead_days=form.whole("lead_days", least=0, most=365),
        valid_until=_until(form, now=now),
        stages=_stages(form),
        note=form.text("note", most=1000, multiline=True),
        tolerance=form.number("tolerance", places=1, most=TOLERANCE_MOST, least=Decimal(0)) or Decimal(0),
        extras=extras,
        sample=form.amount("sample", currency=currency) if form.given("sample") else None,
        files=form.ids("files", most=MOST_FILES),
    )
    form.done()
    return terms


def _lines(form: Reading) -> tuple[dict[int, Decimal | None], dict[int, Extras]]:
    found: dict[int, Decimal | None] = {}
    more: dict[int, Extras] = {}
    for row in form.rows("lines", most=2000):
        n = row.whole("n", least=1, most=2000)
        if n in found:
            row.blame("n", _("This line is there twice."))
        found[n] = None if row.flag("unavailable") else row.number("price", places=6, most=PRICE_MOST, above=Decimal(0))
        if found[n] is not None and (extras := read_extras(row, base=found[n])):
            more[n] = extras
    if not any(found.values()) and "lines" not in form.wrong:
        form.blame("lines", _("Price at least one line."))
    return found, more


def _until(form: Reading, *, now: datetime) -> datetime:
    value = form.data.get("valid_until")
    try:
        found = moment(value)
    except (ValueError, OverflowError, TypeError):
        form.blame("valid_until", _("Choose until when this is valid."))
        return now
    if not now < found <= now + timedelta(days=MOST_DAYS):
        form.blame("valid_until", _("Choose a day from today on, within half a year."))
    return found


def _stages(form: Reading) -> tuple[Stage, ...]:
    rows = [row for row in form.rows("stages", most=5) if row.given("percent")]
    found = tuple(_stage(row, last=n == len(rows), only=len(rows) == 1) for n, row in enumerate(rows, 1))
    if not found and not form.wrong.get("stages"):
        return (Stage("full", Decimal(100)),)
    if sum(stage.percent for stage in found) != 100:
        form.blame("stages", _("The stages must add up to 100%."))
    return found


def _stage(row: Reading, *, last: bool, only: bool) -> Stage:
    percent = row.number("percent", places=2, most=Decimal(100), above=Decimal(0))
    usual = "full" if only else "balance" if last else "deposit"
    days = row.whole("days", least=0, most=365, default=0) if row.given("days") else None
    return Stage(row.one_of("name", STAGE_NAMES, default=usual), percent or Decimal(0), days)


def price(terms: Terms, asked: Sequence[Mapping[str, Any]], *, currency: str) -> Priced:
    """The offer's lines and sums. Raises Invalid when the prices fit other lines than were asked, or nothing costs anything."""
    form = Reading({})
    known = {line["n"] for line in asked}
    if any(n not in known for n in terms.prices):
        form.blame("lines", _("One of these lines was not asked for."))
        form.done()
    lines = [_line(line, terms.prices.get(line["n"]), terms.extras.get(line["n"], NONE), currency=currency) for line in asked]
    goods = sum(line["total"] for line in lines)
    tax = 0 if terms.tax_in else money.percent_of(goods + terms.freight, terms.tax_rate)
    priced = Priced(lines, goods, terms.freight, tax, goods + terms.freight + tax)
    if goods <= 0:
        form.blame("lines", _("This comes to nothing: the prices are too small."))
    if priced.total > money.AMOUNT_LIMIT:
        form.blame("lines", _("This is too much."))
    if 0 in money.split(priced.total, [int(stage.percent * 100) for stage in terms.stages]):
        form.blame("stages", _("One stage comes to nothing."))
    form.done()
    return priced


def _line(asked: Mapping[str, Any], base: Decimal | None, extras: Extras, *, currency: str) -> dict[str, Any]:
    """The frozen line: the price is that of the break the offered quantity reaches."""
    same = {name: asked[name] for name in ("n", "name", "spec", "unit", "quantity")}
    if base is None:
        return same | {"price": None, "total": 0}
    said = frozen(asked, extras, base)
    quantity = Decimal(said["quantity"])
    price = extras.price(base, quantity)
    return same | said | {"price": plain(price), "total": money.line_total(price, quantity, currency)}


def carry(terms: Terms, last: Mapping[str, Any]) -> Terms:
    """A buyer's answer to these terms: what only the supplier can say stays as he said it; his breaks end, since the buyer names his price."""
    kept = {line["n"]: thawed(line, breaks=False) for line in last["lines"]}
    return replace(terms, extras={n: extras for n, extras in kept.items() if extras}, sample=last.get("sample"), files=())


def freeze(terms: Terms, priced: Priced) -> dict[str, Any]:
    """The JSON that is stored and never changed again (quality.md D3)."""
    stages = [{"name": one.name, "percent": plain(one.percent), "days": one.days} for one in terms.stages]
    return {
        "v": 1, "lines": priced.lines, "tax_rate": plain(terms.tax_rate), "tax_in": terms.tax_in, "lead_days": terms.lead_days,
        "stages": stages, "note": terms.note, **({"tolerance": plain(terms.tolerance)} if terms.tolerance else {}),
        **({} if terms.sample is None else {"sample": terms.sample}),
    }  # fmt: skip
