"""What stands against a person or a company, and what operators did to them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q

from guanxi.people.operators.table import OperatorAct
from guanxi.people.standing.table import Appeal, Measure

MOST = 50


def in_force(measure: Measure, now: datetime) -> bool:
    """Whether it still has an effect. A warning has none but its words."""
    return measure.kind != "warn" and measure.lifted_at is None and (measure.until is None or measure.until > now)


def of_person(person: UUID) -> list[Measure]:
    """Newest first, with appeals."""
    return _listed(person_id=person)


def of_company(company: UUID) -> list[Measure]:
    """Newest first, with appeals."""
    return _listed(company_id=company)


def _listed(**of: Any) -> list[Measure]:
    appeals = Prefetch("appeals", Appeal.objects.order_by("-at"))
    return list(Measure.objects.filter(**of).order_by("-at").prefetch_related(appeals)[:MOST])


def acts_about(*, person: UUID | None = None, company: UUID | None = None) -> list[OperatorAct]:
    """What operators did to him or it, with their reasons, newest first (quality.md A56)."""
    concerned = Q(person_id=person) if person else Q(pk=None)
    if company:
        concerned |= Q(company_id=company)
    return list(OperatorAct.objects.filter(concerned).order_by("-at")[:MOST])
