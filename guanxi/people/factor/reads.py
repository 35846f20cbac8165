"""What somebody has set up to show who he is, and when he last did."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from guanxi.base import clock
from guanxi.base.errors import Refused
from guanxi.people.factor import keys, recovery
from guanxi.people.factor.table import Authenticator, Passkey
from guanxi.people.table import Device

FRESH = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Factors:
    """The settings page's picture."""

    app_since: datetime | None
    passkeys: list[Passkey]
    recovery_left: int

    @property
    def any(self) -> bool:
        return self.app_since is not None or bool(self.passkeys)


def of(person: UUID) -> Factors:
    """Three statements."""
    app = Authenticator.objects.filter(person=person).values_list("confirmed_at", flat=True).first()
    return Factors(app, keys.of(person), recovery.left(person))


def has(person: UUID) -> bool:
    """Whether signing in asks for a second factor."""
    confirmed = Authenticator.objects.filter(person=person, confirmed_at__isnull=False).values("pk")
    return confirmed.union(Passkey.objects.filter(person=person).values("pk")).exists()


def shown_at(device: UUID | None) -> datetime | None:
    """When a second factor was last shown on this device."""
    return Device.objects.filter(pk=device, ended_at=None).values_list("factor_at", flat=True).first() if device else None


def second_factor_fresh(request: HttpRequest, *, within: timedelta = FRESH) -> bool:
    """Whether the person at this browser showed a second factor a moment ago: for acts that one person may not do by a session alone."""
    viewer = getattr(request, "viewer", None)
    return viewer is not None and is_fresh(viewer.device, now=clock.now(), within=within)


def is_fresh(device: UUID | None, *, now: datetime, within: timedelta = FRESH) -> bool:
    """The same, by device."""
    at = shown_at(device)
    return at is not None and now - within <= at <= now + timedelta(minutes=1)


def require_fresh(request: HttpRequest) -> None:
    """Raises Refused, saying where to show it."""
    if not second_factor_fresh(request):
        raise Refused("second-factor", _("Show your second factor first: open Settings, Two-step sign-in, then do this again within ten minutes."))
