"""The demo's people, to enter with one tap: only in a demo, and only from this machine unless the operator says otherwise (quality.md A60)."""

from uuid import UUID

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest

from guanxi.base.errors import NotFound
from guanxi.base.http import client_address
from guanxi.people.table import Membership, Person
from guanxi.people.tokens import REPLAY

LOOPBACK = ("127.0.0.1", "::1")


def allowed(request: HttpRequest) -> bool:
    """Whether this visitor may enter as a demo person, and read codes on the page."""
    return settings.DEMO and (settings.DEMO_PUBLIC or (client_address(request) in LOOPBACK and not came_through_a_stranger(request)))


def came_through_a_stranger(request: HttpRequest) -> bool:
    """Behind a proxy on this machine that nobody configured, every caller looks local."""
    forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return forwarded and request.META.get("REMOTE_ADDR") not in settings.TRUSTED_PROXIES


def people() -> list[Person]:
    """Those of the demo world, each with the `company` he joined first."""
    works = Membership.objects.filter(person=OuterRef("pk"), ended_at=None).order_by("joined_at", "id")
    shown = Person.objects.filter(demo=True, is_active=True, closed_at=None).exclude(email=REPLAY)
    return list(shown.annotate(company=Subquery(works.values("company__name")[:1]), role=Subquery(works.values("role")[:1])).order_by("created_at", "id")[:30])


def person(chosen: UUID) -> UUID:
    """Raises NotFound for anybody who is not of the demo."""
    found = Person.objects.filter(pk=chosen, demo=True, is_active=True, closed_at=None).values_list("id", flat=True).first()
    if found is None:
        raise NotFound
    return found
