"""What a price list gives: products with tiers, packs and sizes, and rejected rows."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from guanxi.sheets.figures import natural, short

REASONS = (
    "formula_error",
    "discontinued",
    "damaged_item_no",
    "unsafe_text",
    "no_name",
    "bad_price",
    "no_price",
    "bad_tiers",
    "bad_quantity",
    "unit_conflict",
    "duplicate_item",
)
Ladder = list[tuple[Decimal, Decimal]]


@dataclass(slots=True)
class Sku:
    """One colour and size; `tiers` None are the product's."""

    options: dict[str, str]
    barcode: str | None = None
    stock: Decimal | None = None
    tiers: Ladder | None = None

    @property
    def key(self) -> tuple[tuple[str, str], ...]:
        """What makes it another one."""
        return tuple(sorted((kind, value.casefold()) for kind, value in self.options.items()))


@dataclass(slots=True)
class Product:
    """One product; quantities are counted in `unit`, prices are decimals in major units."""

    sheet: str | None
    row: int
    name: str
    item_no: str | None = None
    barcode: str | None = None
    name_en: str | None = None
    category: str | None = None
    attributes: dict[str, str] = field(default_factory=dict)
    unit: str | None = None
    packs: list[tuple[str | None, Decimal]] = field(default_factory=list)
    contains: tuple[Decimal, str | None] | None = None
    moq: Decimal = Decimal(1)
    order_multiple: Decimal = Decimal(1)
    ask: bool = False
    currency: str = "CNY"
    tax_included: bool | None = None
    tiers: Ladder = field(default_factory=list)
    stock: Decimal | None = None
    skus: list[Sku] = field(default_factory=list)
    notes: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """As `guanxi import-prices --json` prints it."""
        return {
            "sheet": self.sheet,
            "row": self.row,
            "item_no": self.item_no,
            "barcode": self.barcode,
            "name": self.name,
            "name_en": self.name_en,
            "category": self.category,
            "attributes": self.attributes,
            "unit": self.unit,
            "contains": None if self.contains is None else {"qty": natural(self.contains[0]), "unit": self.contains[1]},
            "packs": [{"unit": name, "qty": natural(many)} for name, many in self.packs],
            "moq": natural(self.moq),
            "order_multiple": natural(self.order_multiple),
            "price_kind": "ask" if self.ask else "fixed",
            "currency": self.currency,
            "tax_included": self.tax_included,
            "tiers": _tiers(self.tiers),
            "stock": None if self.stock is None else natural(self.stock),
            "skus": [_sku(one) for one in self.skus],
            "notes": self.notes,
        }


def _tiers(ladder: Ladder) -> list[dict[str, Any]]:
    return [{"min_qty": natural(least), "price": short(price)} for least, price in ladder]


def _sku(one: Sku) -> dict[str, Any]:
    return {
        "options": one.options,
        "barcode": one.barcode,
        "stock": None if one.stock is None else natural(one.stock),
        "tiers": None if one.tiers is None else _tiers(one.tiers),
    }
