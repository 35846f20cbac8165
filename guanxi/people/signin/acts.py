"""In by a code or a password. The account is made when the first code is right; answers are alike for known and unknown (quality.md A46)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from guanxi.base import limits
from guanxi.base.errors import Invalid
from guanxi.people import address as addresses
from guanxi.people import sender
from guanxi.people.signin import codes
from guanxi.people.table import Person

CONSENT = "2026-11"  # the version of /terms and /privacy one agrees to by signing in for the first time
LANGUAGES = ("zh-hans", "en")
LONGEST_PASSWORD = 256
NO_PASSWORD = make_password("nobody has this password")
WRONG = gettext_lazy("This password does not fit. Check it, or sign in with a code.")


@dataclass(frozen=True, slots=True)
class Sent:
    """A code went to `address`, in its kept form. `code` is for the demo's sign-in page on this machine only."""

    address: str
    code: str


@dataclass(frozen=True, slots=True)
class Entered:
    """Who signed in, and whether the account was made just now."""

    person: UUID
    made: bool


def send_code(address: object, *, ip: str, now: datetime) -> Sent:
    """Send a code to a phone or mailbox. Raises Invalid for `address`, Limited when too often."""
    kept = addresses.read(address)
    code = codes.make(kept, ip=ip, now=now)
    subject = _("Guanxi sign-in code")
    sender.send(kept, subject, _("Your Guanxi code is {code}. It holds for 10 minutes; give it to nobody.").format(code=code))
    return Sent(kept, code)


def enter(address: object, code: object, *, ip: str, now: datetime) -> Entered:
    """In by code. Raises Invalid for `address` or `code`."""
    kept = addresses.read(address)
    codes.use(kept, code if isinstance(code, str) else "", ip=ip, now=now)
    return _find_or_make(kept, now)


def by_password(address: object, password: object, *, ip: str, now: datetime) -> UUID:
    """In by password: the person. Raises Invalid for `password` with the same words, after the same work, for unknown addresses."""
    kept = addresses.read(address)
    limits.hit(f"try:ip:{ip}", limit=200, seconds=codes.HOUR, now=now)
    limits.hit(f"password:{kept}", limit=10, seconds=codes.HOUR, now=now)
    person = Person.objects.filter(**{addresses.column(kept): kept}, is_active=True, closed_at=None, demo__in=(False, settings.DEMO)).first()
    typed = password if isinstance(password, str) and len(password) <= LONGEST_PASSWORD else ""
    known = person.password if person and person.has_usable_password() and person.password else NO_PASSWORD
    if not check_password(typed, known) or person is None or known is NO_PASSWORD:
        raise Invalid({"password": WRONG})
    return person.id


def check(address: object, *, password: str = "", code: str = "", ip: str, now: datetime) -> UUID:
    """Whoever owns the address, shown by password or by code: the API's way in."""
    if password:
        return by_password(address, password, ip=ip, now=now)
    return enter(address, code, ip=ip, now=now).person


def _find_or_make(kept: str, now: datetime) -> Entered:
    """The person of this address; made with the consent's time and version."""
    found = Person.objects.filter(**{addresses.column(kept): kept}).values_list("id", flat=True).first()
    if found:
        return Entered(found, made=False)
    try:
        with transaction.atomic():
            return Entered(_make(kept, now).id, made=True)
    except IntegrityError:  # somebody was faster with the same address
        return Entered(Person.objects.values_list("id", flat=True).get(**{addresses.column(kept): kept}), made=False)


def _make(kept: str, now: datetime) -> Person:
    language = get_language()
    return Person.objects.create(
        name=first_name(kept), language=language if language in LANGUAGES else LANGUAGES[0], password=make_password(None),
        consent_at=now, consent_version=CONSENT, created_at=now, **{addresses.column(kept): kept},
    )  # fmt: skip


def own_name(person: UUID) -> str:
    """What the person calls himself; empty while he still carries the name made from his address, in whichever language."""
    row = Person.objects.only("name", "phone", "email").get(pk=person)
    made = set()
    for language in LANGUAGES:
        with translation.override(language):
            made |= {first_name(kept) for kept in (row.phone, row.email) if kept}
    return "" if row.name in made else row.name


def first_name(kept: str) -> str:
    """Until the person says his name: never the whole address, since others see it."""
    if addresses.is_phone(kept):
        return _("Phone …{digits}").format(digits=kept[-4:])
    return kept.partition("@")[0][:30]
