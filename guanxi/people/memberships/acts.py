"""Who works for a company, and as what. Every change raises `people_version` in its transaction; sockets hear of it after."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from guanxi.base import text
from guanxi.base.errors import Invalid, NotFound, Refused
from guanxi.people import announce, tokens
from guanxi.people.companies.acts import Call, locked
from guanxi.people.table import Company, Membership

RANK = {"owner": 3, "admin": 2, "sales": 1, "purchaser": 1, "finance": 1, "viewer": 0}
GIVEN = ("admin", "sales", "purchaser", "finance", "viewer")  # ownership is handed over, never given


@dataclass(slots=True)
class Staff:
    """A company's people under its lock."""

    company: Company
    me: Membership
    now: datetime

    def member(self, membership: UUID) -> Membership:
        """One who works here now. Raises NotFound."""
        found = Membership.objects.filter(pk=membership, company=self.company, ended_at=None).first()
        if found is None:
            raise NotFound
        return found

    def require_over(self, other: Membership) -> None:
        """Nobody changes one who stands above him (quality.md A7)."""
        if RANK[other.role] > RANK[self.me.role]:
            raise Refused("above-you", _("Only the owner of your company may change this."))


@contextmanager
def staff(call: Call, *, power: str = "manage") -> Iterator[Staff]:
    """Lock the company, check the caller's role, do the change, raise the version, announce."""
    with transaction.atomic():
        company = locked(call, power=power)
        me = Membership.objects.get(company=company, person=call.person, ended_at=None)
        yield Staff(company, me, call.now)
        Company.objects.filter(pk=company.pk).update(people_version=F("people_version") + 1)
        announce.people_changed([company.pk])


def require_grant(mine: str, role: object) -> str:
    """A role this member may give: known, not above his own, never owner. Raises Invalid or Refused."""
    if role not in GIVEN:
        raise Invalid({"role": _("Choose one of the list.")})
    if RANK[str(role)] > RANK[mine]:
        raise Refused("above-you", _("You cannot give a role above your own."))
    return str(role)


def set_role(call: Call, *, membership: UUID, role: str, title: str | None = None) -> None:
    """Another role, and the words beside his name."""
    with staff(call) as here:
        member = here.member(membership)
        here.require_over(member)
        if member.role == "owner":
            raise Refused("owner-stays", _("Hand the company over first; then the role can change."))
        before, member.role = member.role, require_grant(here.me.role, role)
        member.title = member.title if title is None else text.clean(title, field="title", most=40)
        member.save(update_fields=["role", "title"])
        if member.role != before:
            tokens.end_all(member.person_id, company=here.company.pk, now=here.now)  # given under another role (quality.md A50)
            announce.member_changed(member.person_id)


def remove(call: Call, *, membership: UUID) -> None:
    """End a colleague's membership: his tokens for the company end, what he answered for goes to the one who removes him."""
    with staff(call) as here:
        member = here.member(membership)
        here.require_over(member)
        if member.pk == here.me.pk:
            raise Refused("leave-instead", _("This is you. Leave the company instead."))
        end(member, heir=here.me.person_id, now=here.now)


def leave(call: Call) -> None:
    """Stop working for the company; what one answered for goes to the owner. The owner hands over first."""
    with staff(call, power="read") as here:
        if here.me.role == "owner":
            raise Refused("owner-stays", _("You own this company. Hand it over to a colleague, then leave."))
        owner = Membership.objects.filter(company=here.company, role="owner", ended_at=None).values_list("person_id", flat=True).first()
        end(here.me, heir=owner, now=here.now)


def hand_over(call: Call, *, membership: UUID) -> None:
    """A colleague becomes the owner; the owner stays as admin."""
    with staff(call, power="own") as here:
        heir = here.member(membership)
        if heir.pk == here.me.pk:
            raise Refused("owner-already", _("You own this company already."))
        Membership.objects.filter(pk=here.me.pk).update(role="admin")  # first: a company never has two owners
        Membership.objects.filter(pk=heir.pk).update(role="owner")
        for changed in (here.me, heir):
            tokens.end_all(changed.person_id, company=here.company.pk, now=here.now)
            announce.member_changed(changed.person_id)


def end(member: Membership, *, heir: UUID | None, now: datetime) -> None:
    """Inside `staff`: the membership, its tokens, its conversations."""
    Membership.objects.filter(pk=member.pk).update(ended_at=now)
    tokens.end_all(member.person_id, company=member.company_id, now=now)
    announce.member_changed(member.person_id)
    announce.leaving(company=member.company_id, leaver=member.person_id, heir=heir, now=now)


def join(company: Company, person: UUID, role: str, *, now: datetime) -> None:
    """Inside a transaction that holds the company's lock: a new colleague."""
    Membership.objects.create(company=company, person_id=person, role=role, joined_at=now)
    Company.objects.filter(pk=company.pk).update(people_version=F("people_version") + 1)
    announce.people_changed([company.pk])
