"""What a buyer does with an enquiry, and a supplier with his copy of it. Acts that also touch offers stand in quote/ending.py."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.base.db import advance
from guanxi.base.errors import Invalid, NotFound, Refused
from guanxi.base.ids import claim_number, new_id
from guanxi.deals.deal import panel
from guanxi.deals.rfq import copies
from guanxi.deals.rfq.draft import Asked, Draft, read
from guanxi.deals.rfq.rules import INVITE, RFQ
from guanxi.deals.rfq.table import Invite, Rfq, RfqLine
from guanxi.talk.call import Call
from guanxi.talk.open import pair_conversation, pair_conversations
from guanxi.talk.table import Upload
from guanxi.talk.turn import Turn, turn, turns

NEAR = timedelta(days=1)  # before the deadline; a third of the time when that is shorter


def create_draft(call: Call, *, draft: Draft) -> dict[str, Any]:
    """A draft only its company sees. Gives {rfq}."""
    with turns(call, []) as at:
        call.require("buy")
        rfq = new(call, draft)
        at.result = {"rfq": str(rfq.id)}
    return at.result


def save_draft(call: Call, *, rfq_id: UUID, draft: Draft) -> dict[str, Any]:
    """The draft as it stands now. Gives {rfq}; Refused once it is sent."""
    get(call, rfq_id)
    with turns(call, []) as at:
        call.require("buy")
        rfq = locked(call, rfq_id)
        if rfq.state != "draft":
            raise Refused(f"rfq-{rfq.state}", _("This RFQ has been sent; it cannot be changed."))
        Rfq.objects.filter(pk=rfq.pk).update(**_columns(draft), updated_at=call.now)
        at.result = {"rfq": str(rfq_id)}
    return at.result


def send(call: Call, *, rfq_id: UUID, draft: Draft | None = None) -> dict[str, Any]:
    """The draft goes to its receivers, each in the pair's conversation. Gives {rfq, deals: [{conversation, deal, supplier}]}."""
    rfq = get(call, rfq_id)
    if rfq.state != "draft":
        with turns(call, []):
            call.require("buy")
            RFQ.move(rfq.state, "send", by="buyer")
    return _out(call, draft or read(rfq.typed, now=call.now), rfq_id=rfq_id)


def ask(call: Call, *, draft: Draft) -> dict[str, Any]:
    """A new enquiry, written and sent in one act. Gives what `send` gives."""
    return _out(call, draft)


def _out(call: Call, draft: Draft, *, rfq_id: UUID | None = None) -> dict[str, Any]:
    call.require("buy")
    names = _receivers(call, draft)
    room = pair_conversations(_company(call), list(draft.receivers), now=call.now, responsible=call.person) if draft.receivers else {}
    near = list(draft.receivers)[: copies.TOGETHER]
    with turns(call, [room[one] for one in near]) as at:
        for here in at.by_id.values():
            here.require("buy")
        rfq = locked(call, rfq_id) if rfq_id else new(call, draft)
        after = RFQ.move(rfq.state, "send", by="buyer")
        advance(rfq, to=after, **_columns(draft) | {"typed": {}}, sent_at=call.now, updated_at=call.now)
        RfqLine.objects.bulk_create(_rows(rfq, draft.lines))
        picture = copies.Picture(rfq, [line.picture() for line in draft.lines], _files(call, draft), names)
        deals = copies.write({one: at[room[one]] for one in near}, picture) if near else []
        if near:
            watch(at[room[near[0]]], rfq)
            _ask_the_rest(at[room[near[0]]], rfq, draft.receivers[copies.TOGETHER :])
        at.result = {"rfq": str(rfq.id), "deals": deals}
    return at.result


def _ask_the_rest(here: Turn, rfq: Rfq, suppliers: Sequence[UUID]) -> None:
    """Suppliers beyond the first ten, one effect each."""
    for one in suppliers:
        here.effect("rfq.invite", {"rfq": str(rfq.id), "supplier": str(one), "name": here.call.name, "person": str(here.call.person)})


def watch(here: Turn, rfq: Rfq) -> None:
    """What the clock does about a deadline: remind those who have not answered, then close."""
    deadline = rfq.deadline_at or here.now
    here.effect("rfq.remind", {"rfq": str(rfq.id), "deadline": deadline.isoformat()}, due_at=deadline - min(NEAR, (deadline - here.now) / 3))
    here.effect("rfq.close", {"rfq": str(rfq.id)}, due_at=deadline)


def invite(call: Call, *, rfq_id: UUID, supplier_id: UUID) -> dict[str, Any]:
    """One more supplier for an enquiry that is out. Gives {rfq, deals: [one]}; Refused when he was asked already."""
    rfq = get(call, rfq_id)
    names = copies.names_of([rfq.company_id, supplier_id])
    if supplier_id not in names or supplier_id == rfq.company_id:
        raise Invalid({"supplier": _("Choose another company.")})
    room = pair_conversation(rfq.company_id, supplier_id, now=call.now, responsible=call.person)
    with turns(call, [room]) as at:
        at[room].require("buy")
        rfq = locked(call, rfq_id)
        RFQ.move(rfq.state, "invite", by="clock" if call.actor == "clock" else "buyer")
        if Invite.objects.of(room).filter(rfq_id=rfq.id).exists():
            raise Refused("asked-already", _("This supplier has been asked already."))
        at.result = {"rfq": str(rfq.id), "deals": copies.write({supplier_id: at[room]}, _picture(rfq, names))}
    return at.result


def join(call: Call, *, token: str) -> dict[str, Any]:
    """A supplier takes part through the enquiry's link. Gives {rfq, deals: [one]}, his first ones when he has part already."""
    rfq = Rfq.objects.filter(door=token, door_open=True).exclude(state="draft").first()
    if rfq is None or call.company is None:
        raise NotFound
    room = pair_conversation(call.company, rfq.company_id, now=call.now, responsible=call.person)
    with turns(call, [room]) as at:
        if known := Invite.objects.of(room).filter(rfq_id=rfq.id, supplier_id=call.company).first():
            at.result = {"rfq": str(rfq.id), "deals": [{"conversation": str(room), "deal": str(known.id), "supplier": str(call.company)}]}
            return at.result
        at[room].require("sell")
        rfq = Rfq.objects.select_for_update().get(pk=rfq.pk)
        RFQ.move(rfq.state, "join", by="supplier")
        picture = _picture(rfq, copies.names_of([rfq.company_id, call.company]), wishes=False)
        at.result = {"rfq": str(rfq.id), "deals": copies.write({call.company: at[room]}, picture)}
    return at.result


def close(call: Call, *, rfq_id: UUID) -> dict[str, Any]:
    """No new suppliers' quotes from now on; those that came stay open. By the clock at the deadline: without any quote it expires."""
    get(call, rfq_id)
    every = copies.rooms(rfq_id)
    with turns(call, every[: copies.TOGETHER]) as at:
        call.require("buy")
        rfq = locked(call, rfq_id)
        clock = call.actor == "clock"
        if clock and (rfq.state != "open" or (rfq.deadline_at and rfq.deadline_at > call.now)):
            return {}
        quoted = not clock or Invite.objects.filter(rfq_id=rfq_id, state="quoted").exists()
        act, by = ("close" if quoted else "expire"), ("clock" if clock else "buyer")
        advance(rfq, to=RFQ.move(rfq.state, act, by=by), updated_at=call.now)
        copies.end(at, rfq_id, copies.word(rfq), act="expire", kind=f"rfq.{rfq.state}", by=by)
        copies.spill(at, rfq_id, every[copies.TOGETHER :])
        at.result = {"rfq": str(rfq_id)}
    return at.result


def decline(call: Call, *, deal_id: UUID, reason: str = "") -> dict[str, Any]:
    """A supplier will not quote. Gives {deal}."""
    with turn(call) as here:
        here.require("sell")
        deal = panel.get(here, deal_id)
        copy = copy_of(here, deal_id)
        panel.fresh(here, deal)
        advance(copy, to=INVITE.move(copy.state, "decline", by=deal.side_of(call.company) or ""))
        here.add("rfq.declined", {"v": 1, "rfq": str(copy.rfq_id), "number": deal.number, "title": deal.title, "reason": reason}, about=deal.id)
        panel.refresh(here, deal, state="lapsed")
        here.result = {"deal": str(deal.id)}
    return here.result


def award(rfq_id: UUID, *, by: str, call: Call) -> None:
    """The enquiry goes to one supplier. The conditional UPDATE lets one of two colleagues through; Refused for the other."""
    rule = next(rule for rule in RFQ.rules if rule.act == "award")
    if Rfq.objects.filter(pk=rfq_id, state__in=rule.frm).update(state=rule.to, updated_at=call.now) != 1:
        RFQ.move(Rfq.objects.values_list("state", flat=True).get(pk=rfq_id), "award", by=by)


def get(call: Call, rfq_id: UUID) -> Rfq:
    """The caller's company's enquiry. Raises NotFound."""
    rfq = Rfq.objects.filter(pk=rfq_id).first()
    if rfq is None or (call.actor == "person" and rfq.company_id != call.company):
        raise NotFound
    return rfq


def locked(call: Call, rfq_id: UUID) -> Rfq:
    """As `get`, under its row lock; taken after the conversations."""
    rfq = Rfq.objects.select_for_update().filter(pk=rfq_id).first()
    if rfq is None or (call.actor == "person" and rfq.company_id != call.company):
        raise NotFound
    return rfq


def copy_of(here: Any, deal_id: UUID) -> Invite:
    """The copy in this conversation. Raises NotFound."""
    if found := Invite.objects.find(here.conversation, deal_id):
        return found
    raise NotFound


def _company(call: Call) -> UUID:
    if call.company is None:
        raise NotFound
    return call.company


def person_of(call: Call) -> UUID:
    """Who acts. Raises NotFound for an actor who is nobody."""
    if call.person is None:
        raise NotFound
    return call.person


def new(call: Call, draft: Draft) -> Rfq:
    """The row of a new enquiry, a draft."""
    return Rfq.objects.create(
        id=new_id(), company_id=_company(call), number=claim_number("XJ", call.now), door=secrets.token_urlsafe(16), made_by=person_of(call),
        created_at=call.now, updated_at=call.now, **_columns(draft),
    )  # fmt: skip


def _columns(draft: Draft) -> dict[str, Any]:
    same = ("title", "currency", "place", "deliver_by", "tax_rate", "tax_in", "invoice", "note", "deadline_at", "door_open")
    columns = {name: getattr(draft, name) for name in same}
    return columns | {"files": [str(one) for one in draft.files], "receivers": [str(one) for one in draft.receivers], "typed": draft.typed or {}}


def _rows(rfq: Rfq, lines: tuple[Asked, ...]) -> list[RfqLine]:
    return [
        RfqLine(rfq=rfq, n=line.n, name=line.name, spec=line.spec, quantity=line.quantity, unit=line.unit, target_price=line.target) for line in lines
    ]  # fmt: skip


def _receivers(call: Call, draft: Draft) -> dict[UUID, str]:
    """Names of both sides. Raises Invalid for nobody while the link is closed too, oneself, or a company that is not there."""
    if not draft.receivers and not draft.door_open:
        raise Invalid({"receivers": _("Choose at least one supplier, or open the link.")})
    names = copies.names_of([*draft.receivers, _company(call)])
    if call.company in draft.receivers or any(one not in names for one in draft.receivers):
        raise Invalid({"receivers": _("Choose another company.")})
    return names


def _files(call: Call, draft: Draft) -> list[dict[str, Any]]:
    """Pictures of the caller's own uploads (quality.md A9). Photos become public with an open link."""
    files = copies.files_of(list(draft.files))
    own = Upload.objects.filter(id__in=draft.files, company_id=call.company) if draft.files else Upload.objects.none()
    if draft.files and own.count() != len(draft.files):
        raise Invalid({"files": _("One of these files is not there any more.")})
    if draft.door_open and files:
        own.filter(mime__startswith="image/").update(public=True)
    return files


def _picture(rfq: Rfq, names: dict[UUID, str], *, wishes: bool = True) -> copies.Picture:
    """The picture as the first receivers got it, from the rows; who came by the link does not see the wished prices."""
    rows = RfqLine.objects.filter(rfq=rfq).order_by("n")
    lines = [Asked(row.n, row.name, row.spec, row.quantity, row.unit, row.target_price if wishes else None).picture() for row in rows]
    return copies.Picture(rfq, lines, copies.files_of([UUID(one) for one in rfq.files]), names)


def of_buyer(call: Call, rfq: Rfq, *, person: UUID | None, name: str) -> Call:
    """The clock's call that goes on with what a buyer's colleague began."""
    return replace(call, company=rfq.company_id, person=person, name=name, conversation=None)
