"""Set up, show and take away second factors. What is set up for the first time brings recovery codes, shown once."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guanxi.base import limits, text
from guanxi.base.errors import Invalid, NotFound, Refused
from guanxi.people.factor import app, reads, recovery
from guanxi.people.factor.table import Authenticator, Passkey, RecoveryCode
from guanxi.people.table import Device, Person

TRIES_AN_HOUR = 10
HOUR = 3600
WRONG = _("This code is wrong or was used before. Wait for the next one.")


def show(person: UUID, typed: object, *, ip: str, now: datetime) -> None:
    """A code of the app, or a recovery code. Raises Invalid for `code`, Limited after ten tries in an hour (quality.md A53)."""
    limits.hit(f"factor:ip:{ip}", limit=100, seconds=HOUR, now=now)
    limits.hit(f"factor:{person}", limit=TRIES_AN_HOUR, seconds=HOUR, now=now)
    given = "".join(typed.split()) if isinstance(typed, str) and len(typed) < 40 else ""
    if not (app.use(person, given, now=now) or recovery.use(person, given, now=now)):
        raise Invalid({"code": WRONG})


def shown(device: UUID | None, *, now: datetime) -> None:
    """This device showed a second factor just now."""
    if device:
        Device.objects.filter(pk=device, ended_at=None).update(factor_at=now)


def begin_app(person: UUID, *, now: datetime) -> str:
    """The secret for a new app. Raises Refused when there is one."""
    if Authenticator.objects.filter(person=person, confirmed_at__isnull=False).exists():
        raise Refused("app-already", _("An authenticator app is set up. Remove it before you add another one."))
    return app.begun(person) or app.draw(person, now=now)


def confirm_app(person: UUID, typed: object, *, now: datetime) -> list[str]:
    """The app counts from the first right code on; the recovery codes when there were none. Raises Invalid for `code`."""
    limits.hit(f"factor:confirm:{person}", limit=TRIES_AN_HOUR, seconds=HOUR, now=now)
    given = "".join(typed.split()) if isinstance(typed, str) else ""
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=person)
        if not app.use(person, given, now=now, confirmed=False):
            raise Invalid({"code": _("This code does not fit. Check that your phone's clock is right, and type the newest code.")})
        Authenticator.objects.filter(person=person, confirmed_at=None).update(confirmed_at=now)
        return first_codes(person, now=now)


def first_codes(person: UUID, *, now: datetime) -> list[str]:
    """Recovery codes for one who has none left; nothing otherwise."""
    return [] if recovery.left(person) else recovery.draw(person, now=now)


def remove_app(person: UUID) -> None:
    """Raises NotFound without one."""
    with transaction.atomic():
        if not Authenticator.objects.filter(person=person).delete()[0]:
            raise NotFound
        _end_codes(person)


def rename_key(person: UUID, passkey: UUID, *, name: object) -> None:
    """Raises NotFound for one that is not his, Invalid for `name`."""
    said = text.clean(name, field="name", most=60, least=1)
    if not Passkey.objects.filter(pk=passkey, person=person).update(name=said):
        raise NotFound


def remove_key(person: UUID, passkey: UUID) -> None:
    """Raises NotFound for one that is not his."""
    with transaction.atomic():
        if not Passkey.objects.filter(pk=passkey, person=person).delete()[0]:
            raise NotFound
        _end_codes(person)


def _end_codes(person: UUID) -> None:
    """Recovery codes recover nothing once there is no factor."""
    if not reads.has(person):
        RecoveryCode.objects.filter(person=person).delete()


def forget(person: UUID) -> None:
    """Everything: an operator's help for one who lost phone and paper, and closing an account."""
    Authenticator.objects.filter(person=person).delete()
    Passkey.objects.filter(person=person).delete()
    RecoveryCode.objects.filter(person=person).delete()
