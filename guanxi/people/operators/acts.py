"""Who runs this place, and the one way to note what he did. Nobody becomes an operator through a page (quality.md A57)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.base import text
from guanxi.base.errors import NotFound
from guanxi.people.operators.table import OperatorAct
from guanxi.people.table import Person

LONGEST = 1000


def appoint(person: UUID, *, now: datetime) -> None:
    """Make somebody an operator: for commands on the machine itself. Raises NotFound for a closed account."""
    if not Person.objects.filter(pk=person, closed_at=None, is_active=True).update(operator_since=now):
        raise NotFound


def dismiss(person: UUID) -> None:
    """He is an operator no more."""
    Person.objects.filter(pk=person).update(operator_since=None)


def name_of(operator: UUID) -> str:
    """His name, while he is an operator. Raises NotFound for everybody else: a session of yesterday counts for nothing."""
    here = Person.objects.filter(pk=operator, operator_since__isnull=False, closed_at=None, is_active=True, suspended_at=None)
    name = here.values_list("name", flat=True).first()
    if name is None:
        raise NotFound
    return name


def read_reason(reason: object) -> str:
    """The words whom it concerns will read. Raises Invalid for `reason` without any."""
    return text.clean(reason, field="reason", most=LONGEST, least=1, multiline=True)


def note(
    operator: UUID, act: str, *, reason: object, now: datetime, person: UUID | None = None, company: UUID | None = None,
    conversation: UUID | None = None, about: str = "", body: dict[str, Any] | None = None,
) -> str:  # fmt: skip
    """Write down an act, in the transaction that does it; the reason as it is kept. Raises NotFound, Invalid for `reason`."""
    said = read_reason(reason)
    OperatorAct.objects.create(
        at=now, operator_id=operator, operator_name=name_of(operator), act=act, reason=said, person_id=person, company_id=company,
        conversation_id=conversation, about=about, body=body or {},
    )  # fmt: skip
    return said


WORDS = {
    "verification.pass": _("Verified the company"),
    "verification.refuse": _("Refused the verification"),
    "verification.revoke": _("Took the verification back"),
    "standing.warn": _("Warned"),
    "standing.mute": _("Silenced"),
    "standing.suspend": _("Suspended"),
    "standing.lift": _("Lifted a measure"),
    "appeal.grant": _("Granted an appeal"),
    "appeal.refuse": _("Refused an appeal"),
    "person.sign_out": _("Signed somebody out everywhere"),
    "factor.reset": _("Removed second factors"),
    "job.retry": _("Sent work off again"),
    "payout.retry": _("Asked the provider again"),
    "suspense.settle": _("Closed unknown money"),
    "event.settle": _("Closed a provider's message"),
    "event.retry": _("Settled a provider's message again"),
    "review.look": _("Looked at a reported review"),
    "dispute.rule": _("Ruled in a dispute"),
}
