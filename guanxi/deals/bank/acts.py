"""Offer bank transfer for a stage; say that one has transferred, take that back, or answer that nothing arrived."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from guanxi.base.clock import HOME
from guanxi.base.db import advance
from guanxi.base.errors import Invalid, Refused
from guanxi.base.ids import new_id
from guanxi.deals.bank import matter
from guanxi.deals.bank.matter import Matter, mask, offer_of, picture, stages_of, told
from guanxi.deals.bank.rules import OPEN, TRANSFER
from guanxi.deals.bank.table import BankAccount, BankOffer, BankTransfer, BankVoucher
from guanxi.deals.order.find import Case, get_case
from guanxi.deals.order.table import Stage
from guanxi.talk.call import Call
from guanxi.talk.table import Attachment, Upload
from guanxi.talk.turn import turn

VOUCHERS = ("image/", "application/pdf")
EARLIEST = timedelta(days=180)
AGAIN = timedelta(days=3)  # for an order nobody paid, after a transfer that did not arrive
USED = _("This transfer slip was used before. Every transfer has a slip of its own.")
CLAIM = "INSERT INTO deals_bankvoucher (sha256, transfer_id, at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING RETURNING sha256"


def offer(call: Call, *, order_id: UUID, stage: int, account_id: UUID) -> dict[str, Any]:
    """The supplier offers that a stage may be paid to this account of his. The instruction is frozen; another offer takes its place.

    Raises NotFound, Refused (phase, paid stage, transfer under way), Invalid.
    """
    with turn(call) as t:
        t.require("sell")
        case = get_case(t, order_id)
        case.may("offer")
        account = BankAccount.objects.filter(pk=account_id, company_id=case.order.supplier_id, state="active").first()
        if account is None or account.currency != case.order.currency:
            raise Invalid({"account_id": _("Choose one of your company's receiving accounts in the currency of the order.")})
        chosen = find_stage(stages_of(case), stage)
        before = replaced(case, chosen)
        row = BankOffer.objects.create(
            id=new_id(), conversation_id=t.conversation, order=case.order, stage=chosen, account_id=account.id, holder=account.holder, bank=account.bank,
            number=account.number, routing=account.routing, amount=chosen.amount, currency=account.currency, by_person=t.call.by, by_name=call.name,
            code=before.code if before else matter.draw_code(t), at=t.now,
        )  # fmt: skip
        shown = {"bank": row.bank, "holder": row.holder, "account": mask(row.number), "code": row.code, "again": before is not None}
        t.add("bank.offered", picture(case.order, chosen) | shown, about=case.deal.id)
        matter.show(case)
        t.result |= {"offer": str(row.id), **case.ids()}
    return t.result


def find_stage(stages: list[Stage], n: int) -> Stage:
    """The stage with this number, still to be paid. Raises Invalid, Refused."""
    found = next((stage for stage in stages if stage.n == n), None)
    if found is None:
        raise Invalid({"stage": _("There is no such stage.")})
    if found.state != "due":
        raise Refused(f"stage-{found.state}", _("This stage is paid already."))
    return found


def replaced(case: Case, stage: Stage) -> BankOffer | None:
    """The instruction that stood for the stage, closed now. Raises Refused while somebody pays by it."""
    if case.order.transfers.filter(state__in=OPEN).exists():
        raise Refused("transfer-under-way", _("A transfer is under way. Settle it first."))
    before = offer_of(case, stage)
    if before is not None:
        advance(before, to="closed")
    return before


def say(
    call: Call, *, order_id: UUID, amount: int, paid_on: date, voucher: UUID, stage: int | None = None, payer: str = "", note: str = "", currency: str = "",
) -> dict[str, Any]:  # fmt: skip
    """The buyer says that he transferred `amount` minor units on that day, with the bank's slip as a picture or PDF.

    Raises NotFound, Refused (phase, not offered, under way, slip used before), Invalid. Nothing counts before the supplier found the money.
    """
    with turn(call) as t:
        t.require("pay")
        case = get_case(t, order_id)
        case.may("transfer")
        due, number = stage_to_pay(case, stage), free_number(case)
        check_claim(case, amount, currency, paid_on)
        if offer_of(case, due) is None:
            raise Refused("not-offered", _("The supplier does not offer bank transfer for this stage."))
        slip = slip_of(case, voucher)
        row = begin(case, due, "buyer", n=number, claimed=amount, paid_on=paid_on, payer=payer, note=note, voucher_id=slip.id, sha256=slip.sha256)
        claim(t.now, row)
        Attachment.objects.bulk_create([Attachment(conversation_id=t.conversation, upload_id=slip.id)], ignore_conflicts=True)
        at = Matter(case, row, [due])
        file = {"id": str(slip.id), "name": slip.name, "mime": slip.mime, "size": slip.size, "sha256": slip.sha256}
        t.add("bank.sent", told(at) | {"side": "buyer", "paid_on": paid_on.isoformat(), "payer": payer, "note": note, "voucher": file}, about=case.deal.id)
        matter.show(case)
        t.result |= at.ids()
    return t.result


def stage_to_pay(case: Case, n: int | None) -> Stage:
    """The first open stage, when no payment into escrow is under way. Raises Refused."""
    if case.order.cancel_asked_at:
        raise Refused("cancel-asked", _("You asked to cancel this order; the supplier has not answered yet."))
    pending = Count("payments", filter=Q(payments__state__in=("starting", "pending")))
    due = Stage.objects.of(case.turn.conversation).filter(order=case.order, state="due").annotate(pending=pending).order_by("n").first()
    if due is None or (n is not None and n != due.n):
        raise Refused("stage-not-due", _("Another stage is to be paid now."))
    if due.pending:
        raise Refused("payment-under-way", _("A payment of this stage is under way. Finish it, or wait until it runs out."))
    return due


def free_number(case: Case) -> int:
    """The next number of a transfer. Raises Refused while another one of the order is under way."""
    known = list(case.order.transfers.values_list("n", "state"))
    if any(state in OPEN for _n, state in known):
        raise Refused("transfer-under-way", _("A transfer is under way. Settle it first."))
    return max((n for n, _state in known), default=0) + 1


def check_claim(case: Case, amount: int, currency: str, paid_on: date) -> None:
    """Raises Invalid for money of another currency, and for a day that cannot be."""
    today = case.turn.now.astimezone(HOME).date()
    if currency and currency != case.order.currency:
        raise Invalid({"amount": _("This is another currency.")})
    if not today - EARLIEST <= paid_on <= today:
        raise Invalid({"paid_on": _("The day of the transfer lies ahead, or too far back.")})


def slip_of(case: Case, voucher: UUID) -> Upload:
    """The uploaded slip, of the caller's company. Raises Invalid for anything else."""
    found = Upload.objects.filter(pk=voucher, company_id=case.turn.call.company).first()
    if found is None:
        raise Invalid({"voucher": _("This file is not there any more. Send it again.")})
    if not found.mime.startswith(VOUCHERS):
        raise Invalid({"voucher": _("A transfer slip is a picture or a PDF.")})
    return found


def begin(case: Case, stage: Stage, side: str, **told_: Any) -> BankTransfer:
    """The row of a transfer, the `n`th of its order."""
    return BankTransfer.objects.create(
        id=new_id(), conversation_id=case.turn.conversation, order=case.order, stage=stage, side=side, currency=case.order.currency,
        by_person=case.turn.call.by, by_name=case.turn.call.name, at=case.turn.now, **told_,
    )  # fmt: skip


def claim(now: Any, row: BankTransfer) -> None:
    """Take the slip's digest, once among all orders. Raises Refused when somebody has."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [row.sha256, row.id, now])
        if cursor.fetchone() is None:
            raise Refused("voucher-used", USED)


def withdraw(call: Call, *, transfer_id: UUID) -> dict[str, Any]:
    """The buyer takes back what he said, while the supplier has not answered; the slip is free again."""
    with turn(call) as t:
        t.require("pay")
        at = matter.get(t, transfer_id)
        advance(at.transfer, to=TRANSFER.move(at.transfer.state, "withdraw", by=at.case.by))
        BankVoucher.objects.filter(sha256=at.transfer.sha256, transfer_id=at.transfer.id).delete()
        end(at, "bank.withdrawn", {})
        t.result |= at.ids()
    return t.result


def deny(call: Call, *, transfer_id: UUID, reason: str = "") -> dict[str, Any]:
    """The supplier looked and found no such money."""
    with turn(call) as t:
        t.require("money")
        at = matter.get(t, transfer_id)
        advance(at.transfer, to=TRANSFER.move(at.transfer.state, "deny", by=at.case.by))
        end(at, "bank.absent", {"reason": reason})
        t.result |= at.ids()
    return t.result


def end(at: Matter, kind: str, more: dict[str, Any]) -> None:
    """The transfer came to nothing: the stage is due as before, and an order nobody pays may end by the clock again."""
    at.turn.add(kind, told(at) | more, about=at.case.deal.id)
    order = at.case.order
    if order.state == "placed" and order.money == "none":
        at.turn.effect("order.expire", {"order": str(order.id)}, due_at=at.turn.now + AGAIN)
    matter.show(at.case)
