"""Listings as this viewer may see them."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from guanxi.base import clock
from guanxi.base.errors import NotFound
from guanxi.catalog.listing.table import Listing, Sku, ladder_of
from guanxi.catalog.price.rules import Ladder, lowest
from guanxi.catalog.pricelist.reads import Prices, agreed
from guanxi.people.table import Company
from guanxi.people.viewer import Viewer
from guanxi.talk.open import partners_among

PAGE = 24
SIZES = Prefetch("skus", Sku.objects.filter(gone_at=None).order_by("n"))


@dataclass(frozen=True, slots=True)
class Shown:
    """A listing with the ladders this viewer sees; `hidden` names what keeps the prices from him, `` when nothing does."""

    listing: Listing
    skus: list[Sku]
    ladders: dict[UUID, Ladder]
    hidden: str

    @property
    def named_price(self) -> Decimal | None:
        """The lowest unit price, None when it is asked for or not shown."""
        return lowest(list(self.ladders.values()))

    @property
    def in_stock(self) -> bool:
        """Whether some size lies ready."""
        return any((sku.free or 0) > 0 for sku in self.skus)


@dataclass(frozen=True, slots=True)
class Standing:
    """What this viewer is to those who choose whom they show prices to."""

    viewer: Viewer | None
    verified: bool
    partners: set[UUID]


def one(listing: UUID, viewer: Viewer | None) -> Shown:
    """For the page: what is on sale, and one's own in any state. Raises NotFound."""
    mine = Q(company_id=viewer.company) if viewer and viewer.company else Q(pk=None)
    found = shown(Listing.objects.select_related("category__parent").filter(Q(state="published") | mine, pk=listing), viewer)
    if not found:
        raise NotFound
    return found[0]


def shop(company: UUID, viewer: Viewer | None, *, after: tuple[str, str] | None = None) -> list[Shown]:
    """What a company has on sale, newest change first; as many statements for few as for many."""
    return shown(_older(Listing.objects.filter(company_id=company, state="published"), after), viewer)


def mine(company: UUID, *, state: str = "", after: tuple[str, str] | None = None) -> list[Listing]:
    """All of one's own, newest change first."""
    rows = Listing.objects.filter(company_id=company)
    return list(_older(rows.filter(state=state) if state else rows, after))


def shown(rows: QuerySet[Listing], viewer: Viewer | None) -> list[Shown]:
    """These, with their sizes and the prices this viewer sees."""
    return show_all(list(rows.select_related("company").prefetch_related(SIZES)), viewer)


def show_all(rows: list[Listing], viewer: Viewer | None) -> list[Shown]:
    """Prices only for whom they are meant. The sizes are prefetched (SIZES)."""
    standing = standing_of(viewer, rows)
    prices = agreed(viewer.company if viewer else None, [row.id for row in rows], on=clock.today())
    return [_show(row, standing, prices) for row in rows]


def _show(row: Listing, standing: Standing, prices: Prices) -> Shown:
    """What was agreed with this buyer goes before everything, also where others must ask or see nothing."""
    skus = list(row.skus.all())
    hidden = why_hidden(row, standing)
    ladders = {sku.id: found for sku in skus if (found := prices.of(row.id, sku.id) or (() if hidden or row.ask else ladder_of(row, sku)))}
    return Shown(row, skus, ladders, "" if ladders else hidden)


def why_hidden(row: Listing, standing: Standing) -> str:
    """`signed_in`, `verified` or `partners` when this viewer is not that; `` when he may see the prices."""
    viewer = standing.viewer
    if row.prices_for == "everyone" or (viewer and viewer.company == row.company_id):
        return ""
    allowed = {"signed_in": viewer is not None, "verified": standing.verified, "partners": row.company_id in standing.partners}
    return "" if allowed[row.prices_for] else row.prices_for


def standing_of(viewer: Viewer | None, rows: list[Listing]) -> Standing:
    """Looked up only as far as these rows ask for it."""
    company = viewer.company if viewer else None
    asked = {row.prices_for for row in rows}
    verified = "verified" in asked and company is not None and Company.objects.filter(pk=company, verified_at__isnull=False).exists()
    return Standing(viewer, verified, partners_among(company, {row.company_id for row in rows if row.prices_for == "partners"}))


def _older(rows: QuerySet[Listing], after: tuple[str, str] | None) -> QuerySet[Listing]:
    ordered = rows.order_by("-changed_at", "-id")
    if after:
        ordered = ordered.filter(Q(changed_at__lt=after[0]) | Q(changed_at=after[0], id__lt=after[1]))
    return ordered[:PAGE]
