"""The contract of an order: draw it up, read it, confirm or decline it, fetch it as PDF."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from guanxi.api.conversations import reach
from guanxi.api.door import need_scope, submit
from guanxi.api.shape import Given, Line, Problem, Text, public, split_public, when
from guanxi.base.errors import NotFound
from guanxi.deals.contract.forms import ACTS
from guanxi.deals.contract.paper import WORDS, paper
from guanxi.deals.contract.reads import newest
from guanxi.deals.contract.table import Contract

router = Router(tags=["orders"])
ERRORS = {404: Problem, 409: Problem, 422: Problem}


class DrawGiven(Given):
    extra: Text = Field("", description="Special terms, beside those that follow from the order")


class AgreeGiven(Given):
    hash: str = Field(min_length=64, max_length=64, description="Digest of the text that was read")


class DeclineGiven(Given):
    reason: Line = ""


class ContractShown(Schema):
    """`state` offered, agreed, declined, replaced. `hash` is SHA-256 over `text` as JSON with sorted keys, without spaces, in UTF-8."""

    id: str
    order: str
    version: int
    state: str
    hash: str
    text: dict
    by: str
    by_name: str
    at: str
    agreed_name: str
    agreed_at: str | None


@router.post("/orders/{order_id}/contract", response={200: ContractShown, **ERRORS}, summary="Draw up the contract of an order, or a newer version")
def draw(request: HttpRequest, order_id: str, given: DrawGiven) -> dict:
    conversation, own = split_public(order_id)
    made = submit(request, ACTS["draw"], given.model_dump(), conversation=conversation, order_id=own)
    return one(conversation, UUID(made["contract"]))


@router.get("/orders/{order_id}/contract", response={200: ContractShown, **ERRORS}, summary="The newest version of an order's contract")
def of_order(request: HttpRequest, order_id: str) -> dict:
    need_scope(request, "read")
    conversation, own = split_public(order_id)
    found = newest(reach(request, conversation), own)
    if found is None:
        raise NotFound
    return shown(found)


@router.get("/contracts/{contract_id}", response={200: ContractShown, **ERRORS}, summary="One version")
def contract(request: HttpRequest, contract_id: str) -> dict:
    need_scope(request, "read")
    conversation, own = split_public(contract_id)
    return one(reach(request, conversation), own)


@router.get("/contracts/{contract_id}/{language}.pdf", response={200: None, **ERRORS}, summary="The PDF, in zh or en")
def as_pdf(request: HttpRequest, contract_id: str, language: str) -> HttpResponse:
    need_scope(request, "read")
    conversation, own = split_public(contract_id)
    found = Contract.objects.of(reach(request, conversation)).filter(pk=own).first()
    if found is None or language not in WORDS:
        raise NotFound
    return HttpResponse(paper(found, language=language), content_type="application/pdf")


@router.post("/contracts/{contract_id}/agree", response={200: ContractShown, **ERRORS}, summary="Confirm the text with this digest")
def agree(request: HttpRequest, contract_id: str, given: AgreeGiven) -> dict:
    return answer(request, "agree", contract_id, given)


@router.post("/contracts/{contract_id}/decline", response={200: ContractShown, **ERRORS}, summary="Do not confirm it")
def decline(request: HttpRequest, contract_id: str, given: DeclineGiven) -> dict:
    return answer(request, "decline", contract_id, given)


def answer(request: HttpRequest, act: str, contract_id: str, given: Given) -> dict:
    """Submit an answer; the contract as it stands after it."""
    conversation, own = split_public(contract_id)
    submit(request, ACTS[act], given.model_dump(), conversation=conversation, contract_id=own)
    return one(conversation, own)


def one(conversation: UUID, own: UUID) -> dict:
    found = Contract.objects.of(conversation).filter(pk=own).first()
    if found is None:
        raise NotFound
    return shown(found)


def shown(row: Contract) -> dict:
    return {
        "id": public(row.conversation_id, row.id), "order": public(row.conversation_id, row.order_id), "version": row.version, "state": row.state,
        "hash": row.hash, "text": row.text, "by": str(row.by_company), "by_name": row.by_name, "at": when(row.at),
        "agreed_name": row.agreed_name, "agreed_at": when(row.agreed_at),
    }  # fmt: skip
