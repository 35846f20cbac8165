"""What a supplier says of a listing, read and checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.base.money import CURRENCIES, PRICE_DIGITS, QUANTITY_DIGITS
from guanxi.base.reading import Reading
from guanxi.base.text import problem
from guanxi.catalog.category.reads import leaf
from guanxi.catalog.price.rules import ladder

MOST_SKUS = 200
MOST_TIERS = 10
MOST_PICTURES = 9
MOST_ATTRIBUTES = 40
AUDIENCES = ("everyone", "signed_in", "verified", "partners")
TAX_RATES = ("13", "9", "6", "3", "1", "0")
MUCH = Decimal(10) ** 10
Rows = list[list[str]]


@dataclass(frozen=True, slots=True)
class SkuDraft:
    """One size; `id` names the one it was, None a new one."""

    options: list[str]
    number: str = ""
    barcode: str = ""
    tiers: Rows | None = None
    stock: Decimal | None = None
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything a listing says: columns as the table has them, and its sizes in order."""

    columns: dict[str, Any]
    skus: list[SkuDraft]


def read(data: Mapping[str, Any]) -> Draft:
    """Raises Invalid with everything that is wrong, by field (`tiers.1.price`)."""
    form = Reading(data)
    columns = _words(form) | _terms(form) | _prices(form)
    skus = [_sku(row, columns) for row in form.rows("skus", most=MOST_SKUS)]
    columns["dimensions"] = [text for row in form.rows("dimensions", most=3) if (text := row.text("name", most=20))]
    _check_sizes(form, skus)
    if not columns["ask"] and not columns["tiers"] and not (skus and all(sku.tiers for sku in skus)):
        form.blame("tiers", _("Say a price, or that it is asked for."))
    form.done()
    return Draft(columns, skus or [SkuDraft(options=[])])


def _words(form: Reading) -> dict[str, Any]:
    category = form.text("category", most=60)
    if category and leaf(category) is None:
        form.blame("category", _("Choose one of the list."))
    return {
        "title": form.text("title", most=120, least=1),
        "category_id": category or None,
        "number": form.text("number", most=60),
        "description": form.text("description", most=5000, multiline=True),
        "keywords": form.text("keywords", most=200),
        "attributes": _attributes(form),
        "pictures": [str(one) for one in form.ids("pictures", most=MOST_PICTURES)],
    }


def _attributes(form: Reading) -> dict[str, str]:
    """What the category asks for by code, and whatever else a list once said by its heading."""
    said = form.data.get("attributes")
    fields = Reading(said, at="attributes.", wrong=form.wrong)
    names = [name for name in fields.data if isinstance(name, str) and problem(name, most=60) is None]
    if len(names) > MOST_ATTRIBUTES:
        form.blame("attributes", _("There are too many of these."))
    return {name: text for name in names[:MOST_ATTRIBUTES] if fields.given(name) and (text := fields.text(name, most=60))}


def _terms(form: Reading) -> dict[str, Any]:
    minimum = _quantity(form, "minimum") or Decimal(1)
    maximum = _quantity(form, "maximum")
    if maximum is not None and maximum < minimum:
        form.blame("maximum", _("This is less than the minimum."))
    pack, pack_unit = _quantity(form, "pack"), form.text("pack_unit", most=20)
    if (pack is None) != (not pack_unit):
        form.blame("pack", _("Say both: how many make a pack, and what it is called."))
    return {
        "unit": form.text("unit", most=20, least=1), "pack": pack, "pack_unit": pack_unit,
        "minimum": minimum, "step": _quantity(form, "step") or Decimal(1), "maximum": maximum, "mixed": form.flag("mixed"),
        "lead_days": form.whole("lead_days", least=0, most=730) if form.given("lead_days") else None,
        "origin": form.text("origin", most=60), "freight": form.text("freight", most=200), "certificates": form.text("certificates", most=200),
    }  # fmt: skip


def _prices(form: Reading) -> dict[str, Any]:
    currency = form.one_of("currency", tuple(CURRENCIES), default="CNY")
    return {
        "ask": form.flag("ask"), "currency": currency, "tiers": _tiers(form),
        "tax_rate": Decimal(form.one_of("tax_rate", TAX_RATES, default="13")), "tax_included": form.flag("tax_included", default=True),
        "prices_for": form.one_of("prices_for", AUDIENCES, default="everyone"),
        "sample_price": form.amount("sample_price", currency=currency) if form.given("sample_price") else None,
        "sample_most": form.whole("sample_most", least=1, most=100, default=1),
    }  # fmt: skip


def _quantity(form: Reading, name: str) -> Decimal | None:
    """More than none, None when nothing is there."""
    return form.number(name, places=QUANTITY_DIGITS[1], most=MUCH, above=Decimal(0))


def _tiers(form: Reading) -> Rows:
    """Rows `from` and `price`, by rising quantity; empty rows are left out."""
    pairs = []
    for row in form.rows("tiers", most=MOST_TIERS):
        if not row.given("price") and not row.given("from"):
            continue
        least = _quantity(row, "from") if row.given("from") else Decimal(1)
        price = row.number("price", places=PRICE_DIGITS[1], most=MUCH, above=Decimal(0))
        if price is None:
            row.blame("price", _("Write a number here."))
        elif least is not None:
            pairs.append((least, price))
    try:
        return [[str(tier.least), str(tier.price)] for tier in ladder(pairs)]
    except ValueError as why:
        form.blame("tiers", _("Two prices begin at the same quantity.") if str(why) == "twice" else _("A larger quantity may not cost more a unit."))
        return []


def _sku(row: Reading, columns: Mapping[str, Any]) -> SkuDraft:
    barcode = row.text("barcode", most=14)
    if barcode and not _is_gtin(barcode):
        row.blame("barcode", _("This is no valid barcode: its last digit does not fit."))
    found = row.ids("id", most=1)
    return SkuDraft(
        options=[option.text("name", most=40, least=1) for option in row.rows("options", most=3)], number=row.text("number", most=60), barcode=barcode,
        tiers=_tiers(row), stock=row.number("stock", places=QUANTITY_DIGITS[1], most=MUCH, least=Decimal(0)), id=found[0] if found else None,
    )  # fmt: skip


def _check_sizes(form: Reading, skus: list[SkuDraft]) -> None:
    names = [tuple(sku.options) for sku in skus]
    if len(names) > 1 and any(not name for name in names):
        form.blame("skus", _("Give every size a name."))
    if len(set(names)) < len(names):
        form.blame("skus", _("Two sizes have the same name."))


def _is_gtin(text: str) -> bool:
    """GTIN-8, -12, -13 or -14: weights 3 and 1 from the right, the sum with the check digit a multiple of ten (GS1 General Specifications)."""
    if not (text.isascii() and text.isdigit() and len(text) in (8, 12, 13, 14)):
        return False
    return sum(int(digit) * (3 if n % 2 else 1) for n, digit in enumerate(reversed(text))) % 10 == 0
