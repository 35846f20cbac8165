"""How a supplier answers and delivers, measured: from the rows of the last 90 days, with the count each figure rests on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

OVER = timedelta(days=90)
SOON = timedelta(hours=24)
LEAST = 5  # below this a figure would say more about one partner than about the company (quality.md A59)

# The first thing the supplier said or did after an enquiry came; one that is younger than a day and unanswered is not counted yet.
REPLIES = """
    SELECT d.supplier_id, count(*), count(*) FILTER (WHERE r.at <= d.created_at + %(soon)s),
        percentile_cont(0.5) WITHIN GROUP (ORDER BY r.at - d.created_at) FILTER (WHERE r.at IS NOT NULL)
    FROM deals_deal d JOIN deals_invite i ON i.id = d.id LEFT JOIN LATERAL (
        SELECT e.at FROM talk_entry e WHERE e.conversation_id = d.conversation_id AND e.seq > i.seq AND e.by_company = d.supplier_id AND e.kind <> 'notice'
        ORDER BY e.seq LIMIT 1) r ON true
    WHERE d.supplier_id = ANY(%(companies)s) AND d.updated_at >= %(since)s AND d.created_at >= %(since)s
        AND (r.at IS NOT NULL OR d.created_at <= %(now)s - %(soon)s)
    GROUP BY d.supplier_id
"""
# Orders whose day of shipping came: all goods were on their way by then, or were not. Cancelled ones without goods are nobody's delay.
DELIVERIES = """
    SELECT o.supplier_id, count(*) FILTER (WHERE o.ship_by <= %(now)s OR s.whole), count(*) FILTER (WHERE s.whole AND s.last <= o.ship_by),
        count(*), count(*) FILTER (WHERE EXISTS (SELECT 1 FROM deals_dispute x WHERE x.deal_id = o.deal_id AND x.order_id = o.id))
    FROM deals_order o LEFT JOIN LATERAL (
        SELECT max(at) AS last, o.goods_state IN ('sent', 'arrived') AS whole FROM deals_shipment s
        WHERE s.conversation_id = o.conversation_id AND s.order_id = o.id) s ON true
    WHERE o.supplier_id = ANY(%(companies)s) AND o.placed_at >= %(since)s AND (s.last IS NOT NULL OR (o.state = 'placed' AND o.money <> 'none'))
    GROUP BY o.supplier_id
"""


@dataclass(frozen=True, slots=True)
class Response:
    """Counts of the last 90 days. `median` is the usual time to a first reply; a share is None below LEAST."""

    enquiries: int = 0
    soon: int = 0
    median: timedelta | None = None
    due: int = 0
    on_time: int = 0
    orders: int = 0
    disputed: int = 0

    @property
    def reply_time(self) -> timedelta | None:
        return self.median if self.enquiries >= LEAST else None

    @property
    def soon_share(self) -> int | None:
        """Percent of enquiries answered within a day."""
        return share(self.soon, self.enquiries)

    @property
    def on_time_share(self) -> int | None:
        """Percent of orders shipped whole by their day."""
        return share(self.on_time, self.due)

    @property
    def dispute_share(self) -> int | None:
        """Percent of paid or shipped orders that were disputed."""
        return share(self.disputed, self.orders)


def share(part: int, whole: int) -> int | None:
    """Percent, cut off so that 100 means all; None for too few."""
    return part * 100 // whole if whole >= LEAST else None


def of(companies: Iterable[UUID], *, now: datetime) -> dict[UUID, Response]:
    """By company, in two statements whatever their number; one that was asked nothing and sold nothing has empty figures."""
    wanted = list(dict.fromkeys(companies))
    given: dict[str, Any] = {"companies": wanted, "now": now, "since": now - OVER, "soon": SOON}
    with connection.cursor() as cursor:
        cursor.execute(REPLIES, given)
        replies = {row[0]: row[1:] for row in cursor.fetchall()}
        cursor.execute(DELIVERIES, given)
        deliveries = {row[0]: row[1:] for row in cursor.fetchall()}
    return {one: Response(*replies.get(one, (0, 0, None)), *deliveries.get(one, (0, 0, 0, 0))) for one in wanted}
