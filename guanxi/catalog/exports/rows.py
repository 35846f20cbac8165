"""A listing as rows of a price list, in the words the reader of lists knows; imported again they change nothing."""

import re
from decimal import Decimal

from guanxi.base.money import CURRENCIES
from guanxi.catalog.imports.same import number_of, options_of
from guanxi.catalog.listing.table import Listing, Sku
from guanxi.sheets.cell import tidy

Value = str | Decimal | None
KINDS = ("number", "title", "category", "colour", "size", "unit", "taxed", "untaxed", "minimum", "step", "packs", "stock", "barcode", "details", "state")
HEADS = {
    "zh": ("货号", "品名", "类别", "颜色", "尺码", "单位", "含税价", "不含税价", "起订量", "订货倍数", "包装", "库存", "条码", "参数", "状态"),
    "en": (
        "Item No.", "Name", "Category", "Colour", "尺码 Size", "Unit", "Price incl. VAT", "Price excl. VAT", "MOQ", "Order multiple", "Packing", "Stock",
        "Barcode", "Spec", "Sale state",
    ),
}  # fmt: skip
SIGNS = {"CNY": "", "USD": "US$", "EUR": "EUR ", "GBP": "GBP ", "HKD": "HK$", "JPY": "JPY "}
assert set(SIGNS) == set(CURRENCIES)
ASK = "面议"


def rows_of(listing: Listing, skus: list[Sku]) -> list[list[Value]]:
    """A row for each size; sizes without a price of their own come first, so that the list's own price is the first read."""
    ordered = sorted(skus, key=lambda sku: (bool(sku.tiers), sku.n))
    return [_row(listing, sku) for sku in ordered]


def _row(listing: Listing, sku: Sku) -> list[Value]:
    price = SIGNS[listing.currency] + ASK if listing.ask else steps(sku.tiers or listing.tiers, listing.currency)
    options = options_of(listing.dimensions, sku.options)
    category = listing.category
    return [
        number_of(listing), listing.title, category.zh if category else None, options.get("colour"), options.get("size"), listing.unit,
        price if listing.tax_included else None, None if listing.tax_included else price, listing.minimum, listing.step, packs(listing), sku.stock, sku.barcode,
        "; ".join(f"{name}: {text}" for name, text in listing.attributes.items()), listing.state,
    ]  # fmt: skip


def steps(tiers: list[list[str]], currency: str) -> Value:
    """`5+ US$1.2; 100+ US$1.1`; one price as a number."""
    sign = SIGNS[currency]
    if len(tiers) == 1 and not sign and Decimal(tiers[0][0]) == 1:
        return Decimal(tiers[0][1])
    return "; ".join(f"{plain(least)}+ {sign}{plain(price)}" for least, price in tiers)


def packs(listing: Listing) -> str | None:
    """`12件/手`."""
    unit = "" if re.search(r"\d", tidy(listing.unit)) else listing.unit
    return f"{plain(listing.pack)}{unit}/{listing.pack_unit}" if listing.pack else None


def plain(value: Decimal | str) -> str:
    """As figures without idle zeros."""
    return f"{Decimal(value).normalize():f}"
