"""Whether a list says the same as a listing: texts as the reader gives them, numbers by value, sizes in any order."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from guanxi.catalog.listing.forms import Draft, SkuDraft
from guanxi.catalog.listing.table import Listing, Sku
from guanxi.sheets.cell import tidy
from guanxi.sheets.heads import guesses
from guanxi.sheets.units import unit

# What a list says again; the rest (pictures, description when the list has none, who sees prices) stays as the supplier wrote it.
SAID = ("title", "unit", "minimum", "step", "pack", "pack_unit", "ask", "currency", "tiers", "tax_included", "dimensions")
SEPARATORS = str.maketrans("/、,", "\u2215\u2215\u2215")


def differences(row: Listing, draft: Draft) -> list[str]:
    """The columns in which the list says something else, `skus` among them; `tiers` when the price of some size is another."""
    found = [name for name in SAID if name not in ("tiers", "dimensions") and said(name, getattr(row, name), row) != said(name, draft.columns[name], row)]
    mine, theirs = _sizes(row.dimensions, row.skus.all(), row.tiers), _sizes(draft.columns["dimensions"], draft.skus, draft.columns["tiers"])
    if not draft.columns["ask"] and any(theirs[size][0] != ladder for size, (ladder, *_rest) in mine.items() if size in theirs):
        found.append("tiers")
    same = mine.keys() == theirs.keys() and all(theirs[size][1:] == rest for size, (_ladder, *rest) in mine.items())
    return found if same else [*found, "skus"]


def kept(row: Listing, draft: Draft) -> Draft:
    """The draft with the sizes called as the supplier calls them."""
    names = {_key(row.dimensions, sku): sku for sku in row.skus.all()}
    known = [names.get(_key(draft.columns["dimensions"], sku)) for sku in draft.skus]
    skus = [replace(sku, id=was.id, options=was.options, number=was.number) if was else sku for sku, was in zip(draft.skus, known, strict=True)]
    return Draft(draft.columns, skus)


def said(name: str, value: Any, row: Listing) -> object:
    """A column as compared."""
    if name in ("unit", "pack_unit"):
        return unit(tidy(value)) or ""
    if name == "minimum":  # a list cannot say less than its first price step
        first = [Decimal(least) for least, _price in row.tiers[:1]]
        return max([value, *first]).normalize()
    return tidy(value) if isinstance(value, str) else value.normalize() if isinstance(value, Decimal) else value


def numbers(tiers: Any) -> list[list[Decimal]]:
    """Price steps by value."""
    return [[Decimal(one).normalize() for one in step] for step in tiers or []]


def _sizes(dimensions: list[str], skus: Iterable[Sku | SkuDraft], common: Any) -> dict[str, list[object]]:
    """Each size with its prices, barcode and stock, as compared."""
    return {_key(dimensions, sku): [numbers(sku.tiers or common), sku.barcode, None if sku.stock is None else sku.stock.normalize()] for sku in skus}


def _key(dimensions: list[str], sku: Sku | SkuDraft) -> str:
    return repr(sorted(options_of(dimensions, sku.options).items()))


def options_of(dimensions: list[str], options: list[str]) -> dict[str, str]:
    """Options as a list may say them: colour and size, whatever the supplier calls them; more than two stand in one."""
    texts = [tidy(text).translate(SEPARATORS) for text in options]
    if len(texts) > 2:
        return {"colour": " ".join(texts)}
    kinds = ["size" if _is_size(name) else "colour" for name in dimensions[: len(texts)]] + ["colour"] * (len(texts) - len(dimensions))
    if len(texts) == 2 and kinds[0] == kinds[1]:
        kinds = ["colour", "size"]
    return dict(zip(kinds, texts, strict=True))


def _is_size(name: str) -> bool:
    return name == "size" or any(guess.kind == "size" for guess in guesses(name, "prices")[:1])


def number_of(row: Listing) -> str:
    """Its item number, or one made of its id: what comes back under it is the same goods."""
    return row.number or f"ID-{row.id.hex[-10:].upper()}"
