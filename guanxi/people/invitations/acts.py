"""A link that lets one person join a company in a role: once, for seven days, while its maker may still give that role (quality.md A7, A54)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guanxi.base import limits
from guanxi.base.errors import NotFound, Refused
from guanxi.people import roles, secrets
from guanxi.people.companies.acts import Call, locked
from guanxi.people.memberships.acts import RANK, join, require_grant
from guanxi.people.table import Company, Invitation, Membership

LIVES = timedelta(days=7)
PER_DAY = 100
OVER = _("This invitation was used, withdrawn or is over. Ask for a new one.")


@dataclass(frozen=True, slots=True)
class Made:
    """The token can be read only now; the row keeps its hash."""

    id: UUID
    token: str


def invite(call: Call, *, role: str) -> Made:
    """A new link. Raises Refused for a role above one's own."""
    limits.hit(f"invite:{call.company}", limit=PER_DAY, seconds=86_400, now=call.now)
    with transaction.atomic():
        company = locked(call, power="manage")
        here = Membership.objects.get(company=company, person=call.person, ended_at=None)
        token = secrets.draw()
        row = Invitation.objects.create(
            company=company, role=require_grant(here.role, role), digest=secrets.digest(token), made_by_id=here.person_id,
            made_at=call.now, expires_at=call.now + LIVES,
        )  # fmt: skip
    return Made(row.id, token)


def withdraw(call: Call, *, invitation: UUID) -> None:
    """The link opens nothing any more. Raises NotFound for one of another company."""
    with transaction.atomic():
        company = locked(call, power="manage")
        living = Invitation.objects.filter(pk=invitation, company=company, used_at=None, withdrawn_at=None)
        if not living.update(withdrawn_at=call.now):
            raise NotFound


def accept(person: UUID, *, token: str, now: datetime) -> UUID:
    """Join: the company's id. Raises NotFound for a token we never made, Refused for one that is over."""
    found = find(token)
    with transaction.atomic():
        company = Company.objects.select_for_update(no_key=True).get(pk=found.company_id)
        invitation = Invitation.objects.get(pk=found.pk)
        if Membership.objects.filter(company=company, person=person, ended_at=None).exists():
            return company.id  # one who is in already does not use it up, nor does it change his role
        if not alive(invitation, now):
            raise Refused("invitation-over", OVER)
        Invitation.objects.filter(pk=invitation.pk).update(used_at=now, used_by_id=person)
        join(company, person, invitation.role, now=now)
    return company.id


def find(token: str) -> Invitation:
    """By what the link says. Raises NotFound."""
    found = Invitation.objects.filter(digest=secrets.digest(token[:200])).select_related("company").first()
    if found is None:
        raise NotFound
    return found


def alive(invitation: Invitation, now: datetime) -> bool:
    """Unused, not withdrawn, in time, and its maker may still give this role."""
    if invitation.used_at or invitation.withdrawn_at or now >= invitation.expires_at:
        return False
    role = _role(invitation.company_id, invitation.made_by_id)
    return roles.can(role, "manage") and RANK[invitation.role] <= RANK[role]


def living(company: UUID, *, now: datetime) -> list[Invitation]:
    """Those that can still be used, newest first."""
    rows = Invitation.objects.filter(company=company, used_at=None, withdrawn_at=None, expires_at__gt=now)
    return list(rows.order_by("-made_at")[:100])


def _role(company: UUID, person: UUID | None) -> str:
    """Empty for one who does not work there."""
    return Membership.objects.filter(company=company, person=person, ended_at=None).values_list("role", flat=True).first() or ""
