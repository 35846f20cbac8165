"""What stands in the fields of the editor."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from guanxi.base.money import CURRENCIES, plain
from guanxi.catalog.category.attributes import ATTRIBUTES
from guanxi.catalog.category.table import Category
from guanxi.catalog.listing.forms import AUDIENCES, TAX_RATES
from guanxi.catalog.listing.reads import Shown
from guanxi.catalog.listing.table import Listing, Sku
from guanxi.web.figures import quantity

BETWEEN = " / "
TEXTS = ("title", "number", "description", "keywords", "unit", "pack_unit", "currency", "prices_for", "origin", "freight", "certificates")
QUANTITIES = ("minimum", "step", "maximum", "pack")
Rows = list[dict[str, str]]


@dataclass(slots=True)
class Form:
    """Values by field name, as text; `listing` None for a new one."""

    listing: Listing | None
    values: dict[str, str]
    tiers: Rows
    skus: list[dict[str, Any]]
    attributes: list[tuple[str, str, str]] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    more: list[tuple[str, str]] = field(default_factory=list)

    @property
    def taxes(self) -> list[tuple[str, str]]:
        return [(rate, f"{rate}%") for rate in TAX_RATES]

    @property
    def currencies(self) -> list[tuple[str, str]]:
        return [(code, code) for code in CURRENCIES]

    @property
    def audiences(self) -> list[tuple[str, str]]:
        words = {"everyone": _("everyone"), "signed_in": _("who is signed in"), "verified": _("verified companies"), "partners": _("companies we talk with")}
        return [(one, words[one]) for one in AUDIENCES]


def blank() -> Form:
    """A new listing: one price from one piece on, one size."""
    values = dict.fromkeys((*TEXTS, *QUANTITIES, "category", "dimensions", "lead_days", "sample_price", "mixed", "ask"), "")
    values |= {"currency": "CNY", "prices_for": "everyone", "minimum": "1", "step": "1", "tax_rate": "13", "tax_included": "in", "sample_most": "1"}
    return Form(None, values, [{"from": "1", "price": ""}], [{"name": "", "stock": "", "number": "", "barcode": "", "id": "", "tiers": []}])


def of(shown: Shown) -> Form:
    """What was said last."""
    row = shown.listing
    values = {name: str(getattr(row, name)) for name in TEXTS}
    values |= {name: digits(getattr(row, name)) for name in QUANTITIES}
    values |= {
        "category": row.category_id or "", "dimensions": BETWEEN.join(row.dimensions), "lead_days": "" if row.lead_days is None else str(row.lead_days),
        "tax_rate": digits(row.tax_rate), "tax_included": "in" if row.tax_included else "out",
        "mixed": "on" if row.mixed else "", "ask": "on" if row.ask else "",
        "sample_price": plain(row.sample_price, row.currency).replace(",", "") if row.sample_price is not None else "", "sample_most": str(row.sample_most),
    }  # fmt: skip
    return Form(
        row, values, tier_rows(row.tiers) or [{"from": "1", "price": ""}], [size(sku) for sku in shown.skus],
        attribute_fields(row.category, row.attributes), list(row.pictures), other_attributes(row.category, row.attributes),
    )  # fmt: skip


def size(sku: Sku) -> dict[str, Any]:
    """One row of sizes; tiers of its own travel along unseen."""
    name, tiers = BETWEEN.join(sku.options), tier_rows(sku.tiers)
    return {"id": str(sku.id), "name": name, "stock": digits(sku.stock), "number": sku.number, "barcode": sku.barcode, "tiers": tiers}


def tier_rows(tiers: list[list[str]]) -> Rows:
    return [{"from": least, "price": price} for least, price in tiers]


def digits(value: Any) -> str:
    """A decimal without idle zeros and without grouping; empty for none."""
    return "" if value is None else quantity(value).replace(",", "")


def parts(text: Any) -> list[dict[str, str]]:
    """`M8 / 30` as the options M8 and 30; a stroke without spaces belongs to the name (1/2")."""
    return [{"name": part.strip()} for part in str(text or "").split(BETWEEN) if part.strip()]


def attribute_fields(category: Category | None, said: dict[str, str]) -> list[tuple[str, str, str]]:
    """(code, words, value) of what this category asks for."""
    return [(code, str(ATTRIBUTES[code]), said.get(code, "")) for code in (category.attributes if category else []) if code in ATTRIBUTES]


def other_attributes(category: Category | None, said: dict[str, str]) -> list[tuple[str, str]]:
    """What an imported list said beyond what the category asks for."""
    asked = set(category.attributes) if category else set()
    return [(name, text) for name, text in said.items() if name not in asked]


def state_words() -> dict[str, str]:
    """A listing's state in words."""
    return {"draft": _("draft"), "published": _("on sale"), "hidden": _("hidden"), "removed": _("removed by the operator")}
