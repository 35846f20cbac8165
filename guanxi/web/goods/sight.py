"""A listing as its page and its tile say it."""

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.base.reading import find_decimal
from guanxi.catalog.category.attributes import ATTRIBUTES
from guanxi.catalog.listing.reads import Shown
from guanxi.catalog.listing.table import Sku
from guanxi.web.figures import money, quantity, unit_price

WHY_HIDDEN = {
    "signed_in": gettext_lazy("Sign in to see prices"),
    "verified": gettext_lazy("Prices for verified companies"),
    "partners": gettext_lazy("Prices for partners"),
}
BETWEEN = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class Size:
    """One row of the size picker."""

    sku: Sku
    name: str
    price: str
    stock: str
    tiers: str


def sizes(shown: Shown) -> list[Size]:
    """What can be picked, each with its ladder for the script."""
    unit, currency = shown.listing.unit, shown.listing.currency
    found = []
    for sku in shown.skus:
        ladder = shown.ladders.get(sku.id, ())
        first = unit_price(ladder[0].price, currency) if ladder else ""
        free = sku.free
        stock = _("made to order") if free is None else _("%(quantity)s in stock") % {"quantity": quantity(free, unit)}
        rows = [[str(tier.least.normalize()), str(tier.price)] for tier in ladder]
        found.append(Size(sku, sku.name or shown.listing.title, first, stock, json.dumps(rows)))
    return found


def ladder_rows(shown: Shown) -> list[tuple[str, str, bool]]:
    """The steps of the listing's own ladder: range, price, and whether it is the one that holds for the minimum."""
    ladder = next(iter(shown.ladders.values()), ())
    rows = []
    for n, tier in enumerate(ladder):
        until = ladder[n + 1].least if n + 1 < len(ladder) else None
        last = until - 1 if until is not None and until == int(until) and until - 1 > tier.least else until
        reach = f"{quantity(tier.least)}{BETWEEN}{quantity(last)}" if last is not None else f"≥ {quantity(tier.least)}"
        rows.append((f"{reach} {shown.listing.unit}", unit_price(tier.price, shown.listing.currency), n == 0))
    return rows


def terms(shown: Shown) -> list[tuple[str, str]]:
    """The chips under the ladder: words and kind."""
    row = shown.listing
    chips = [(_("in stock"), "ok")] if shown.in_stock else []
    if row.minimum > 1 or row.step > 1:
        chips.append((_("from %(quantity)s") % {"quantity": quantity(row.minimum, row.unit)}, ""))
    if row.pack:
        chips.append((f"1 {row.pack_unit} = {quantity(row.pack, row.unit)}", ""))
    if row.mixed and len(shown.skus) > 1:
        chips.append((_("sizes count together"), ""))
    if row.sample_price is not None:
        chips.append((_("sample %(sum)s") % {"sum": money(row.sample_price, row.currency)}, ""))
    if row.lead_days is not None:
        chips.append((_("ships in %(days)s days") % {"days": row.lead_days}, ""))
    return chips


def facts(shown: Shown) -> list[tuple[str, str]]:
    """What the supplier says of the goods."""
    row = shown.listing
    rows = [(_("Item number"), row.number)] + [(str(ATTRIBUTES.get(code, code)), text) for code, text in row.attributes.items()]
    rows += [(_("Place of origin"), row.origin), (_("Certificates"), row.certificates), (_("Freight"), row.freight)]
    return [(name, text) for name, text in rows if text]


def under_price(shown: Shown) -> str:
    """What the prices count and hold."""
    row = shown.listing
    tax = _("incl. %(rate)s%% tax") if row.tax_included else _("excl. %(rate)s%% tax")
    return _("per %(unit)s") % {"unit": row.unit} + " · " + tax % {"rate": quantity(row.tax_rate)}


def tile(shown: Shown) -> dict[str, Any]:
    """One of the shop's goods in a few words."""
    row = shown.listing
    named = shown.named_price
    many = named is not None and any(len(ladder) > 1 or ladder[0].price != named for ladder in shown.ladders.values() if ladder)
    words = "" if named is None else unit_price(named, row.currency)
    return {
        "href": f"/g/{row.id}", "title": row.title, "picture": row.pictures[0] if row.pictures else "", "price": words, "from": many, "unit": row.unit,
        "no_price": "" if named is not None else WHY_HIDDEN.get(shown.hidden, _("price on request")), "in_stock": shown.in_stock,
        "minimum": quantity(row.minimum, row.unit) if row.minimum > 1 else "",
    }  # fmt: skip


def asked(data: Any, shown: Shown) -> list[tuple[Sku, Decimal]]:
    """Sizes and quantities as the page's form names them: `q.<sku>=20`."""
    found = [(sku, find_decimal(data.get(f"q.{sku.id}", ""))) for sku in shown.skus]
    return [(sku, many) for sku, many in found if many]
