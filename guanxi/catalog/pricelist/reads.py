"""What was agreed with one buyer. Whoever asks for prices asks here first; nobody is told of another's list."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Q

from guanxi.base.errors import NotFound
from guanxi.catalog.price.rules import Ladder, ladder
from guanxi.catalog.pricelist.table import Agreed, PriceList

MOST = 100
WITH = ("customers__company", "prices__listing")


@dataclass(frozen=True, slots=True)
class Prices:
    """Ladders by (listing, size); size None: every size of it."""

    found: dict[tuple[UUID, UUID | None], Ladder]

    def of(self, listing: UUID, sku: UUID) -> Ladder | None:
        """What this buyer pays, None where nothing was agreed."""
        return self.found.get((listing, sku)) or self.found.get((listing, None))


NOTHING = Prices({})


def agreed(buyer: UUID | None, listings: Iterable[UUID], *, on: date) -> Prices:
    """One statement, whatever the length. The list of the highest priority that names the goods holds for all their sizes."""
    wanted = list(listings)
    if buyer is None or not wanted:
        return NOTHING
    valid = Q(price_list__starts_on=None) | Q(price_list__starts_on__lte=on), Q(price_list__ends_on=None) | Q(price_list__ends_on__gte=on)
    rows = Agreed.objects.filter(*valid, listing_id__in=wanted, price_list__customers__company_id=buyer, price_list__ended_at=None)
    first: dict[UUID, UUID] = {}
    found = {}
    for row in rows.order_by("-price_list__priority", "-price_list__made_at", "-price_list_id"):
        if first.setdefault(row.listing_id, row.price_list_id) == row.price_list_id:
            found[(row.listing_id, row.sku_id)] = ladder((Decimal(least), Decimal(price)) for least, price in row.tiers)
    return Prices(found)


def every(company: UUID) -> list[PriceList]:
    """A supplier's lists, the newest first, with `buyers` and `goods` counted."""
    counted = {"buyers": Count("customers", distinct=True), "goods": Count("prices__listing", distinct=True)}
    return list(PriceList.objects.filter(company_id=company).annotate(**counted).order_by("-made_at", "-id")[:MOST])


def whole(company: UUID) -> list[PriceList]:
    """The same with customers and prices."""
    return list(PriceList.objects.filter(company_id=company).prefetch_related(*WITH).order_by("-made_at", "-id")[:MOST])


def one(company: UUID, price_list: UUID) -> PriceList:
    """One of them. Raises NotFound."""
    found = PriceList.objects.prefetch_related(*WITH).filter(pk=price_list, company_id=company).first()
    if found is None:
        raise NotFound
    return found
