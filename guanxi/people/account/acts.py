"""One's own account: name, language, look, password, and closing it."""

from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from guanxi.base import limits, text
from guanxi.base.errors import Invalid, NotFound, Refused
from guanxi.people import announce, tokens
from guanxi.people.devices import acts as devices
from guanxi.people.factor import acts as factors
from guanxi.people.memberships import acts as memberships
from guanxi.people.signin.acts import LANGUAGES, LONGEST_PASSWORD
from guanxi.people.table import Company, Device, Invitation, Membership, Person, SignInCode

THEMES = ("", "light", "dark")


def set_name(person: UUID, *, name: object) -> str:
    """What others read beside one's messages."""
    said = text.clean(name, field="name", most=60, least=1)
    Person.objects.filter(pk=person).update(name=said)
    return said


def set_language(person: UUID, *, language: object) -> str:
    """Raises Invalid for one we do not speak."""
    return _set(person, "language", language, LANGUAGES)


def set_theme(person: UUID, *, theme: object) -> str:
    """`light`, `dark` or empty, which follows the system."""
    return _set(person, "theme", theme, THEMES)


def _set(person: UUID, column: str, value: object, known: tuple[str, ...]) -> str:
    if value not in known:
        raise Invalid({column: _("Choose one of the list.")})
    Person.objects.filter(pk=person).update(**{column: value})
    return str(value)


def set_password(person: UUID, *, old: object, new: object, device: UUID | None, now: datetime) -> None:
    """The first password, or another after the old one. Every other device and every token ends (quality.md A50)."""
    limits.hit(f"password-change:{person}", limit=10, seconds=3600, now=now)
    row = Person.objects.get(pk=person)
    if row.password and row.has_usable_password() and not check_password(_short(old), row.password):
        raise Invalid({"old": _("This is not your password.")})
    chosen = text.clean(new, field="new", most=LONGEST_PASSWORD)
    try:
        validate_password(chosen, row)
    except ValidationError as error:
        raise Invalid({"new": " ".join(error.messages)}) from None
    with transaction.atomic():
        Person.objects.filter(pk=person).update(password=make_password(chosen))
        devices.end_all(person, but=device, now=now)
        tokens.end_all(person, now=now)


def _short(typed: object) -> str:
    return typed if isinstance(typed, str) and len(typed) <= LONGEST_PASSWORD else ""


def close(person: UUID, *, now: datetime) -> None:
    """Close the account: nothing of the person stays but what he said and did for companies, without a name to reach.

    Raises Refused for the owner of a company where others work, and for the last one of a company with deals under way.
    """
    with transaction.atomic():
        his = list(Membership.objects.filter(person=person, ended_at=None).order_by("company_id"))
        companies = [one.company_id for one in his]
        list(Company.objects.select_for_update(no_key=True).filter(pk__in=companies).order_by("pk"))
        for one in his:
            memberships.end(one, heir=_heir(one), now=now)
        Company.objects.filter(pk__in=companies).update(people_version=F("people_version") + 1)
        announce.people_changed(companies)
        announce.closing(person, now=now)
        reached = [one for pair in Person.objects.filter(pk=person).values_list("phone", "email") for one in pair if one]
        blanked = {"name": "", "phone": None, "email": None, "password": make_password(None), "is_active": False, "closed_at": now}
        if not Person.objects.filter(pk=person, closed_at=None).update(**blanked):
            raise NotFound
        tokens.end_all(person, now=now)
        devices.end_all(person, now=now)
        _blank(person, reached)


def _blank(person: UUID, addresses: list[str]) -> None:
    """What else is kept about somebody who has gone: where he signed in, how he showed who he is, codes on their way to him."""
    factors.forget(person)
    Device.objects.filter(person=person).update(label="", address=None)
    SignInCode.objects.filter(address__in=addresses).delete()
    Invitation.objects.filter(address__in=addresses).update(address="")


def _heir(leaving: Membership) -> UUID | None:
    """Who takes over what he answered for: the owner, if that is somebody else."""
    others = Membership.objects.filter(company=leaving.company_id, ended_at=None).exclude(pk=leaving.pk)
    if leaving.role != "owner":
        return others.filter(role="owner").values_list("person_id", flat=True).first()
    if others.exists():
        raise Refused("owner-stays", _("You own {company}, and others work there. Hand it over first."), company=leaving.company.name)
    return None
