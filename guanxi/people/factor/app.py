"""The authenticator app: a secret it shares with us, and codes of six digits that change every 30 seconds (RFC 6238, by pyotp)."""

import hmac
from datetime import datetime
from uuid import UUID

import pyotp

from guanxi.people.factor.sealed import Unreadable, seal, unseal
from guanxi.people.factor.table import Authenticator

STEP = 30
DIGITS = 6
EARLIER = (0, -1, 1)  # a clock half a minute off is common
ISSUER = "Guanxi"


def draw(person: UUID, *, now: datetime) -> str:
    """A new secret for setting up, in base32; whatever was begun before and not confirmed is forgotten."""
    secret = pyotp.random_base32()
    Authenticator.objects.filter(person=person, confirmed_at=None).delete()
    Authenticator.objects.create(person_id=person, secret=seal(secret), made_at=now)
    return secret


def begun(person: UUID) -> str:
    """The secret of an app that is being set up, or empty."""
    row = Authenticator.objects.filter(person=person, confirmed_at=None).first()
    return _secret(row) if row else ""


def link(secret: str, account: str) -> str:
    """What the QR code says: the form authenticator apps read."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=ISSUER)


def use(person: UUID, typed: str, *, now: datetime, confirmed: bool = True) -> bool:
    """Whether these digits are right and were never used: a code, and every older one, counts once (quality.md A53)."""
    row = Authenticator.objects.filter(person=person, confirmed_at__isnull=not confirmed).first()
    secret = _secret(row) if row else ""
    if row is None or not secret or len(typed) != DIGITS or not (typed.isascii() and typed.isdigit()):
        return False
    here = int(now.timestamp()) // STEP
    step = next((here + n for n in EARLIER if hmac.compare_digest(code(secret, here + n), typed)), None)
    return step is not None and Authenticator.objects.filter(pk=row.pk, last_step__lt=step).update(last_step=step) == 1


def code(secret: str, step: int) -> str:
    """The digits of one step."""
    return pyotp.TOTP(secret).generate_otp(step)


def present(person: UUID, *, now: datetime) -> str:
    """The code an app would show now: for the demo's own people on the demo's own page."""
    row = Authenticator.objects.filter(person=person, confirmed_at__isnull=False).first()
    secret = _secret(row) if row else ""
    if row is None or not secret:
        return ""
    here = int(now.timestamp()) // STEP
    return code(secret, max(here, row.last_step + 1) if row.last_step <= here else here + 1)


def _secret(row: Authenticator) -> str:
    """Empty for one sealed under another key: its codes are wrong, and a recovery code or passkey helps."""
    try:
        return unseal(row.secret)
    except Unreadable:
        return ""
