"""What others say of a company, from finished deals only."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Avg, Count, Q

from guanxi.deals.deal.table import Deal
from guanxi.deals.review.table import Review
from guanxi.people.table import Company


@dataclass(frozen=True, slots=True)
class ReviewView:
    """`side` is the reviewer's part in the deal; `answer` what the reviewed company said to it."""

    stars: int
    text: str
    at: datetime
    by_name: str
    side: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Stars:
    """`average` is None without reviews; `done` counts finished deals."""

    count: int
    average: Decimal | None
    done: int


def of_order(conversation: UUID, order_id: UUID) -> list[Review]:
    """Both sides' reviews of one order."""
    return list(Review.objects.of(conversation).filter(order_id=order_id).order_by("at"))


def of_company(company: UUID, limit: int = 20) -> list[ReviewView]:
    """The newest first."""
    rows = list(Review.objects.filter(of_company=company).order_by("-at")[:limit])
    names = dict(Company.objects.filter(pk__in={row.by_company for row in rows}).values_list("id", "name"))
    return [ReviewView(row.stars, row.text, row.at, names.get(row.by_company, ""), row.side, row.answer) for row in rows]


def figures(company: UUID) -> Stars:
    """What its page shows as measured."""
    said = Review.objects.filter(of_company=company).aggregate(count=Count("id"), average=Avg("stars"))
    done = Deal.objects.filter(Q(buyer_id=company) | Q(supplier_id=company), state="done").count()
    average = None if said["average"] is None else Decimal(str(said["average"])).quantize(Decimal("0.1"))
    return Stars(said["count"], average, done)


def reported(*, limit: int = 100) -> list[Review]:
    """What companies reported, the newest first, for the operator: one query by its own index."""
    return list(Review.objects.filter(reported_at__isnull=False).order_by("-reported_at")[:limit])
