"""Set up and change a company. A call says who (`person`), for which company, and `now`."""

import re
import secrets
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from guanxi.base import limits
from guanxi.base.errors import Invalid, NotFound, Refused
from guanxi.people import roles
from guanxi.people.companies.forms import Draft
from guanxi.people.companies.reads import name_key
from guanxi.people.table import Company, Membership
from guanxi.people.tokens import is_replay

DAY = 86_400
PER_DAY = 20
SIGNS = "abcdefghjkmnpqrstvwxyz23456789"


class Call(Protocol):
    """What acts on people need to know of a call (talk.Call has it)."""

    @property
    def person(self) -> UUID | None: ...
    @property
    def company(self) -> UUID | None: ...
    @property
    def now(self) -> datetime: ...


def create(call: Call, *, draft: Draft) -> dict[str, Any]:
    """A new company, owned by the caller: {"company": id}. Raises Invalid for a code that a verified company holds."""
    if call.person is None:
        raise NotFound
    if not (settings.DEMO and is_replay(call.person)):
        limits.hit(f"companies:{call.person}", limit=PER_DAY, seconds=DAY, now=call.now)
    raise_when_held(draft.credit_code, None)
    with transaction.atomic():
        company = _insert(draft, call.now)
        Membership.objects.create(company=company, person_id=call.person, role="owner", joined_at=call.now)
    return {"company": str(company.id)}


def _insert(draft: Draft, now: datetime) -> Company:
    """With a handle nobody has."""
    for attempt in range(5):
        try:
            with transaction.atomic():
                return Company.objects.create(handle=handle_for(draft.name, plain=attempt == 0), created_at=now, people_version=1, **_columns(draft))
        except IntegrityError:
            if attempt == 4:
                raise
    raise AssertionError("unreachable")


def _columns(draft: Draft) -> dict[str, str]:
    names = ("name", "credit_code", "country", "registration", "sector", "region", "intro", "door")
    return {name: getattr(draft, name) for name in names} | {"name_key": name_key(draft.name)}


def handle_for(name: str, *, plain: bool = True) -> str:
    """`mountain-works` for a Latin name while it is free; otherwise signs that are easy to read out."""
    words = "-".join(re.findall(r"[a-z0-9]+", name.lower()))[:30].strip("-")
    drawn = "".join(secrets.choice(SIGNS) for _n in range(7))
    if len(words) < 4:
        return f"c-{drawn}"
    return words if plain else f"{words}-{drawn[:4]}"


def edit(call: Call, *, draft: Draft) -> dict[str, Any]:
    """Change what the company says of itself. Name and code of a verified company stay: an operator checked them."""
    with transaction.atomic():
        company = locked(call, power="manage")
        if company.verified_at and (draft.name, draft.credit_code, draft.country) != (company.name, company.credit_code, company.country):
            words = _("The name and code of a verified company stay as they were checked. Ask the operator of this market to change them.")
            raise Refused("verified-data", words)
        raise_when_held(draft.credit_code, company.id)
        Company.objects.filter(pk=company.pk).update(**_columns(draft))
    return {"company": str(company.id)}


def set_logo(call: Call, *, upload: UUID | None) -> dict[str, Any]:
    """Show this picture, a public upload of this company, instead of the first sign of the name; or nothing."""
    with transaction.atomic():
        company = locked(call, power="manage")
        Company.objects.filter(pk=company.pk).update(logo_id=upload)
    return {"company": str(company.id)}


def raise_when_held(code: str, mine: UUID | None) -> None:
    """A code that a verified company holds: its name says whom to ask (ui.md 17)."""
    if not code:
        return
    holder = Company.objects.filter(credit_code=code, verified_at__isnull=False).first()
    if holder and holder.pk != mine:
        raise Invalid({"credit_code": text_of(holder.name)})


def text_of(name: str) -> str:
    """Who to ask."""
    return str(_("{company} is registered with this code. Ask its admins to invite you.")).format(company=name)


def locked(call: Call, *, power: str) -> Company:
    """The caller's company under its lock, with his role read after it. Raises NotFound for a stranger, Refused for a lower role."""
    company = Company.objects.select_for_update(no_key=True).filter(pk=call.company).first() if call.company else None
    role = Membership.objects.filter(company=company, person=call.person, ended_at=None).values_list("role", flat=True).first() if company else None
    if company is None or role is None:
        raise NotFound
    roles.require(roles.SUSPENDED if company.suspended_at else role, power)
    return company
