"""A price list as the supplier writes it: for whom, how long, and lines `item number  price`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.base.reading import Reading
from guanxi.catalog.listing.forms import MOST_TIERS, Rows
from guanxi.catalog.price.rules import ladder
from guanxi.sheets.cell import tidy
from guanxi.sheets.price import price
from guanxi.sheets.tiers import tiers_of

MOST_LINES, MOST_CUSTOMERS = 2000, 100


@dataclass(frozen=True, slots=True)
class Draft:
    """`lines`: item number and steps; `customers`: names or handles of companies."""

    name: str
    priority: int
    starts_on: date | None
    ends_on: date | None
    customers: list[str]
    lines: list[tuple[str, Rows]]


def read(data: Mapping[str, Any]) -> Draft:
    """Raises Invalid with everything that is wrong."""
    form = Reading(data)
    name = form.text("name", most=60, least=1)
    starts_on, ends_on = form.day("starts_on"), form.day("ends_on")
    if starts_on and ends_on and ends_on < starts_on:
        form.blame("ends_on", _("This is before the first day."))
    customers = [text for line in form.text("customers", most=10_000, least=1, multiline=True).splitlines() if (text := tidy(line))]
    if len(customers) > MOST_CUSTOMERS:
        form.blame("customers", _("There are too many of these."))
    lines = _lines(form)
    priority = form.whole("priority", least=0, most=99, default=0)
    form.done()
    return Draft(name, priority, starts_on, ends_on, list(dict.fromkeys(customers)), lines)


def _lines(form: Reading) -> list[tuple[str, Rows]]:
    text = form.text("lines", most=200_000, least=1, multiline=True)
    found: dict[str, Rows] = {}
    for n, line in enumerate(text.splitlines(), 1):
        number, _blank, said = tidy(line.replace("\t", " ")).partition(" ")
        if not number:
            continue
        steps = _steps(said)
        if steps is None or number.casefold() in found or len(found) >= MOST_LINES:
            form.blame("lines", _("Line %(n)s cannot be read: an item number, a blank, a price, each once.") % {"n": n})
            break
        found[number.casefold()] = steps
    return list(found.items())


def _steps(said: str) -> Rows | None:
    """`4.5`, or steps such as `100+ 4.5; 500+ 4`; None for what is no price, or steps that do not fit each other."""
    pairs = [(tier.least, tier.price.amount) for tier in tiers_of(said) or []]
    single = price(said) if said and not pairs else None
    if single is not None:
        return [["1", f"{single.amount:f}"]] if single.amount is not None and single.amount.as_tuple().exponent >= -6 else None  # type: ignore[operator]
    try:
        rising = ladder((least, amount) for least, amount in pairs if least is not None and amount is not None)
    except ValueError:
        return None
    return [[f"{tier.least:f}", f"{tier.price:f}"] for tier in rising] if rising and len(rising) == len(pairs) <= MOST_TIERS else None
