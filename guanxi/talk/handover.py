"""Somebody stops working for a company: the conversations he answered for get another responsible colleague (principle 2)."""

from datetime import datetime
from uuid import UUID

from guanxi.talk.table import Party


def hand_over(*, company: UUID, leaver: UUID, heir: UUID | None, now: datetime) -> int:
    """Called in the transaction that ends his membership; how many conversations went over."""
    return Party.objects.filter(company_id=company, responsible_id=leaver, left_at=None).update(responsible_id=heir)
