"""Passkeys: WebAuthn by the `fido2` library. A ceremony is begun (options and a state to keep), then answered by the browser.

https://www.w3.org/TR/webauthn-3/ · The state lives in the session and serves once. A passkey belongs to one host name; an address
made of numbers has none, and there is no way to make one there.
"""

import ipaddress
import json
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from guanxi.base import text
from guanxi.base.errors import Invalid, Refused
from guanxi.people.factor.table import Passkey

LONGEST = 30_000  # signs of an answer; real ones have about two thousand
MOST = 20  # passkeys of one person
LIVES = 300  # seconds to touch the key
VERIFIED = UserVerificationRequirement.REQUIRED  # finger, face or PIN: a passkey is two factors in one
WRONG = _("This passkey was not accepted. Try again, or use another way.")


def possible(host: str) -> bool:
    """Whether browsers make passkeys for this host name."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return bool(host)
    return False


def server(host: str) -> Fido2Server:
    """For one host name. Origins are those the operator configured, and of this host."""

    def ours(origin: str) -> bool:
        return origin in settings.ALLOWED_ORIGINS and urlsplit(origin).hostname == host

    return Fido2Server(PublicKeyCredentialRpEntity(name="Guanxi", id=host), verify_origin=ours)


def of(person: UUID) -> list[Passkey]:
    """His, oldest first."""
    return list(Passkey.objects.filter(person=person).order_by("made_at", "id"))


def begin_adding(person: UUID, name: str, *, host: str, now: datetime) -> tuple[dict[str, Any], dict[str, Any]]:
    """Options for the browser and the state to keep. Raises Refused for too many or a host without a name."""
    if not possible(host):
        raise Refused("no-host-name", _("Passkeys need a host name. Open this site by its name instead of its number."))
    has = of(person)
    if len(has) >= MOST:
        raise Refused("too-many-passkeys", _("You have {most} passkeys. Remove one you no longer use."), most=MOST)
    user = PublicKeyCredentialUserEntity(id=person.bytes, name=name, display_name=name)
    known = [credential(one) for one in has]
    options, state = server(host).register_begin(user, credentials=known, resident_key_requirement=ResidentKeyRequirement.PREFERRED, user_verification=VERIFIED)
    return dict(options), _kept(state, now)


def add(person: UUID, answer: object, state: object, *, name: object, host: str, now: datetime) -> Passkey:
    """Keep what the browser made. Raises Invalid for `passkey` when it is not what was asked for."""
    said = text.clean(name, field="name", most=60) or str(_("Passkey"))
    given, asked = _answer(answer), _asked(state, now)
    try:
        made = server(host).register_complete(asked, given).credential_data
    except Exception as error:  # whatever a stranger's bytes do to the parser, the answer is no
        raise Invalid({"passkey": WRONG}) from error
    if made is None:
        raise Invalid({"passkey": WRONG})
    row = Passkey(person_id=person, handle=websafe_encode(made.credential_id), credential=bytes(made), name=said, made_at=now)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Invalid({"passkey": _("This passkey is known already.")}) from None
    return row


def begin_showing(*, host: str, now: datetime, person: UUID | None = None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Options and state for a sign-in: with any passkey the device offers, or with one of this person's."""
    known = [credential(one) for one in of(person)] if person else None
    options, state = server(host).authenticate_begin(known, user_verification=VERIFIED)
    return dict(options), _kept(state, now)


def show(answer: object, state: object, *, host: str, now: datetime, person: UUID | None = None) -> UUID:
    """Whose passkey answered. Raises Invalid for `passkey`: unknown, another person's, wrong signature, old challenge, a copied key."""
    given, asked = _answer(answer), _asked(state, now)
    try:
        response = AuthenticationResponse.from_dict(given)
        row = Passkey.objects.select_related("person").filter(handle=websafe_encode(response.raw_id)).first()
        known = [credential(row)] if row else []
        server(host).authenticate_complete(asked, known, response)
        count = response.response.authenticator_data.counter
    except Exception as error:  # as above
        raise Invalid({"passkey": WRONG}) from error
    if row is None or (person is not None and row.person_id != person) or not (row.person.is_active and row.person.closed_at is None):
        raise Invalid({"passkey": WRONG})
    _count(row, count, now)
    return row.person_id


def _count(row: Passkey, count: int, now: datetime) -> None:
    """A counter that goes back means a copied key; one that stays at zero says nothing (section 6.1.1 of the standard)."""
    moved = Passkey.objects.filter(pk=row.pk, sign_count__lt=count) if count else Passkey.objects.filter(pk=row.pk, sign_count=0)
    if not moved.update(sign_count=count, used_at=now):
        raise Invalid({"passkey": WRONG})


def credential(row: Passkey) -> AttestedCredentialData:
    """Its public half as the library reads it."""
    return AttestedCredentialData(bytes(row.credential))


def _kept(state: Any, now: datetime) -> dict[str, Any]:
    return {"challenge": state["challenge"], "user_verification": state["user_verification"], "at": int(now.timestamp())}


def _asked(state: object, now: datetime) -> dict[str, Any]:
    """The state of a ceremony under way. Raises Invalid for none, or one from long ago."""
    if not isinstance(state, dict) or not 0 <= now.timestamp() - state.get("at", 0) + 1 <= LIVES or not websafe_decode(state.get("challenge", "")):
        raise Invalid({"passkey": _("That took too long. Try again.")})
    return {"challenge": state["challenge"], "user_verification": UserVerificationRequirement(state["user_verification"])}


def _answer(said: object) -> dict[str, Any]:
    """The browser's answer. Raises Invalid for anything but a JSON object of a decent size."""
    try:
        given = json.loads(said) if isinstance(said, str) and len(said) <= LONGEST else None
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        raise Invalid({"passkey": WRONG})
    return given
