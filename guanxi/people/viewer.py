"""Who looks and acts: a person, and the company he does it for."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest

from guanxi.people.roles import can


@dataclass(frozen=True, slots=True)
class Viewer:
    """`company` is None for a person without a company; `role` is his role there, read fresh with every request."""

    person: UUID
    name: str
    company: UUID | None = None
    company_name: str = ""
    role: str | None = None
    language: str = "zh-hans"
    theme: str = ""
    device: UUID | None = None
    operator: bool = False
    suspended: bool = False

    def can(self, power: str) -> bool:
        """Whether his role has this power for the company he acts for."""
        return can(self.role, power)

    @property
    def company_id(self) -> UUID | None:
        """As templates say it beside `company_name`."""
        return self.company

    @property
    def person_id(self) -> UUID:
        """As templates say it."""
        return self.person


class Request(HttpRequest):
    """Any request of a page; `viewer` comes from people.middleware.Viewer."""

    viewer: Viewer | None
    barred: Viewer | None  # signed in, and suspended: he may read why, appeal and leave


class SignedIn(Request):
    """A request that passed `signed_in`."""

    viewer: Viewer

