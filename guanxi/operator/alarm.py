"""What waits for a person is told to the operators: by the sender, each kind once a day while it lasts. The console and the doctor say it all the time.

A reader of what happened (guanxi.effects.READERS): safe to run at any time and by several workers.
"""

from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from guanxi.base import milestones
from guanxi.base.errors import Busy
from guanxi.base.table import Milestone
from guanxi.operator import work
from guanxi.people import sender
from guanxi.people.table import Person

log = structlog.get_logger(__name__)
AGAIN = timedelta(days=1)
PREFIX = "alarm:"
# kind -> page of the console
PAGES = {"refused": "work", "payouts": "work", "events": "reconciliation", "suspense": "reconciliation", "failed": "work", "check": "book"}


def tell_all(*, now: datetime) -> int:
    """How many kinds were told."""
    found = waiting(now)
    Milestone.objects.filter(name__in=[PREFIX + kind for kind, many in found.items() if not many]).delete()
    due = {kind: many for kind, many in found.items() if many and claim(kind, many, now)}
    for kind, many in due.items():
        log.error("alarm", kind=kind, many=many)
    if due:
        send(due)
    return len(due)


def waiting(now: datetime) -> dict[str, int]:
    """How much of each kind: two statements."""
    counts = work.counts(now)
    check = milestones.find("check")
    return {
        "refused": counts.refused, "payouts": counts.payouts, "events": counts.events, "suspense": counts.suspense, "failed": counts.failed,
        "check": int(check.body.get("differences", 0)) if check else 0,
    }  # fmt: skip


def claim(kind: str, many: int, now: datetime) -> bool:
    """Whether this worker tells it: nobody did within a day."""
    try:
        with transaction.atomic():
            Milestone.objects.create(name=PREFIX + kind, at=now, body={"many": many})
    except IntegrityError:
        return bool(Milestone.objects.filter(name=PREFIX + kind, at__lte=now - AGAIN).update(at=now, body={"many": many}))
    return True


def send(due: dict[str, int]) -> None:
    """To every operator; one who cannot be reached does not keep it from the others. The demo's people have no mailbox."""
    for person in Person.objects.filter(operator_since__isnull=False, closed_at=None, is_active=True, demo=False):
        address = person.email or person.phone
        if not address:
            continue
        with translation.override(person.language):
            text = "\n".join(f"{words(kind, many)}: {settings.PUBLIC_URL}/console/{PAGES[kind]}" for kind, many in due.items())
            subject = _("Guanxi: something waits for you")
        try:
            sender.send(address, subject, text)
        except Busy:
            log.warning("alarm.unsent", person=str(person.id))


def words(kind: str, many: int) -> str:
    """What it is, without names, amounts or words of anybody."""
    said = {
        "refused": _("Payouts or refunds the provider refused for good"), "payouts": _("Payouts or refunds not confirmed for two hours"),
        "events": _("Messages of providers nothing handled"), "suspense": _("Unknown money"), "failed": _("Work that was given up"),
        "check": _("Differences the check found"),
    }  # fmt: skip
    return f"{said[kind]} ({many})"
