"""Enquiries: the buyer's own, and those a supplier was asked."""

from operator import attrgetter
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from guanxi.api import quotes
from guanxi.api.door import NEWEST, company_of, need_scope, submit, viewer_of
from guanxi.api.paging import page
from guanxi.api.shape import Decimals, Given, Line, Problem, Text, an_id, public, when
from guanxi.base.errors import NotFound
from guanxi.base.written import by, written
from guanxi.deals.award.forms import ACTS as AWARD
from guanxi.deals.deal.table import Deal
from guanxi.deals.quote.forms import ACTS as QUOTE
from guanxi.deals.quote.table import Quote
from guanxi.deals.rfq.forms import ACTS
from guanxi.deals.rfq.listing import parse
from guanxi.deals.rfq.table import Invite, Rfq, RfqLine
from guanxi.people.roles import require

router = Router(tags=["rfqs"])
ERRORS = {404: Problem, 409: Problem, 422: Problem}


class LineGiven(Given):
    name: Line = Field(examples=["外六角螺栓"])
    spec: Line = Field("", examples=["M8×30 DIN 933"])
    quantity: Decimals = Field(examples=["20000"])
    unit: Line = Field(examples=["件"])
    target_price: Decimals | None = Field(None, examples=["0.45"], description="Per unit, up to six decimals")


class RfqGiven(Given):
    title: Line = Field(examples=["304 不锈钢紧固件 3 项"])
    currency: str = Field("CNY", max_length=3)
    place: Line = ""
    deliver_by: str = Field("", max_length=10, examples=["2026-12-05"])
    tax_rate: Decimals | None = Field(None, examples=["13"])
    tax_in: bool = True
    invoice: str = Field("none", pattern="^(none|ordinary|special)$")
    note: Text = ""
    deadline: str = Field("", max_length=40, examples=["2026-11-30T16:00:00Z"])
    lines: list[LineGiven] = Field(max_length=2000)
    files: list[str] = Field(default=[], max_length=20)
    receivers: list[str] = Field(default=[], max_length=100, description="Companies to ask")
    door_open: bool = Field(True, description="Whether its link shows it, and lets suppliers in who were not asked; without receivers it must")
    send: bool = Field(False, description="Send at once; otherwise it is a draft")


class LaterGiven(Given):
    deadline: str = Field(max_length=40, examples=["2026-12-03T16:00:00Z"], description="A day counts to its end")


class DoorGiven(Given):
    door_open: bool


class InviteGiven(Given):
    company: str = Field(max_length=40)


class ReasonGiven(Given):
    reason: Line = ""


class PickGiven(Given):
    n: int = Field(ge=1, le=10_000, description="Line of the enquiry")
    quote: str = Field(max_length=80, description="The open offer of the supplier who gets it")


class AwardGiven(Given):
    picks: list[PickGiven] = Field(max_length=2000)
    reason: Line = Field("", description="Told to those who lose")
    finish: bool = Field(False, description="The lines left over go to nobody: the enquiry ends")


class OrderMade(Schema):
    order: str
    deal: str
    conversation: str


class AwardShown(Schema):
    """One order a supplier, each to be paid, shipped and cancelled on its own."""

    rfq: str
    orders: list[OrderMade]


class ListGiven(Given):
    list: Text = Field(max_length=400_000, examples=["外六角螺栓 M8×30 20 千件\n六角螺母 M8 20 千件"], description="One item a line, or cells divided by tabs")


class RowShown(Schema):
    """A row as read; `wrong` says by field what keeps it from being sent."""

    row: int
    name: str
    spec: str
    quantity: str
    unit: str
    target_price: str
    wrong: dict[str, str]


class ListShown(Schema):
    title: str
    rows: list[RowShown]


class AskedLineShown(Schema):
    n: int
    name: str
    spec: str
    quantity: str
    unit: str
    target_price: str | None


class AskedShown(Schema):
    """A supplier asked; `deal` is the id of the negotiation in the pair's conversation."""

    supplier: str
    deal: str
    conversation: str
    state: str


class RfqShown(Schema):
    id: str
    number: str
    title: str
    state: str
    currency: str
    place: str
    deliver_by: str | None
    deadline: str | None
    invoice: str
    note: str
    buyer: str
    link: str | None = Field(description="Its public page, while the link is open; only for the buyer")
    lines: list[AskedLineShown]
    asked: list[AskedShown]


class RfqsShown(Schema):
    items: list[RfqShown]
    next: str | None


class QuotesShown(Schema):
    items: list[quotes.QuoteShown]


@router.get("/rfqs", response={200: RfqsShown, 422: Problem}, summary="Enquiries you sent or were asked")
def rfqs(request: HttpRequest, cursor: str = "", limit: int = 50) -> dict:
    need_scope(request, "read")
    found, more = page(mine(company_of(request)), by="created_at", cursor=cursor, limit=limit)
    return {"items": shown(found, company_of(request)), "next": more}


@router.post("/rfqs/lines", response={200: ListShown, **ERRORS}, summary="Read a shopping list")
def lines(request: HttpRequest, given: ListGiven) -> dict:
    """A pasted list as lines of an enquiry; nothing is stored."""
    need_scope(request, "trade")
    company_of(request)
    require(viewer_of(request).role, "buy")
    found = parse(given.list)
    rows = [{"row": row.n, **row.values, "wrong": {field: str(words) for field, words in row.wrong.items()}} for row in found.rows]
    return {"title": found.title, "rows": rows}


@router.get("/rfqs/{rfq_id}", response={200: RfqShown, **ERRORS}, summary="One enquiry")
def rfq(request: HttpRequest, rfq_id: str) -> dict:
    need_scope(request, "read")
    return one(request, rfq_id)


@router.post("/rfqs", response={200: RfqShown, **ERRORS}, summary="Ask for prices")
def create(request: HttpRequest, given: RfqGiven) -> dict:
    """A draft, or with `send` an enquiry to its receivers in one step. Bad lines are named in `fields` (`lines.3.quantity`) and nothing is stored."""
    data = given.model_dump()
    form = ACTS["ask"] if data.pop("send") else ACTS["create_draft"]
    return one(request, submit(request, form, data)["rfq"])


@router.put("/rfqs/{rfq_id}", response={200: RfqShown, **ERRORS}, summary="Rewrite a draft")
def rewrite(request: HttpRequest, rfq_id: str, given: RfqGiven) -> dict:
    data = given.model_dump()
    form = ACTS["send"] if data.pop("send") else ACTS["save_draft"]
    return one(request, submit(request, form, data, rfq_id=own(request, rfq_id))["rfq"])


@router.post("/rfqs/{rfq_id}/invite", response={200: RfqShown, **ERRORS}, summary="Ask one more supplier")
def invite(request: HttpRequest, rfq_id: str, given: InviteGiven) -> dict:
    return one(request, submit(request, ACTS["invite"], {}, rfq_id=own(request, rfq_id), supplier_id=an_id(given.company))["rfq"])


@router.post("/rfqs/{rfq_id}/close", response={200: RfqShown, **ERRORS}, summary="Take no more quotes")
def close(request: HttpRequest, rfq_id: str) -> dict:
    return one(request, submit(request, ACTS["close"], {}, rfq_id=own(request, rfq_id))["rfq"])


@router.post("/rfqs/{rfq_id}/extend", response={200: RfqShown, **ERRORS}, summary="Give more time to quote")
def extend(request: HttpRequest, rfq_id: str, given: LaterGiven) -> dict:
    """The new deadline must be later than the one that stands. Every supplier who may still quote hears it."""
    return one(request, submit(request, ACTS["extend"], given.model_dump(), rfq_id=own(request, rfq_id))["rfq"])


@router.post("/rfqs/{rfq_id}/reopen", response={200: RfqShown, **ERRORS}, summary="Take quotes again")
def reopen(request: HttpRequest, rfq_id: str, given: LaterGiven) -> dict:
    """After it was closed or expired. Suppliers who had not answered in time may quote again."""
    return one(request, submit(request, ACTS["reopen"], given.model_dump(), rfq_id=own(request, rfq_id))["rfq"])


@router.post("/rfqs/{rfq_id}/copy", response={200: RfqShown, **ERRORS}, summary="Copy into a new draft")
def copy(request: HttpRequest, rfq_id: str) -> dict:
    return one(request, submit(request, ACTS["copy"], {}, rfq_id=own(request, rfq_id))["rfq"])


@router.post("/rfqs/{rfq_id}/publish", response={200: RfqShown, **ERRORS}, summary="Open or close its link")
def publish(request: HttpRequest, rfq_id: str, given: DoorGiven) -> dict:
    return one(request, submit(request, ACTS["publish"], given.model_dump(), rfq_id=own(request, rfq_id))["rfq"])


@router.post("/rfqs/{rfq_id}/award", response={200: AwardShown, **ERRORS}, summary="Award lines to several suppliers")
def award(request: HttpRequest, rfq_id: str, given: AwardGiven) -> dict:
    """Each supplier gets one order with the lines he won, his whole freight, and his stages of the new total. A line goes to one supplier, once."""
    made = submit(request, AWARD["split"], given.model_dump(), rfq_id=an_id(rfq_id))
    return {"rfq": made["rfq"], "orders": [order_made(one) for one in made["orders"]]}


@router.post("/rfqs/{rfq_id}/finish", response={200: RfqShown, **ERRORS}, summary="End an enquiry awarded in part")
def finish(request: HttpRequest, rfq_id: str, given: ReasonGiven) -> dict:
    return one(request, submit(request, AWARD["finish"], given.model_dump(), rfq_id=own(request, rfq_id))["rfq"])


def order_made(ids: dict[str, str]) -> dict[str, str]:
    room = UUID(ids["conversation"])
    return {"conversation": ids["conversation"], **{name: public(room, UUID(ids[name])) for name in ("order", "deal")}}


@router.post("/rfqs/{rfq_id}/cancel", response={200: RfqShown, **ERRORS}, summary="Withdraw an enquiry")
def cancel(request: HttpRequest, rfq_id: str) -> dict:
    return one(request, submit(request, QUOTE["cancel_rfq"], {}, rfq_id=own(request, rfq_id))["rfq"])


@router.post("/rfqs/{rfq_id}/decline", response={200: RfqShown, **ERRORS}, summary="Decline to quote")
def decline(request: HttpRequest, rfq_id: str, given: ReasonGiven) -> dict:
    asked = asked_of(request, rfq_id)
    submit(request, ACTS["decline"], given.model_dump(), conversation=asked.conversation_id, deal_id=asked.id)
    return one(request, rfq_id)


@router.get("/rfqs/{rfq_id}/quotes", response={200: QuotesShown, **ERRORS}, summary="Offers for an enquiry")
def offers(request: HttpRequest, rfq_id: str) -> dict:
    """The buyer sees the offers of all he asked, the newest version of each first; a supplier his own negotiation."""
    need_scope(request, "read")
    company = company_of(request)
    deals = Deal.objects.filter(Q(buyer_id=company) | Q(supplier_id=company), rfq_id=an_id(rfq_id))
    if not deals.exists():
        raise NotFound
    found = Quote.objects.filter(conversation_id__in=deals.values("conversation_id"), deal_id__in=deals.values("id")).order_by("deal_id", "-version")
    return {"items": [quotes.shown(one) for one in found]}


@router.post("/rfqs/{rfq_id}/quotes", response={200: quotes.QuoteShown, **ERRORS}, summary="Quote, or revise your quote")
def quote(request: HttpRequest, rfq_id: str, given: quotes.TermsGiven) -> dict:
    asked = asked_of(request, rfq_id)
    data = given.model_dump(exclude={"seen"})
    made = submit(request, QUOTE["send"], data, conversation=asked.conversation_id, seen=NEWEST if given.seen is None else given.seen, deal_id=asked.id)
    return quotes.one(asked.conversation_id, UUID(made["quote"]))


def mine(company: UUID) -> QuerySet[Rfq]:
    """Enquiries of a company, and those it was asked once they were sent."""
    return Rfq.objects.filter(Q(company_id=company) | Q(id__in=Invite.objects.filter(supplier_id=company).values("rfq_id")))


@written
def one_of(company: UUID, own: UUID) -> QuerySet[Rfq]:
    return mine(company).filter(id=own)


@written
def lines_of(rfqs: list[UUID]) -> QuerySet[RfqLine]:
    return RfqLine.objects.filter(rfq_id__among=rfqs).order_by("n")


@written
def copies_of(company: UUID, rfqs: list[UUID]) -> QuerySet[Invite]:
    return Invite.objects.filter(Q(buyer_id=company) | Q(supplier_id=company), rfq_id__among=rfqs).order_by("id")


@written
def copy_of(supplier: UUID, rfq: UUID) -> QuerySet[Invite]:
    return Invite.objects.filter(rfq_id=rfq, supplier_id=supplier)


def own(request: HttpRequest, rfq_id: str) -> UUID:
    """The id of an enquiry of the caller's own company. Raises NotFound otherwise."""
    found = Rfq.objects.filter(company_id=company_of(request), id=an_id(rfq_id)).values_list("id", flat=True).first()
    if found is None:
        raise NotFound
    return found


def asked_of(request: HttpRequest, rfq_id: str) -> Invite:
    """The caller's own frozen copy as a supplier. Raises NotFound when he was not asked."""
    found = copy_of(company_of(request), an_id(rfq_id))
    if not found:
        raise NotFound
    return found[0]


def one(request: HttpRequest, rfq_id: str | UUID) -> dict:
    company = company_of(request)
    found = one_of(company, an_id(str(rfq_id)))
    if not found:
        raise NotFound
    return shown(found, company)[0]


def shown(rows: list[Rfq], company: UUID) -> list[dict]:
    """Enquiries as this company may see them: a supplier sees himself among those asked, and no drafts of changes."""
    ids = [row.id for row in rows]
    lines = by(attrgetter("rfq_id"), lines_of(ids))
    asked: dict[UUID, list[dict]] = {}
    for invite_ in copies_of(company, ids):
        asked.setdefault(invite_.rfq_id, []).append({
            "supplier": str(invite_.supplier_id), "deal": public(invite_.conversation_id, invite_.id),
            "conversation": str(invite_.conversation_id), "state": invite_.state,
        })  # fmt: skip
    return [{
        "id": str(row.id), "number": row.number, "title": row.title, "state": row.state, "currency": row.currency, "place": row.place,
        "deliver_by": row.deliver_by.isoformat() if row.deliver_by else None, "deadline": when(row.deadline_at), "invoice": row.invoice, "note": row.note,
        "buyer": str(row.company_id), "link": f"{settings.PUBLIC_URL}/r/{row.door}" if row.door_open and row.company_id == company else None,
        "lines": [line_shown(line) for line in lines[row.id]], "asked": asked.get(row.id, []),
    } for row in rows]  # fmt: skip


def line_shown(line: RfqLine) -> dict:
    price = None if line.target_price is None else f"{line.target_price.normalize():f}"
    return {"n": line.n, "name": line.name, "spec": line.spec, "quantity": f"{line.quantity.normalize():f}", "unit": line.unit, "target_price": price}
