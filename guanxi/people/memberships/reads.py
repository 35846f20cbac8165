"""The people of a company."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.utils import translation

from guanxi.base.errors import Words
from guanxi.people.roles import NAMES
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

    @property
    def does(self) -> str:
        """Role and job title, said once where the two are the same word."""
        role = NAMES[self.role]
        said = {"", *(in_language(role, code).casefold() for code, _name in settings.LANGUAGES)}
        return str(role) if self.title.strip().casefold() in said else f"{role} · {self.title}"


def in_language(words: Words, code: str) -> str:
    """Words as that language says them."""
    with translation.override(code):
        return str(words)


def colleagues(company: UUID, *, most: int = 1000) -> list[Colleague]:
    """By role, then by when they joined."""
    rows = Membership.objects.filter(company=company, ended_at=None).select_related("person").order_by("joined_at", "id")[:most]
    found = [Colleague(row.id, row.person_id, row.person.name, row.role, row.title) for row in rows]
    return sorted(found, key=lambda one: ORDER.index(one.role))
