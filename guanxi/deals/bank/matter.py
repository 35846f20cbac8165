"""A bank transfer inside a turn: the rows with their order, what stages still ask for, what an entry shows, whose turn it is."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from guanxi.base.ids import ALPHABET, check_sign
from guanxi.deals.bank.table import BankOffer, BankRefund, BankTransfer
from guanxi.deals.deal import panel
from guanxi.deals.order.acts import owed
from guanxi.deals.order.find import Case, get_case
from guanxi.deals.order.table import Order, Stage
from guanxi.pay import book
from guanxi.pay.book import Move, Movement
from guanxi.people.factor.reads import is_fresh
from guanxi.talk.turn import Turn

NOBODY = UUID(int=0)


@dataclass(slots=True)
class Matter:
    """One transfer under its conversation's lock, with the order's stages by number."""

    case: Case
    transfer: BankTransfer
    stages: list[Stage]

    @property
    def turn(self) -> Turn:
        return self.case.turn

    @property
    def stage(self) -> Stage:
        return next(stage for stage in self.stages if stage.id == self.transfer.stage_id)

    def ids(self) -> dict[str, str]:
        return {"transfer": str(self.transfer.id), **self.case.ids()}


def get(turn: Turn, transfer_id: UUID) -> Matter:
    """The transfer in this conversation. Raises NotFound, Refused when stale."""
    found = BankTransfer.objects.find(turn.conversation, transfer_id)
    case = get_case(turn, found.order_id if found else NOBODY)
    assert found is not None, "there is no order without an id"
    return Matter(case, found, stages_of(case))


def stages_of(case: Case) -> list[Stage]:
    """The stages, first to pay first."""
    return list(Stage.objects.of(case.turn.conversation).filter(order=case.order).order_by("n"))


def still(stage: Stage) -> int:
    """What a stage still asks for, minor units."""
    return stage.amount - stage.received if stage.state == "due" else 0


def first_due(stages: Sequence[Stage]) -> Stage | None:
    return next((stage for stage in stages if stage.state == "due"), None)


def is_one_enough(turn: Turn) -> bool:
    """Whether the caller showed a second factor a moment ago: then he needs no second person, and the other side is told so (quality.md M16)."""
    return is_fresh(turn.call.device, now=turn.now)


def draw_code(turn: Turn) -> str:
    """A remittance code of five signs and a check sign, claimed so that no other stage has it (quality.md R5)."""
    for _attempt in range(9):
        body = "".join(secrets.choice(ALPHABET) for _ in range(5))
        code = body + check_sign(body)
        if code[-1] not in ALPHABET:
            continue
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO base_number (text, at) VALUES (%s, %s) ON CONFLICT DO NOTHING RETURNING text", [f"HK-{code}", turn.now])
            if cursor.fetchone():
                return code
    raise RuntimeError("nine drawn codes in a row were taken")


def mask(number: str) -> str:
    """The last four signs, as everybody may see an account."""
    return f"···· {number[-4:]}"


def picture(order: Order, stage: Stage | None = None) -> dict[str, Any]:
    """What every entry about a bank transfer holds."""
    body: dict[str, Any] = {"v": 1, "order": str(order.id), "number": order.number, "title": order.title, "total": order.total, "currency": order.currency}
    if stage is not None:
        body["stage"] = {"n": stage.n, "name": stage.name, "percent": f"{stage.percent.normalize():f}", "amount": stage.amount}
    return body


def told(at: Matter) -> dict[str, Any]:
    """The same about one transfer."""
    row = at.transfer
    return picture(at.case.order, at.stage) | {"transfer": str(row.id), "n": row.n, "claimed": row.claimed}


def post(turn: Turn, order: Order, *moves: Move, movement: UUID, act: str) -> None:
    """One movement in the book about this order; moves of nothing are left out."""
    if real := [move for move in moves if move.amount]:
        book.post(turn.conversation, real, movement=Movement(movement, order.currency, act, order.id, turn.now))


def show(case: Case) -> None:
    """The deal's panel after an act about a bank transfer: the order goes on, or what an ended one still owes."""
    turn, order, deal = case.turn, case.order, case.deal
    if order.state == "placed" and order.goods_state == "none" and not order.dispute_id and not order.cancel_asked_at:
        owed(turn, order, deal)
    elif order.state == "cancelled":
        show_ended(case)
    else:
        panel.touch(turn, deal)


def show_ended(case: Case) -> None:
    """A cancelled order whose money came by bank stays on both desks until it is back."""
    turn, order = case.turn, case.order
    debt = BankRefund.objects.of(turn.conversation).filter(order=order).exclude(state="closed").order_by("n").first()
    if debt is None:
        panel.refresh(turn, case.deal, state="lapsed")
    elif debt.state == "owed":
        panel.refresh(turn, case.deal, state="live", turn_name="bank_repay", turn_company=order.supplier_id, due_at=debt.due_at)
    else:
        panel.refresh(turn, case.deal, state="live", turn_name="bank_got", turn_company=order.buyer_id, due_at=debt.due_at)


def offer_of(case: Case, stage: Stage) -> BankOffer | None:
    """The instruction that stands for a stage."""
    return BankOffer.objects.of(case.turn.conversation).filter(stage=stage, state="open").first()
