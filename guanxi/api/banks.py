"""Bank transfer to the supplier's own account: receiving accounts, instructions, transfers, refunds; and the statement of account."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from guanxi.api.conversations import reach
from guanxi.api.door import act, company_of, need_scope, submit, viewer_of
from guanxi.api.orders import ERRORS
from guanxi.api.shape import Amount, Given, Line, amount, an_id, public, split_public, when
from guanxi.base import clock
from guanxi.base.errors import NotFound
from guanxi.deals.bank import accounts, sheet, statement
from guanxi.deals.bank.forms import ACTS, read_account
from guanxi.deals.bank.matter import mask
from guanxi.deals.bank.table import BankAccount, BankOffer, BankRefund, BankTransfer
from guanxi.deals.order.table import Order
from guanxi.people.roles import can, require
from guanxi.people.table import Company

router = Router(tags=["bank transfer"])
HERE = "/orders/{order_id}/bank"


class AmountGiven(Given):
    amount: int = Field(ge=1, le=10**15)
    currency: str = Field(max_length=3, examples=["CNY"])


class AccountGiven(Given):
    holder: Line
    bank: Line
    number: Line = Field(examples=["6222020200112233445"])
    routing: Line = ""
    currency: str = Field(max_length=3, examples=["CNY"])
    replaces: str = Field("", max_length=40, description="The account that closes when this one comes into force")


class OfferGiven(Given):
    stage: int = Field(ge=1, le=5)
    account_id: str = Field(max_length=40)


class SayGiven(Given):
    amount: AmountGiven
    paid_on: date = Field(strict=False)
    voucher: str = Field(max_length=40, description="An upload: picture or PDF; refused when used before")
    stage: int | None = Field(None, ge=1, le=5)
    payer: Line = ""
    note: Line = ""


class FoundGiven(Given):
    amount: AmountGiven
    paid_on: date = Field(strict=False)
    payer: Line = ""
    note: Line = ""


class TransferGiven(Given):
    transfer_id: str = Field(max_length=40)


class ReceiveGiven(TransferGiven):
    amount: AmountGiven


class DenyGiven(TransferGiven):
    reason: Line = ""


class SettleGiven(TransferGiven):
    how: str = Field(pattern="^(count|credit|surplus|back)$")


class RefundGiven(Given):
    refund_id: str = Field(max_length=40)


class RepayGiven(RefundGiven):
    amount: AmountGiven | None = None
    note: Line = ""


class MissGiven(RefundGiven):
    reason: Line = ""


class AccountShown(Schema):
    """`state` proposed, active, closed; `factor`: one person stood for it with a second factor."""

    id: str
    holder: str
    bank: str
    number: str
    routing: str
    currency: str
    state: str
    entered_by: str
    confirmed_by: str
    factor: bool


class InstructionShown(Schema):
    stage: int
    holder: str
    bank: str
    number: str = Field(description="Whole for who has to pay and may, and for the supplier's finance; masked for others")
    routing: str
    code: str
    amount: Amount


class TransferShown(Schema):
    """`state` sent, half, short, over, counted, back, absent, withdrawn."""

    id: str
    n: int
    stage: int
    side: str
    state: str
    claimed: Amount
    got: Amount
    counted: Amount
    paid_on: str
    payer: str
    voucher: str | None
    sha256: str
    confirmed_by: list[str]
    factor: bool


class RefundShown(Schema):
    """`state` owed, repaid, closed."""

    id: str
    n: int
    why: str
    state: str
    amount: Amount
    done: Amount
    claimed: Amount
    due_at: str | None


class BankShown(Schema):
    """What came and goes by bank. `received` counts towards the price and is held by nobody."""

    order: str
    received: Amount
    instructions: list[InstructionShown]
    transfers: list[TransferShown]
    refunds: list[RefundShown]


class StatementRow(Schema):
    at: str | None
    kind: str
    order: str
    number: str
    amount: int
    change: int
    balance: int
    held: int


class StatementAccount(Schema):
    side: str
    currency: str
    opening: int
    closing: int
    held: int
    rows: list[StatementRow]


class StatementShown(Schema):
    """Minor units; the balance is what the buyer still has to pay, below zero the supplier owes."""

    first: str
    last: str
    accounts: list[StatementAccount]


class MadeShown(Schema):
    """What the act was about; look at the order's bank transfers for how they stand now."""

    order: str
    transfer: str = ""
    refund: str = ""
    offer: str = ""


ANSWER = {200: BankShown, **ERRORS}
MADE = {200: MadeShown, **ERRORS}


@router.get("/bank/accounts", response={200: list[AccountShown], **ERRORS}, summary="The receiving accounts of one's company")
def accounts_of(request: HttpRequest) -> list[dict]:
    need_scope(request, "read")
    require(viewer_of(request).role, "money")
    return [account_shown(row) for row in accounts.of(company_of(request))]


@router.post("/bank/accounts", response={200: AccountShown, **ERRORS}, summary="Name an account; a second person confirms it")
def add_account(request: HttpRequest, given: AccountGiven) -> dict:
    need_scope(request, "trade")
    require(viewer_of(request).role, "money")
    return one_account(request, act(request, accounts.add, scope="trade", draft=read_account(given.model_dump())))


@router.post("/bank/accounts/{account_id}/confirm", response={200: AccountShown, **ERRORS}, summary="Stand for an account a colleague named")
def confirm_account(request: HttpRequest, account_id: str) -> dict:
    return one_account(request, act(request, accounts.confirm, scope="trade", account_id=an_id(account_id)))


@router.post("/bank/accounts/{account_id}/close", response={200: AccountShown, **ERRORS}, summary="Close an account; who has to pay to it is told")
def close_account(request: HttpRequest, account_id: str) -> dict:
    return one_account(request, act(request, accounts.close, scope="trade", account_id=an_id(account_id)))


@router.get(HERE, response=ANSWER, summary="Instructions, transfers and refunds of an order")
def bank(request: HttpRequest, order_id: str) -> dict:
    need_scope(request, "read")
    conversation, own = split_public(order_id)
    return one(request, reach(request, conversation), own)


@router.post(f"{HERE}/offer", response=MADE, summary="Offer that a stage is paid to one of our accounts")
def offer(request: HttpRequest, order_id: str, given: OfferGiven) -> dict:
    return done(request, "offer", order_id, given)


@router.post(f"{HERE}/say", response=MADE, summary="Say that one has transferred, with the bank's slip")
def say(request: HttpRequest, order_id: str, given: SayGiven) -> dict:
    return done(request, "say", order_id, given)


@router.post(f"{HERE}/withdraw", response=MADE, summary="Take back what one said, while nobody answered")
def withdraw(request: HttpRequest, order_id: str, given: TransferGiven) -> dict:
    return done(request, "withdraw", order_id, given)


@router.post(f"{HERE}/deny", response=MADE, summary="Nothing has arrived")
def deny(request: HttpRequest, order_id: str, given: DenyGiven) -> dict:
    return done(request, "deny", order_id, given)


@router.post(f"{HERE}/found", response=MADE, summary="Money arrived that nobody told of")
def found(request: HttpRequest, order_id: str, given: FoundGiven) -> dict:
    return done(request, "found", order_id, given)


@router.post(f"{HERE}/receive", response=MADE, summary="So much lies on our account; with a token two people say it")
def receive(request: HttpRequest, order_id: str, given: ReceiveGiven) -> dict:
    return done(request, "receive", order_id, given)


@router.post(f"{HERE}/settle", response=MADE, summary="Settle another amount than was asked for")
def settle(request: HttpRequest, order_id: str, given: SettleGiven) -> dict:
    return done(request, "settle", order_id, given)


@router.post(f"{HERE}/repay", response=MADE, summary="The supplier paid back, all of it or a part")
def repay(request: HttpRequest, order_id: str, given: RepayGiven) -> dict:
    return done(request, "repay", order_id, given)


@router.post(f"{HERE}/got", response=MADE, summary="The buyer has the repayment")
def got(request: HttpRequest, order_id: str, given: RefundGiven) -> dict:
    return done(request, "got", order_id, given)


@router.post(f"{HERE}/miss", response=MADE, summary="The repayment has not arrived")
def miss(request: HttpRequest, order_id: str, given: MissGiven) -> dict:
    return done(request, "miss", order_id, given)


@router.get("/conversations/{conversation_id}/statement", response={200: StatementShown, **ERRORS}, summary="The statement of account of a pair")
def statement_of(request: HttpRequest, conversation_id: str, first: str = "", last: str = "") -> dict:
    """`first` and `last` day, both within; this month if not given. For finance, admins, the owner and viewers."""
    drawn = drawn_for(request, conversation_id, first, last)
    return {"first": str(drawn.first), "last": str(drawn.last), "accounts": [account_of(one, an_id(conversation_id)) for one in drawn.accounts]}


@router.get("/conversations/{conversation_id}/statement.xlsx", summary="The same as a workbook", response={200: bytes, **ERRORS})
def statement_xlsx(request: HttpRequest, conversation_id: str, first: str = "", last: str = "") -> HttpResponse:
    drawn = drawn_for(request, conversation_id, first, last)
    ours = Company.objects.values_list("name", flat=True).get(pk=company_of(request))
    return HttpResponse(sheet.xlsx(drawn, ours=ours, theirs=""), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


def drawn_for(request: HttpRequest, conversation_id: str, first: str, last: str) -> statement.Statement:
    """Reach, role and period of a request."""
    need_scope(request, "read")
    where = reach(request, an_id(conversation_id))
    statement.require(viewer_of(request).role)
    return statement.draw(where, company_of(request), *statement.period(first, last, now=clock.now()))


def account_of(row: statement.Account, where: UUID) -> dict:
    rows = [
        {"at": when(one.at), "kind": one.kind, "order": public(where, one.order_id), "number": one.number, "amount": one.amount, "change": one.change,
         "balance": one.balance, "held": one.held}
        for one in row.rows
    ]  # fmt: skip
    return {"side": row.side, "currency": row.currency, "opening": row.opening, "closing": row.closing, "held": row.held, "rows": rows}


def done(request: HttpRequest, name: str, order_id: str, given: Given) -> dict:
    """Submit an act about an order's bank transfers; the ids it was about."""
    conversation, own = split_public(order_id)
    made = submit(request, ACTS[name], given.model_dump(exclude_none=True), conversation=conversation, order_id=str(own))
    return {"order": public(conversation, own), **{name: made[name] for name in ("transfer", "refund", "offer") if name in made}}


def one_account(request: HttpRequest, made: dict[str, Any]) -> dict:
    return account_shown(BankAccount.objects.get(pk=made["account"], company_id=company_of(request)))


def account_shown(row: BankAccount) -> dict:
    return {
        "id": str(row.id), "holder": row.holder, "bank": row.bank, "number": row.number, "routing": row.routing, "currency": row.currency,
        "state": row.state, "entered_by": row.proposed_name, "confirmed_by": row.confirmed_name, "factor": row.factor,
    }  # fmt: skip


def one(request: HttpRequest, conversation: UUID, own: UUID) -> dict:
    """Four queries."""
    order = Order.objects.find(conversation, own)
    if order is None or company_of(request) not in (order.buyer_id, order.supplier_id):
        raise NotFound
    whole = can(viewer_of(request).role, "pay" if company_of(request) == order.buyer_id else "money")
    offers = BankOffer.objects.of(conversation).filter(order=order, state="open", stage__state="due").select_related("stage").order_by("stage__n")
    transfers = BankTransfer.objects.of(conversation).filter(order=order).select_related("stage").order_by("n")
    refunds = BankRefund.objects.of(conversation).filter(order=order).order_by("n")
    return {
        "order": public(conversation, own), "received": amount(order.received, order.currency), "instructions": [instruction(row, whole) for row in offers],
        "transfers": [transfer(row) for row in transfers], "refunds": [refund(row) for row in refunds],
    }  # fmt: skip


def instruction(row: BankOffer, whole: bool) -> dict:
    return {
        "stage": row.stage.n, "holder": row.holder, "bank": row.bank, "number": row.number if whole else mask(row.number), "routing": row.routing,
        "code": row.code, "amount": amount(row.amount - row.stage.received, row.currency),
    }  # fmt: skip


def transfer(row: BankTransfer) -> dict:
    cur = row.currency
    return {
        "id": str(row.id), "n": row.n, "stage": row.stage.n, "side": row.side, "state": row.state, "claimed": amount(row.claimed, cur),
        "got": amount(row.got, cur), "counted": amount(row.counted, cur), "paid_on": row.paid_on.isoformat(), "payer": row.payer,
        "voucher": str(row.voucher_id) if row.voucher_id else None, "sha256": row.sha256,
        "confirmed_by": [name for name in (row.first_name, row.received_name) if name], "factor": row.factor,
    }  # fmt: skip


def refund(row: BankRefund) -> dict:
    cur = row.currency
    return {
        "id": str(row.id), "n": row.n, "why": row.why, "state": row.state, "amount": amount(row.amount, cur), "done": amount(row.done, cur),
        "claimed": amount(row.claimed, cur), "due_at": when(row.due_at) if row.state != "closed" else None,
    }  # fmt: skip
