"""What is due: deals that wait for a company, and those that wait for others, by clock."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, QuerySet

from guanxi.deals.deal.line import TurnLine, turn_line
from guanxi.deals.deal.table import Deal
from guanxi.people.table import Company

MOST = 50
BY_CLOCK = ("due_at", "-updated_at")  # without a clock last, as PostgreSQL sorts


@dataclass(frozen=True, slots=True)
class Duty:
    """One line of the workbench. `other` is the company across the table."""

    deal: Deal
    other: UUID
    other_name: str
    line: TurnLine


def duties(company: UUID) -> tuple[list[Duty], list[Duty]]:
    """Mine and theirs, the shortest clock first: three statements whatever their number."""
    mine = list(Deal.objects.filter(turn_company=company, state="live").order_by(*BY_CLOCK)[:MOST])
    theirs = list(waiting("buyer_id", company, "supplier_id").union(waiting("supplier_id", company, "buyer_id"), all=True).order_by(*BY_CLOCK)[:MOST])
    names = dict(Company.objects.filter(id__in={across(deal, company) for deal in mine + theirs}).values_list("id", "name"))
    return [duty(deal, company, names) for deal in mine], [duty(deal, company, names) for deal in theirs]


def waiting(ours: str, company: UUID, theirs: str) -> QuerySet[Deal]:
    """Live deals on one side of which the company stands while the other has to move; each way has an index of its own (deal_waits_*)."""
    return Deal.objects.filter(state="live", turn_company=F(theirs), **{ours: company}).order_by(*BY_CLOCK)[:MOST]


def across(deal: Deal, company: UUID) -> UUID:
    """The other side."""
    return deal.supplier_id if deal.buyer_id == company else deal.buyer_id


def duty(deal: Deal, company: UUID, names: dict[UUID, str]) -> Duty:
    other = across(deal, company)
    return Duty(deal, other, names.get(other, ""), turn_line(deal, company))
