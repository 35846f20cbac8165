"""What the payer does at the sandbox: approve, fail, pay a wrong amount; and when and how often the sandbox tells us."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import NotFound, Refused
from guanxi.base.ids import new_id
from guanxi.pay.providers.sandbox import notice
from guanxi.pay.providers.sandbox.notice import Notice
from guanxi.pay.providers.sandbox.provider import news_of
from guanxi.pay.providers.sandbox.table import SandboxCharge, SandboxMove

OUTCOMES = ("approve", "fail", "delay", "duplicate", "wrong_amount")
TOLD = {"approve": 1, "fail": 1, "delay": 0, "duplicate": 2, "wrong_amount": 1}


def get_charge(number: str) -> SandboxCharge:
    """The charge with this number. Raises NotFound."""
    row = SandboxCharge.objects.filter(number=number).first()
    if row is None:
        raise NotFound
    return row


@transaction.atomic
def decide(number: str, outcome: str, *, now: datetime) -> list[Notice]:
    """Let the payer act; the notifications that leave at once. `wrong_amount` pays one minor unit less (or more, of 1).

    `delay`: the money is taken, the notice comes later (`tell`) or the merchant asks. Raises NotFound, Refused for a charge that is no longer open.
    """
    row = SandboxCharge.objects.select_for_update().filter(number=number).first()
    if row is None or outcome not in OUTCOMES:
        raise NotFound
    if row.state != "open" or row.expires_at <= now:
        raise Refused("sandbox-closed", _("This payment page is closed."))
    if outcome == "fail":
        SandboxCharge.objects.filter(pk=row.pk).update(state="failed", told_at=now)
    else:
        capture(row, row.amount - 1 or 2 if outcome == "wrong_amount" else row.amount, told=TOLD[outcome] > 0, now=now)
    return [tell(number, now=now)] * TOLD[outcome]


def capture(row: SandboxCharge, amount: int, *, told: bool, now: datetime) -> None:
    """The payer's money is in the sandbox's ledger."""
    SandboxCharge.objects.filter(pk=row.pk).update(state="paid", paid=amount, paid_at=now, told_at=now if told else None)
    SandboxMove.objects.create(id=new_id(), charge=row, kind="capture", number=row.number, amount=amount, currency=row.currency, at=now)


def tell(number: str, *, now: datetime) -> Notice:
    """The notification of what happened to a charge, signed now; again and again the same event. Raises Refused while nothing happened."""
    event = news_of(get_charge(number))
    if event is None:
        raise Refused("sandbox-open", _("Nothing happened to this payment yet."))
    SandboxCharge.objects.filter(number=number, told_at=None).update(told_at=now)
    return notice.write(event, now=now)
