"""The people of a company."""

from dataclasses import dataclass
from uuid import UUID

from guanxi.people.table import Membership

ORDER = ("owner", "admin", "sales", "purchaser", "finance", "viewer")


@dataclass(frozen=True, slots=True)
class Colleague:
    """One who works for the company now."""

    id: UUID
    person: UUID
    name: str
    role: str
    title: str


def colleagues(company: UUID, *, most: int = 1000) -> list[Colleague]:
    """By role, then by when they joined."""
    rows = Membership.objects.filter(company=company, ended_at=None).select_related("person").order_by("joined_at", "id")[:most]
    found = [Colleague(row.id, row.person_id, row.person.name, row.role, row.title) for row in rows]
    return sorted(found, key=lambda one: ORDER.index(one.role))
