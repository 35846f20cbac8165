"""What is due: deals that wait for a company, and those that wait for others, by clock."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Q

from guanxi.deals.deal.line import TurnLine, turn_line
from guanxi.deals.deal.table import Deal
from guanxi.people.table import Company

MOST = 50


@dataclass(frozen=True, slots=True)
class Duty:
    """One line of the workbench. `other` is the company across the table."""

    deal: Deal
    other: UUID
    other_name: str
    line: TurnLine


def duties(company: UUID) -> tuple[list[Duty], list[Duty]]:
    """Mine and theirs, the shortest clock first: three statements whatever their number."""
    by_clock = (F("due_at").asc(nulls_last=True), "-updated_at")
    mine = list(Deal.objects.filter(turn_company=company, state="live").order_by(*by_clock)[:MOST])
    waiting = Deal.objects.filter(Q(buyer_id=company) | Q(supplier_id=company), state="live", turn_company__isnull=False).exclude(turn_company=company)
    theirs = list(waiting.order_by(*by_clock)[:MOST])
    names = dict(Company.objects.filter(id__in={across(deal, company) for deal in mine + theirs}).values_list("id", "name"))
    return [duty(deal, company, names) for deal in mine], [duty(deal, company, names) for deal in theirs]


def across(deal: Deal, company: UUID) -> UUID:
    """The other side."""
    return deal.supplier_id if deal.buyer_id == company else deal.buyer_id


def duty(deal: Deal, company: UUID, names: dict[UUID, str]) -> Duty:
    other = across(deal, company)
    return Duty(deal, other, names.get(other, ""), turn_line(deal, company))
