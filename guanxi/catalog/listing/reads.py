"""Listings as this viewer may see them."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from guanxi.base.errors import NotFound
from guanxi.catalog.listing.table import Listing, Sku, ladder_of
from guanxi.catalog.price.rules import Ladder, lowest
from guanxi.people.table import Company
from guanxi.people.viewer import Viewer

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


def one(listing: UUID, viewer: Viewer | None, *, partner: bool = False) -> Shown:
    """For the page: what is on sale, and one's own in any state. Raises NotFound."""
    mine = Q(company_id=viewer.company) if viewer and viewer.company else Q(pk=None)
    row = Listing.objects.select_related("company", "category__parent").prefetch_related(SIZES).filter(Q(state="published") | mine, pk=listing).first()
    if row is None:
        raise NotFound
    return show(row, viewer, partner=partner, verified=is_verified(viewer))


def shop(company: UUID, viewer: Viewer | None, *, partner: bool = False, after: tuple[str, str] | None = None) -> list[Shown]:
    """What a company has on sale, newest change first; three statements however many."""
    return shown(_older(Listing.objects.filter(company_id=company, state="published"), after), viewer, partner=partner)


def mine(company: UUID, *, state: str = "", after: tuple[str, str] | None = None) -> list[Listing]:
    """All of one's own, newest change first."""
    rows = Listing.objects.filter(company_id=company).order_by("-changed_at", "-id")
    return list(_older(rows.filter(state=state) if state else rows, after))


def shown(rows: QuerySet[Listing], viewer: Viewer | None, *, partner: bool = False) -> list[Shown]:
    """These, with their sizes and the prices this viewer sees."""
    found = list(rows.select_related("company").prefetch_related(SIZES))
    verified = is_verified(viewer) if any(row.prices_for == "verified" for row in found) else False
    return [show(row, viewer, partner=partner, verified=verified) for row in found]


def show(row: Listing, viewer: Viewer | None, *, partner: bool, verified: bool) -> Shown:
    """Prices only for whom they are meant."""
    skus = list(row.skus.all())
    hidden = why_hidden(row, viewer, partner=partner, verified=verified)
    ladders = {} if hidden or row.ask else {sku.id: ladder_of(row, sku) for sku in skus}
    return Shown(row, skus, ladders, hidden)


def why_hidden(row: Listing, viewer: Viewer | None, *, partner: bool, verified: bool) -> str:
    """`signed_in`, `verified` or `partners` when this viewer is not that; `` when he may see the prices."""
    if row.prices_for == "everyone" or (viewer and viewer.company == row.company_id):
        return ""
    allowed = {"signed_in": viewer is not None, "verified": verified, "partners": partner}
    return "" if allowed[row.prices_for] else row.prices_for


def is_verified(viewer: Viewer | None) -> bool:
    """Whether the company one acts for was verified."""
    company = viewer.company if viewer else None
    return company is not None and Company.objects.filter(pk=company, verified_at__isnull=False).exists()


def _older(rows: QuerySet[Listing], after: tuple[str, str] | None) -> QuerySet[Listing]:
    ordered = rows.order_by("-changed_at", "-id")
    if after:
        ordered = ordered.filter(Q(changed_at__lt=after[0]) | Q(changed_at=after[0], id__lt=after[1]))
    return ordered[:PAGE]
