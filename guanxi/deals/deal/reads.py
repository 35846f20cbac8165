"""Deals as others ask for them."""

from uuid import UUID

from django.db.models import Q

from guanxi.deals.deal.table import Deal


def conversations_of(company: UUID) -> list[UUID]:
    """Every conversation in which the company has a deal, on either side."""
    return list(Deal.objects.filter(Q(buyer_id=company) | Q(supplier_id=company)).values_list("conversation_id", flat=True).distinct())
