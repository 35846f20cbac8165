"""Products of a list beside what the shop holds: matched by item number, or by title and sizes where there is none."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from guanxi.catalog.category.table import Category
from guanxi.catalog.imports.draft import draft_of, trouble
from guanxi.catalog.listing.forms import Draft, SkuDraft
from guanxi.catalog.listing.reads import SIZES
from guanxi.catalog.listing.table import Listing, Sku
from guanxi.sheets import Product

# What a list says again; the rest (pictures, description when the list has none, who sees prices) stays as the supplier wrote it.
SAID = ("title", "unit", "minimum", "step", "pack", "pack_unit", "ask", "currency", "tiers", "tax_included", "dimensions")


@dataclass(frozen=True, slots=True)
class Step:
    """One product: `listing` None for a new one; `changes` names the columns that differ, `skus` among them; none: it is as it was."""

    product: Product
    draft: Draft
    listing: Listing | None
    changes: list[str]

    @property
    def kind(self) -> str:
        return "new" if self.listing is None else "changed" if self.changes else "same"


def plan(company: UUID, products: Iterable[Product]) -> list[Step]:
    """In the order of the list: three statements however long it is. Products in a currency we do not know are left out (`trouble`)."""
    categories = {name.casefold(): row.code for row in Category.objects.filter(depth=2) for name in (row.zh, row.en)}
    known = {key_of(row.number, row.title, [sku.options for sku in row.skus.all()]): row for row in _listings(company)}
    steps = []
    for product in products:
        if trouble(product):
            continue
        draft = draft_of(product, categories)
        row = known.get(key_of(draft.columns["number"], draft.columns["title"], [sku.options for sku in draft.skus]))
        steps.append(Step(product, draft, row, differences(row, draft) if row else []))
    return steps


def _listings(company: UUID) -> list[Listing]:
    return list(Listing.objects.filter(company_id=company).exclude(state="removed").prefetch_related(SIZES))


def key_of(number: str, title: str, sizes: list[list[str]]) -> tuple[str, ...]:
    """What makes goods the same goods on two lists."""
    return ("number", number.casefold()) if number else ("title", title.casefold(), *sorted(" ".join(one) for one in sizes))


def differences(row: Listing, draft: Draft) -> list[str]:
    """The columns in which the list says something else."""
    found = [name for name in SAID if _plain(getattr(row, name)) != _plain(draft.columns[name])]
    return found + (["skus"] if sizes_of(row.skus.all()) != sizes_of(draft.skus) else [])


def sizes_of(skus: Iterable[Sku | SkuDraft]) -> list[tuple[object, ...]]:
    """Sizes as compared."""
    return [(list(sku.options), sku.barcode, _plain(sku.tiers or []), _plain(sku.stock)) for sku in skus]


def _plain(value: object) -> object:
    """Numbers by value, whatever their zeros."""
    if isinstance(value, Decimal):
        return value.normalize()
    if isinstance(value, list) and value and isinstance(value[0], list):
        return [[Decimal(one).normalize() for one in row] for row in value]
    return value
