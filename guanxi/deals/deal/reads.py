"""Deals as lists want them: what lives in conversations, who owes what."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

from django.db.models import F, Q, QuerySet

from guanxi.deals.deal.table import Deal

FAR = datetime(9999, 1, 1, tzinfo=UTC)


def of_company(company: UUID) -> QuerySet[Deal]:
    """All deals of a company, on either side, newest change first."""
    return Deal.objects.filter(Q(buyer_id=company) | Q(supplier_id=company)).order_by("-updated_at", "-id")


def conversations_of(company: UUID) -> list[UUID]:
    """Every conversation in which the company has a deal."""
    return list(of_company(company).order_by().values_list("conversation_id", flat=True).distinct())


def live_in(conversations: Sequence[UUID], company: UUID) -> dict[UUID, list[Deal]]:
    """Live deals by conversation, the one with the shortest clock of ours first. One statement."""
    found = Deal.objects.filter(conversation_id__in=conversations, state="live").filter(Q(buyer_id=company) | Q(supplier_id=company))
    deals = sorted(found, key=lambda deal: (deal.turn_company != company, deal.due_at or FAR, -deal.seq))
    by_room: dict[UUID, list[Deal]] = {}
    for deal in deals:
        by_room.setdefault(deal.conversation_id, []).append(deal)
    return by_room


def obligations(company: UUID, whose: Literal["mine", "theirs"], *, limit: int = 100) -> list[Deal]:
    """Live deals in which this company (or the other side) has to move, by the clock."""
    live = of_company(company).filter(state="live", turn_company__isnull=False)
    due = live.filter(turn_company=company) if whose == "mine" else live.exclude(turn_company=company)
    return list(due.order_by(F("due_at").asc(nulls_last=True), "updated_at")[:limit])
