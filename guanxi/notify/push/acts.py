"""Turn push on for a device, choose what comes, turn it off. It belongs to the session it was made in and ends with it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from guanxi.base import limits
from guanxi.base.errors import Invalid, NotFound, Refused
from guanxi.notify.push import keys
from guanxi.notify.push.table import Subscription
from guanxi.notify.webhook import target
from guanxi.people.table import Person

MOST = 10
PER_HOUR = 60


def add(person: UUID, session: UUID | None, *, endpoint: object, p256dh: object, auth: object, now: datetime) -> Subscription:
    """This browser hears from now on; a second time gives it a new address. Raises Invalid for an address we would never post to, Refused for too many."""
    if not keys.is_on() or session is None:
        raise NotFound
    limits.hit(f"push:{person}", limit=PER_HOUR, seconds=3600, now=now)
    said = {"endpoint": address(endpoint), "p256dh": point(p256dh), "auth": secret(auth), "key": keys.public()}
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=person)  # two tabs count one after the other
        Subscription.objects.filter(endpoint=said["endpoint"], p256dh=said["p256dh"], auth=said["auth"]).delete()  # this browser, whoever used it before
        before = Subscription.objects.filter(person_id=person, session_id=session).first()
        if before is None and Subscription.objects.filter(person_id=person).count() >= MOST:
            raise Refused("too-many-devices", _("{most} of your devices get pushes. Turn one off first."), most=MOST)
        kept = {"talk": before.talk, "details": before.details} if before else {}
        Subscription.objects.filter(person_id=person, session_id=session).delete()
        try:
            with transaction.atomic():
                return Subscription.objects.create(
                    person_id=person, session_id=session, made_at=now, looked_at=now, busy_until=now, pause_until=now, **said, **kept
                )
        except IntegrityError:
            raise Invalid({"endpoint": _("This is not an address of this browser.")}) from None


def choose(person: UUID, subscription: UUID, *, talk: bool, details: bool) -> None:
    """What comes, and how much of it is shown. Raises NotFound for one that is not his."""
    if not Subscription.objects.filter(pk=subscription, person_id=person).update(talk=talk, details=details):
        raise NotFound


def remove(person: UUID, subscription: UUID) -> None:
    """No more there, with all that waits. Raises NotFound for one that is not his."""
    if not Subscription.objects.filter(pk=subscription, person_id=person).delete()[0]:
        raise NotFound


def address(given: object) -> str:
    """A push service's address: public, https, by name, by the rules of webhooks. Raises Invalid."""
    try:
        where = target.read(given)
    except Invalid as error:
        raise Invalid({"endpoint": next(iter(error.fields.values()))}) from None
    if ":" in where.host:  # no service is a bare IPv6 address, and our signature could not name it
        raise Invalid({"endpoint": _("This is not an address of this browser.")})
    return where.url


def point(given: object) -> str:
    """The browser's public key: a point of P-256, uncompressed. Raises Invalid."""
    try:
        raw = keys.unpacked(str(given)[:120])
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)
    except ValueError:
        raise Invalid({"p256dh": _("This is no key of a browser.")}) from None
    return keys.packed(raw)


def secret(given: object) -> str:
    """The browser's secret: 16 bytes. Raises Invalid."""
    try:
        raw = keys.unpacked(str(given)[:60])
    except ValueError:
        raw = b""
    if len(raw) != 16:
        raise Invalid({"auth": _("This is no key of a browser.")})
    return keys.packed(raw)


def sessions_ended(sessions: Iterable[UUID]) -> None:
    """Inside the transaction that signs devices out or ends tokens: nothing comes there any more."""
    Subscription.objects.filter(session_id__in=list(sessions)).delete()


def member_changed(person: UUID) -> None:
    """Inside the transaction that ends his membership or changes his role: he turns it on again as what he is now."""
    Subscription.objects.filter(person_id=person).delete()


def as_made(row: Subscription) -> dict[str, Any]:
    """What an act answers."""
    return {"subscription": str(row.id)}
