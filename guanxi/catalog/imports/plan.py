"""Products of a list beside what the shop holds: matched by item number, or by title and sizes where there is none."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from guanxi.catalog.category.table import Category
from guanxi.catalog.imports.draft import draft_of, trouble
from guanxi.catalog.imports.same import differences, kept, number_of, options_of
from guanxi.catalog.listing.forms import Draft, SkuDraft
from guanxi.catalog.listing.reads import SIZES
from guanxi.catalog.listing.table import Listing, Sku
from guanxi.sheets import Product
from guanxi.sheets.cell import tidy


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
    known: dict[tuple[str, ...], Listing] = {}
    for row in _listings(company):
        known[key_of(row.number, row.title, _options(row.dimensions, row.skus.all()))] = row
        known.setdefault(key_of(number_of(row), "", []), row)
    steps = []
    for product in products:
        if trouble(product):
            continue
        draft = draft_of(product, categories)
        was = known.get(key_of(draft.columns["number"], draft.columns["title"], _options(draft.columns["dimensions"], draft.skus)))
        steps.append(Step(product, kept(was, draft), was, differences(was, draft)) if was else Step(product, draft, None, []))
    return steps


def _listings(company: UUID) -> list[Listing]:
    return list(Listing.objects.filter(company_id=company).exclude(state="removed").prefetch_related(SIZES))


def key_of(number: str, title: str, sizes: list[list[str]]) -> tuple[str, ...]:
    """What makes goods the same goods on two lists."""
    return ("number", tidy(number).casefold()) if number else ("title", tidy(title).casefold(), *sorted(" ".join(one) for one in sizes))


def _options(dimensions: list[str], skus: Iterable[Sku | SkuDraft]) -> list[list[str]]:
    return [[text for _kind, text in sorted(options_of(dimensions, sku.options).items())] for sku in skus]
