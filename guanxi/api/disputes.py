"""Disputes: open one about an order, look at it, propose, answer, show, and what follows a decision."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from guanxi.api.conversations import reach
from guanxi.api.door import need_scope, submit
from guanxi.api.orders import ERRORS, FoundGiven, PartGiven
from guanxi.api.shape import Amount, Given, Line, Text, amount, public, split_public, when
from guanxi.deals.dispute import reads
from guanxi.deals.dispute.forms import ACTS
from guanxi.deals.dispute.table import Evidence, Proposal

router = Router(tags=["disputes"])
Kind = Field("refund", pattern="^(refund|return|go_on)$", description="refund: the rest is released, the order ends; return: the same, goods first; go_on")
MOST = 10**15


class OpenGiven(Given):
    """Without an amount: what is short or damaged is worth so much, or everything. With short or damaged lines, `quantity` is what is good."""

    reason: Line = Field(examples=["damaged"], description="not-arrived, short, damaged, different, late, price, not-confirmed, else")
    text: Text = Field(examples=["Two boxes are torn."])
    kind: str = Field("", pattern="^(refund|return|go_on)?$")
    refund: int | None = Field(None, ge=0, le=MOST, description="Minor units back to the buyer")
    lines: list[FoundGiven] = Field(default=[], max_length=2000)
    files: list[str] = Field(default=[], max_length=9, description="Uploads")


class ProposeGiven(Given):
    kind: str = Kind
    refund: int = Field(0, ge=0, le=MOST, description="Minor units back to the buyer")
    lines: list[PartGiven] = Field(default=[], max_length=2000, description="Goods that go back, or are sent again")
    text: Text = ""


class AnswerGiven(Given):
    proposal_id: str = Field("", max_length=40, description="The one you mean; refused as stale when another stands")
    text: Text = ""


class AgreeGiven(Given):
    proposal_id: str = Field("", max_length=40, description="The one you mean; refused as stale when another stands")


class WordsGiven(Given):
    text: Text = ""


class ShowGiven(Given):
    text: Text = ""
    files: list[str] = Field(default=[], max_length=9, description="Uploads")


class BackGiven(Given):
    carrier: Line = Field(examples=["顺丰"])
    waybill: Line = ""


class PlanShown(Schema):
    kind: str
    refund: Amount
    lines: list[dict]


class ProposalShown(Schema):
    id: str
    n: int
    side: str
    plan: PlanShown
    text: str
    state: str
    due_at: str | None
    at: str


class FileShown(Schema):
    upload: str
    name: str
    mime: str
    size: int
    sha256: str
    picture: bool


class EvidenceShown(Schema):
    n: int
    side: str
    by: str
    text: str
    files: list[FileShown]
    at: str


class DisputeShown(Schema):
    """`state` open, answered, escalated, returning, sent_back, owing, repaid, closed; `turn` buyer, supplier, staff or nobody, until `due_at`.
    `outcome` agreed, ruled, withdrawn, once it is closed or decided; `refunded` and `released` are what moved of `frozen`."""

    id: str
    order: str
    n: int
    opened_by: str
    reason: str
    text: str
    wrong: list[dict]
    state: str
    turn: str
    due_at: str | None
    frozen: Amount
    refunded: Amount
    released: Amount
    plan: PlanShown | None
    outcome: str
    ruling: str
    proposals: list[ProposalShown]
    evidence: list[EvidenceShown]
    opened_at: str
    closed_at: str | None


ANSWER = {200: DisputeShown, **ERRORS}
HERE = "/orders/{order_id}/dispute"


@router.get(HERE, response=ANSWER, summary="The newest dispute about an order")
def dispute(request: HttpRequest, order_id: str) -> dict:
    need_scope(request, "read")
    conversation, own = split_public(order_id)
    return one(reach(request, conversation), own)


@router.post(HERE, response=ANSWER, summary="Open a dispute: freezes what is held at once")
def begin(request: HttpRequest, order_id: str, given: OpenGiven) -> dict:
    return done(request, "open", order_id, given)


@router.post(f"{HERE}/propose", response=ANSWER, summary="Propose how to end it, in place of what was proposed before")
def propose(request: HttpRequest, order_id: str, given: ProposeGiven) -> dict:
    return done(request, "propose", order_id, given)


@router.post(f"{HERE}/accept", response=ANSWER, summary="Agree to the standing proposal: money moves exactly so")
def accept(request: HttpRequest, order_id: str, given: AgreeGiven) -> dict:
    return done(request, "accept", order_id, given)


@router.post(f"{HERE}/refuse", response=ANSWER, summary="Refuse the standing proposal")
def refuse(request: HttpRequest, order_id: str, given: AnswerGiven) -> dict:
    return done(request, "refuse", order_id, given)


@router.post(f"{HERE}/show", response=ANSWER, summary="Add evidence; it stays")
def show(request: HttpRequest, order_id: str, given: ShowGiven) -> dict:
    return done(request, "show", order_id, given)


@router.post(f"{HERE}/escalate", response=ANSWER, summary="Ask the operator to decide")
def escalate(request: HttpRequest, order_id: str, given: WordsGiven) -> dict:
    return done(request, "escalate", order_id, given)


@router.post(f"{HERE}/withdraw", response=ANSWER, summary="Take back the dispute you opened")
def withdraw(request: HttpRequest, order_id: str, given: WordsGiven) -> dict:
    return done(request, "withdraw", order_id, given)


@router.post(f"{HERE}/send_back", response=ANSWER, summary="The buyer sent the goods back")
def send_back(request: HttpRequest, order_id: str, given: BackGiven) -> dict:
    return done(request, "send_back", order_id, given)


@router.post(f"{HERE}/take_back", response=ANSWER, summary="The supplier has the goods back")
def take_back(request: HttpRequest, order_id: str) -> dict:
    return done(request, "take_back", order_id, None)


@router.post(f"{HERE}/contest", response=ANSWER, summary="What was decided was not kept: the operator decides")
def contest(request: HttpRequest, order_id: str, given: WordsGiven) -> dict:
    return done(request, "contest", order_id, given)


@router.post(f"{HERE}/repay", response=ANSWER, summary="The supplier paid back, outside escrow")
def repay(request: HttpRequest, order_id: str, given: WordsGiven) -> dict:
    return done(request, "repay", order_id, given)


@router.post(f"{HERE}/got_back", response=ANSWER, summary="The buyer has the repayment")
def got_back(request: HttpRequest, order_id: str) -> dict:
    return done(request, "got_back", order_id, None)


def done(request: HttpRequest, act: str, order_id: str, given: Given | None) -> dict:
    """Submit an act about an order's dispute; the dispute as it stands after it."""
    conversation, own = split_public(order_id)
    reach(request, conversation)  # before the newest dispute is looked for
    submit(request, ACTS[act], given.model_dump(exclude_none=True) if given else {}, conversation=conversation, order_id=own)
    return one(conversation, own)


def one(conversation: UUID, order: UUID) -> dict:
    """The newest dispute, in four queries."""
    told = reads.newest(conversation, order)
    row, cur = told.dispute, told.dispute.currency
    return {
        "id": public(conversation, row.id), "order": public(conversation, order), "n": row.n, "opened_by": row.opened_by, "reason": row.reason,
        "text": row.text, "wrong": row.wrong, "state": row.state, "turn": row.turn, "due_at": when(row.due_at), "frozen": amount(row.frozen, cur),
        "refunded": amount(row.refunded, cur), "released": amount(row.released, cur), "plan": plan_shown(row.plan, cur) if row.plan else None,
        "outcome": row.outcome, "ruling": row.ruling, "proposals": [proposal_shown(one, cur) for one in told.proposals],
        "evidence": [evidence_shown(one) for one in told.evidence], "opened_at": when(row.opened_at), "closed_at": when(row.closed_at),
    }  # fmt: skip


def plan_shown(plan: dict, currency: str) -> dict:
    return {"kind": plan["kind"], "refund": amount(plan["refund"], currency), "lines": plan["lines"]}


def proposal_shown(row: Proposal, currency: str) -> dict:
    return {
        "id": str(row.id), "n": row.n, "side": row.side, "plan": plan_shown(row.plan, currency), "text": row.text, "state": row.state,
        "due_at": when(row.due_at) if row.state == "open" else None, "at": when(row.at),
    }  # fmt: skip


def evidence_shown(row: Evidence) -> dict:
    return {"n": row.n, "side": row.side, "by": row.by_name, "text": row.text, "files": row.files, "at": when(row.at)}
