"""An enquiry goes on: more time, open again, reminders, copies, and enquiries only their link shows."""

from datetime import timedelta
from uuid import UUID

import pytest

from guanxi.base import clock
from guanxi.base.errors import Invalid, NotFound, Refused
from guanxi.base.outbox.drain import drain
from guanxi.deals.deal.table import Deal
from guanxi.deals.quote.table import Quote
from guanxi.deals.rfq import acts, longer
from guanxi.deals.rfq.clock import close_overdue
from guanxi.deals.rfq.rules import RFQ
from guanxi.deals.rfq.table import Invite, Rfq, RfqLine
from guanxi.talk.run import run
from guanxi.talk.table import Entry
from tests import make, trade

pytestmark = pytest.mark.django_db(transaction=True)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def suppliers(count):
    return [make.actor(f"Bo{n}", f"Works{n}") for n in range(count)]


def kinds(actor):
    deal = Deal.objects.get(supplier_id=actor.company.id)
    return list(Entry.objects.filter(about=deal.id).order_by("seq").values_list("kind", flat=True))


def of(pair):
    return pair.buyer.call().at(None)


def test_more_time_is_told_to_all_who_may_still_quote():
    pair, (other, third) = make.pair(), suppliers(2)
    rfq, deal = trade.ask(pair, other, third)
    trade.quote(pair.supplier, deal)
    theirs = Deal.objects.get(supplier_id=third.company.id)
    run(acts.decline, make.Actor(third.person, third.company, "owner", theirs.conversation_id).call(), deal_id=theirs.id)
    later = clock.now() + 6 * DAY
    run(longer.extend, of(pair), rfq_id=rfq, deadline=later)
    assert (Rfq.objects.get().deadline_at, kinds(other), kinds(third)) == (later, ["rfq.sent", "rfq.extended"], ["rfq.sent", "rfq.declined"])
    assert kinds(pair.supplier) == ["rfq.sent", "quote.sent", "rfq.extended"]
    assert Deal.objects.get(supplier_id=other.company.id).due_at == later
    assert Deal.objects.get(pk=deal).turn == "answer", "whoever has quoted waits for the buyer as before"
    drain(clock.now() + 3 * DAY + HOUR)
    assert Rfq.objects.get().state == "open", "the first deadline means nothing any more"
    drain(later + HOUR)
    assert Rfq.objects.get().state == "closed"


def test_less_time_is_refused():
    pair = make.pair()
    rfq, _deal = trade.ask(pair)
    with pytest.raises(Invalid) as wrong:
        run(longer.extend, of(pair), rfq_id=rfq, deadline=clock.now() + HOUR)
    assert set(wrong.value.fields) == {"deadline"}
    assert kinds(pair.supplier) == ["rfq.sent"]


def test_open_again_gives_those_who_came_too_late_their_turn_back():
    pair, (other,) = make.pair(), suppliers(1)
    rfq, deal = trade.ask(pair, other)
    offer = trade.quote(pair.supplier, deal, valid_until=(clock.now() + 30 * DAY).isoformat())
    run(acts.close, of(pair), rfq_id=rfq)
    late = Deal.objects.get(supplier_id=other.company.id)
    assert (late.state, late.turn_company) == ("lapsed", None)
    later = clock.now() + 5 * DAY
    run(longer.reopen, of(pair), rfq_id=rfq, deadline=later)
    late.refresh_from_db()
    assert (Rfq.objects.get().state, late.state, late.turn, late.turn_company, late.due_at) == ("open", "live", "quote", other.company.id, later)
    assert kinds(other) == ["rfq.sent", "rfq.closed", "rfq.reopened"]
    assert Quote.objects.get(pk=offer).state == "open"
    trade.quote(make.Actor(other.person, other.company, "owner", late.conversation_id), late.id)
    assert sorted(Invite.objects.values_list("state", flat=True)) == ["quoted", "quoted"]
    trade.place(pair.buyer, offer)
    with pytest.raises(Refused, match="awarded"):
        run(longer.reopen, of(pair), rfq_id=rfq, deadline=later)


def test_an_expired_enquiry_opens_again():
    pair = make.pair()
    rfq, deal = trade.ask(pair)
    late = clock.now() + 4 * DAY
    drain(late)
    assert Rfq.objects.get().state == "expired"
    run(longer.reopen, pair.buyer.call(now=late).at(None), rfq_id=rfq, deadline=late + 5 * DAY)
    assert (Rfq.objects.get().state, Invite.objects.get().state, Deal.objects.get(pk=deal).state) == ("open", "invited", "live")


def test_beyond_ten_suppliers_the_clock_tells_the_rest_once():
    pair = make.pair()
    rfq, _deal = trade.ask(pair, *suppliers(11))
    drain(clock.now())
    run(longer.extend, of(pair), rfq_id=rfq, deadline=clock.now() + 6 * DAY)
    assert Entry.objects.filter(kind="rfq.extended").count() == 10
    drain(clock.now())
    drain(clock.now())
    assert Entry.objects.filter(kind="rfq.extended").count() == 12


def test_a_day_before_the_deadline_only_those_who_have_not_answered_are_reminded_and_once():
    pair, (other,) = make.pair(), suppliers(1)
    _rfq, deal = trade.ask(pair, other)
    trade.quote(pair.supplier, deal, valid_until=(clock.now() + 30 * DAY).isoformat())
    drain(clock.now() + 2 * DAY - HOUR)
    assert kinds(other) == ["rfq.sent"]
    drain(clock.now() + 2 * DAY + HOUR)
    assert (kinds(other), kinds(pair.supplier)) == (["rfq.sent", "rfq.reminded"], ["rfq.sent", "quote.sent"])
    row = Deal.objects.get(supplier_id=other.company.id)
    run(longer.remind, row_call(row), rfq_id=row.rfq_id)
    assert kinds(other) == ["rfq.sent", "rfq.reminded"]
    assert (row.turn, row.state) == ("quote", "live")


def row_call(deal):
    from guanxi.talk.call import by_actor

    return by_actor("clock", deal.conversation_id)


def test_a_moved_deadline_is_reminded_of_in_its_own_time():
    pair = make.pair()
    rfq, _deal = trade.ask(pair)
    run(longer.extend, of(pair), rfq_id=rfq, deadline=clock.now() + 9 * DAY)
    drain(clock.now() + 2 * DAY + HOUR)
    assert kinds(pair.supplier) == ["rfq.sent", "rfq.extended"]
    drain(clock.now() + 8 * DAY + HOUR)
    assert kinds(pair.supplier) == ["rfq.sent", "rfq.extended", "rfq.reminded"]


def test_a_copy_is_a_draft_of_its_own_to_the_same_suppliers():
    pair, (other,) = make.pair(), suppliers(1)
    rfq, _deal = trade.ask(pair, other, place="Wenzhou", note="soon")
    made = UUID(run(longer.copy, of(pair), rfq_id=rfq)["rfq"])
    new = Rfq.objects.get(pk=made)
    assert (new.state, new.place, new.note, len(new.receivers), len(new.typed["lines"])) == ("draft", "Wenzhou", "soon", 2, 2)
    assert (new.number != Rfq.objects.get(pk=rfq).number, RfqLine.objects.filter(rfq_id=made).exists()) == (True, False)
    run(acts.send, of(pair), rfq_id=made)
    assert Invite.objects.filter(rfq_id=made).count() == 2
    twice = UUID(run(longer.copy, of(pair), rfq_id=run_draft(pair))["rfq"])
    assert Rfq.objects.get(pk=twice).title == "Half"
    with pytest.raises(NotFound):
        run(longer.copy, other.call().at(None), rfq_id=rfq)


def run_draft(pair):
    draft = acts.read({"title": "Half"}, now=clock.now(), strict=False)
    return UUID(run(acts.create_draft, of(pair), draft=draft)["rfq"])


def test_an_enquiry_nobody_was_asked_is_shown_by_its_link_and_ends_by_itself():
    buyer, cy = make.actor("Ana", "Haichuan"), make.actor("Cy", "Elsewhere")
    made = run(acts.ask, buyer.call().at(None), draft=trade.draft())
    rfq = Rfq.objects.get(pk=made["rfq"])
    assert (made["deals"], rfq.state, rfq.door_open, rfq.lines.count()) == ([], "open", True, 2)
    joined = run(acts.join, cy.call().at(None), token=rfq.door)["deals"][0]
    trade.quote(make.Actor(cy.person, cy.company, "owner", UUID(joined["conversation"])), UUID(joined["deal"]))
    assert close_overdue(now=clock.now()) == 0
    assert close_overdue(now=clock.now() + 4 * DAY) == 1
    assert Rfq.objects.get().state == "closed"
    alone = run(acts.ask, buyer.call().at(None), draft=trade.draft())["rfq"]
    close_overdue(now=clock.now() + 4 * DAY)
    assert Rfq.objects.get(pk=alone).state == "expired"
    run(longer.reopen, buyer.call().at(None), rfq_id=UUID(alone), deadline=clock.now() + 5 * DAY)
    assert Rfq.objects.get(pk=alone).state == "open"
    with pytest.raises(Invalid) as wrong:
        run(acts.ask, buyer.call().at(None), draft=trade.draft(door_open="off"))
    assert set(wrong.value.fields) == {"receivers"}


def test_the_link_can_be_closed_and_opened():
    pair, cy = make.pair(), make.actor("Cy", "Elsewhere")
    rfq, _deal = trade.ask(pair)
    token = Rfq.objects.get().door
    run(longer.publish, of(pair), rfq_id=rfq, door_open=False)
    with pytest.raises(NotFound):
        run(acts.join, cy.call().at(None), token=token)
    run(longer.publish, of(pair), rfq_id=rfq, door_open=True)
    assert run(acts.join, cy.call().at(None), token=token)["deals"]
    with pytest.raises(NotFound):
        run(longer.publish, cy.call().at(None), rfq_id=rfq, door_open=False)


ACTS = {
    "extend": lambda rfq: (longer.extend, {"rfq_id": rfq, "deadline": clock.now() + 20 * DAY}),
    "reopen": lambda rfq: (longer.reopen, {"rfq_id": rfq, "deadline": clock.now() + 20 * DAY}),
    "publish": lambda rfq: (longer.publish, {"rfq_id": rfq, "door_open": False}),
    "copy": lambda rfq: (longer.copy, {"rfq_id": rfq}),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("state", sorted(RFQ.states))
@pytest.mark.parametrize("role", ["owner", "admin", "purchaser", "sales", "finance", "viewer"])
def test_every_act_state_and_role(act, state, role):
    pair = make.pair()
    rfq, _deal = trade.ask(pair)
    Rfq.objects.update(state=state)
    who = pair.buyer if role == "owner" else pair.colleague(pair.buyer, role)
    do, kwargs = ACTS[act](rfq)
    rule = RFQ.find(state, act, "buyer")
    call = who.call().at(None)
    if role in ("owner", "admin", "purchaser") and (act == "copy" or rule):
        run(do, call, **kwargs)
        assert Rfq.objects.get(pk=rfq).state == (rule.to if rule else state)
        return
    before = (Rfq.objects.count(), Entry.objects.count())
    with pytest.raises(Refused):
        run(do, call, **kwargs)
    assert (Rfq.objects.get().state, *before) == (state, Rfq.objects.count(), Entry.objects.count())
    with pytest.raises(NotFound):
        run(do, make.outsider(pair.conversation).call().at(None), **kwargs)
