"""Lines of an enquiry are taken by orders, and given free when an order ends before anything was shipped."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import Refused
from guanxi.base.ids import new_id
from guanxi.deals.award.table import Award
from guanxi.deals.rfq.table import RfqLine

CLAIM = """
    INSERT INTO deals_award (id, rfq_id, n, order_id, at) SELECT v.id, %s, v.n, v.order_id, %s
    FROM unnest(%s::uuid[], %s::integer[], %s::uuid[]) AS v(id, n, order_id) ON CONFLICT DO NOTHING
"""


def claim(rfq: UUID, orders: Mapping[UUID, Sequence[int]], *, now: datetime) -> None:
    """These lines go into these orders. Raises Refused when one of them went elsewhere: the constraint decides between two colleagues."""
    rows = [(new_id(), n, order) for order, lines in orders.items() for n in lines]
    ids, ns, into = (list(column) for column in zip(*rows, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [rfq, now, ids, ns, into])
        if cursor.rowcount != len(rows):
            raise Refused("line-awarded", _("One of these items has been awarded already. Look again, then decide."))


def taken(rfq: UUID) -> dict[int, UUID]:
    """The order of every line that is awarded."""
    return dict(Award.objects.filter(rfq_id=rfq, freed_at=None).values_list("n", "order_id"))


def left(rfq: UUID) -> bool:
    """Whether a line is still nobody's."""
    gone = Award.objects.filter(rfq_id=rfq, freed_at=None).values("n")
    return RfqLine.objects.filter(rfq_id=rfq).exclude(n__in=gone).exists()


def free(order: UUID, *, now: datetime) -> None:
    """The order ended: while its enquiry is awarded only in part, its lines may go to another supplier."""
    Award.objects.filter(order_id=order, freed_at=None).update(freed_at=now)
