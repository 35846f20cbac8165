"""The money of a changed order: stages that are not paid follow the new total; what is held above it goes back to the buyer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.base import money
from guanxi.base.errors import Invalid, Refused
from guanxi.base.ids import new_id
from guanxi.deals.change.table import Change
from guanxi.deals.order.find import Case
from guanxi.deals.order.rules import STAGE, TRANSFER_OPEN
from guanxi.deals.order.table import Stage
from guanxi.deals.payment import escrow
from guanxi.deals.payment.escrow import Cause
from guanxi.deals.payment.table import Payment

PAY_WITHIN = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Moved:
    """What becomes of the money: `returned` to the buyer, minor units; `act` of the order's money machine, or nothing; which stages are to be stored."""

    returned: int
    act: str
    stages: list[Stage]
    touched: list[Stage]
    new: list[Stage]


def quiet(case: Case, total: int) -> list[Payment]:
    """What holds money, first stage first. Raises Refused while money is on its way, or lies on the supplier's own account and the total would change."""
    where, order = case.turn.conversation, case.order
    payments = list(Payment.objects.of(where).filter(order=order, state__in=("starting", "pending", "held")).order_by("stage__n"))
    if any(payment.state != "held" for payment in payments):
        raise Refused("payment-under-way", _("A payment of this order is under way. Wait until it is settled."))
    if order.transfers.filter(state__in=tuple(TRANSFER_OPEN)).exists() or (order.received and total != order.total):
        raise Refused("paid-by-transfer", _("A part of this order is paid by bank transfer: its total stays, and what is too much is paid back by agreement."))
    return payments


def follow(case: Case, change: Change, payments: Sequence[Payment]) -> Moved:
    """Bring stages and held money in line with the total of `change`. The order's row and then the stages (`save`) are written by who calls."""
    stages = list(Stage.objects.of(case.turn.conversation).filter(order=case.order).order_by("n"))
    paid = sum(one.amount - one.surplus for one in stages if one.state in ("held", "received"))
    due = [one for one in stages if one.state == "due"]
    left = change.total - paid
    back = give_back(case, change, stages, payments, -left) if left < 0 else 0
    new = rest(case, change, stages, due, max(left, 0))
    touched = [*due, *(one for one in stages if one.state == "held" and one.surplus)]
    open_ = any(one.state == "due" for one in [*due, *new])
    act = "fill" if case.order.money == "part" and not open_ else "grow" if case.order.money == "held" and open_ else ""
    return Moved(back, act, [*stages, *new], touched, new)


def give_back(case: Case, change: Change, stages: Sequence[Stage], payments: Sequence[Payment], amount: int) -> int:
    """What is held above the new total goes back, out of the last stages first."""
    by_id = {one.id: one for one in stages}
    parts = escrow.take(payments[::-1], amount)
    escrow.give(case.turn, case.order, parts, cause=Cause(change.id, "order.changed", case.by))
    for payment in payments:
        by_id[payment.stage_id].surplus += parts.get(payment.id, 0)
    return amount


def rest(case: Case, change: Change, stages: Sequence[Stage], due: Sequence[Stage], left: int) -> list[Stage]:
    """Share what is not paid over the stages that are due, or over those the change names, which come instead; new ones, not stored yet."""
    wished = change.terms["stages"]
    if not wished and due and left:
        for one, amount in zip(due, money.split(left, [one.amount for one in due]), strict=True):
            keep(case, one, amount, change.total)
        return []
    for one in due:
        keep(case, one, 0, change.total)
    if not left:
        return []
    wished = wished or [{"name": "part", "percent": "100", "days": None}]
    amounts = money.split(left, [int(Decimal(one["percent"]) * 100) for one in wished])
    if 0 in amounts:
        raise Invalid({"stages": _("One stage comes to nothing.")})
    last = max(one.n for one in stages)
    return [made(case, last + n, one, amount, change.total) for n, (one, amount) in enumerate(zip(wished, amounts, strict=True), 1)]


def keep(case: Case, stage: Stage, amount: int, total: int) -> None:
    """A stage that is due keeps this amount, or ends when nothing of it is left."""
    if amount:
        stage.amount, stage.percent = amount, share(amount, total)
    else:
        stage.state, stage.surplus = STAGE.move(stage.state, "cancel", by=case.by), stage.amount


def made(case: Case, n: int, wished: dict[str, Any], amount: int, total: int) -> Stage:
    days = PAY_WITHIN if wished["days"] is None else timedelta(days=wished["days"])
    return Stage(
        id=new_id(), conversation_id=case.turn.conversation, order=case.order, n=n, name=wished["name"], percent=share(amount, total), amount=amount,
        due_at=case.turn.now + days, version=case.order.version + 1,
    )  # fmt: skip


def share(amount: int, total: int) -> Decimal:
    """Percent of the total, two decimals."""
    return (Decimal(amount) * 100 / total).quantize(Decimal("0.01"))
