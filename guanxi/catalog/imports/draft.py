"""A product of a price list as the columns of a listing and its sizes."""

from decimal import Decimal
from typing import Any

from guanxi.base.money import CURRENCIES
from guanxi.catalog.listing.forms import Draft, Rows, SkuDraft
from guanxi.sheets import Product

NO_UNIT = "件"
WORDS = {"title": 120, "number": 60, "keywords": 200, "unit": 20, "pack_unit": 20}


def draft_of(product: Product, categories: dict[str, str]) -> Draft:
    """`categories` gives a leaf's code by its name in either language. What a list does not say gets the editor's default."""
    pack = product.packs[0] if product.packs and product.packs[0][0] else None
    columns: dict[str, Any] = {
        "title": product.name, "number": product.item_no or "", "category_id": categories.get((product.category or "").casefold()),
        "keywords": " ".join(filter(None, [product.name_en, product.category])), "description": product.notes or "",
        "attributes": {name[:60]: text[:60] for name, text in list(product.attributes.items())[:20]}, "unit": product.unit or NO_UNIT,
        "minimum": product.moq, "step": product.order_multiple, "pack": pack[1] if pack else None, "pack_unit": (pack[0] or "") if pack else "",
        "ask": product.ask, "currency": product.currency, "tiers": rows(product.tiers), "tax_included": product.tax_included is not False,
        "dimensions": dimensions(product),
    }  # fmt: skip
    for name, most in WORDS.items():
        columns[name] = columns[name][:most]
    return Draft(columns, skus(product))


def skus(product: Product) -> list[SkuDraft]:
    """Its colours and sizes, or one size without a name."""
    kinds = dimensions(product)
    found = [
        SkuDraft([sku.options.get(kind, "")[:40] for kind in kinds], barcode=sku.barcode or "", tiers=rows(sku.tiers) if sku.tiers else [], stock=sku.stock)
        for sku in product.skus
    ]
    return found or [SkuDraft([], barcode=product.barcode or "", tiers=[], stock=product.stock)]


def dimensions(product: Product) -> list[str]:
    """What its sizes differ in, in a fixed order."""
    return [kind for kind in ("colour", "size") if any(kind in sku.options for sku in product.skus)]


def rows(tiers: list[tuple[Decimal, Decimal]]) -> Rows:
    return [[f"{least.normalize():f}", f"{price.normalize():f}"] for least, price in tiers]


def trouble(product: Product) -> str:
    """Why a product that was read cannot be sold here: `currency`, or nothing."""
    return "" if product.currency in CURRENCIES else "currency"
