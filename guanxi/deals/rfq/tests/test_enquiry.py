"""An enquiry among several suppliers: who hears what, and how it ends."""

from datetime import timedelta
from uuid import UUID

import pytest

from guanxi.base import clock
from guanxi.base.errors import Invalid, NotFound, Refused
from guanxi.base.outbox.drain import drain
from guanxi.deals.deal.table import Deal
from guanxi.deals.order import acts as orders
from guanxi.deals.quote import acts as quotes
from guanxi.deals.quote import ending
from guanxi.deals.quote.table import Quote
from guanxi.deals.rfq import acts
from guanxi.deals.rfq.table import Invite, Rfq, RfqLine
from guanxi.talk.run import run
from guanxi.talk.table import Attachment, Conversation, Entry, Upload
from tests import make, trade

pytestmark = pytest.mark.django_db(transaction=True)


def suppliers(count):
    return [make.actor(f"Bo{n}", f"Works{n}") for n in range(count)]


def states():
    return sorted(Invite.objects.values_list("state", flat=True))


def kinds(actor):
    deal = Deal.objects.get(supplier_id=actor.company.id)
    return list(Entry.objects.filter(conversation_id=deal.conversation_id).order_by("seq").values_list("kind", flat=True))


def test_a_draft_is_kept_as_typed_and_sent_later():
    ana, bo = make.actor("Ana", "Haichuan"), make.actor("Bo", "Minggu")
    half = acts_draft({"title": "Half", "lines": {"0": {"name": "Bolt", "quantity": ""}}})
    made = run(acts.create_draft, ana.call().at(None), draft=half)
    rfq = Rfq.objects.get(pk=made["rfq"])
    assert (rfq.state, rfq.title, rfq.typed["lines"]["0"]["name"]) == ("draft", "Half", "Bolt")
    with pytest.raises(Invalid) as wrong:
        run(acts.send, ana.call().at(None), rfq_id=rfq.id)
    assert set(wrong.value.fields) >= {"lines.0.quantity", "deadline"}
    assert Conversation.objects.count() == 0
    run(acts.save_draft, ana.call().at(None), rfq_id=rfq.id, draft=trade.draft(bo))
    made = run(acts.send, ana.call().at(None), rfq_id=rfq.id)
    assert (Rfq.objects.get().state, RfqLine.objects.count(), len(made["deals"])) == ("open", 2, 1)
    with pytest.raises(Refused, match="has been sent"):
        run(acts.save_draft, ana.call().at(None), rfq_id=rfq.id, draft=half)
    with pytest.raises(Refused, match="already out"):
        run(acts.send, ana.call().at(None), rfq_id=rfq.id)
    with pytest.raises(NotFound):
        run(acts.send, bo.call().at(None), rfq_id=rfq.id)


def acts_draft(data):
    return acts.read(data, now=clock.now(), strict=False)


def test_twelve_suppliers_are_asked_ten_at_once_and_two_by_the_outbox():
    ana, many = make.actor("Ana", "Haichuan"), suppliers(12)
    made = run(acts.ask, ana.call().at(None), draft=trade.draft(*many))
    assert (len(made["deals"]), Invite.objects.count()) == (10, 10)
    drain(clock.now())
    drain(clock.now())
    assert Invite.objects.count() == 12
    assert Entry.objects.filter(kind="rfq.sent", by_company=ana.company.id).count() == 12


def test_awarding_one_tells_the_others_that_they_lost():
    pair, (other, third) = make.pair(), suppliers(2)
    rfq, deal = trade.ask(pair, other, third)
    mine = trade.quote(pair.supplier, deal)
    theirs = Deal.objects.get(supplier_id=other.company.id)
    lost = trade.quote(make.Actor(other.person, other.company, "owner", theirs.conversation_id), theirs.id, "460", "150")
    trade.place(pair.buyer, mine)
    assert states() == ["lost", "lost", "won"]
    assert (Quote.objects.get(pk=lost).state, Quote.objects.get(pk=mine).state) == ("lost", "accepted")
    assert kinds(other) == ["rfq.sent", "quote.sent", "rfq.lost"]
    assert kinds(third) == ["rfq.sent", "rfq.lost"]
    assert list(Deal.objects.exclude(pk=deal).values_list("state", "turn_company").distinct()) == [("lapsed", None)]
    assert Rfq.objects.get(pk=rfq).state == "awarded"


def test_when_a_supplier_accepts_the_others_hear_it_from_the_clock():
    pair, (other,) = make.pair(), suppliers(1)
    _rfq, deal = trade.ask(pair, other)
    answer = trade.counter(pair.buyer, trade.quote(pair.supplier, deal), "450", "148")
    run(orders.place, pair.supplier.call(), quote_id=answer)
    assert states() == ["invited", "won"]
    drain(clock.now())
    assert states() == ["lost", "won"]
    assert kinds(other) == ["rfq.sent", "rfq.lost"]


def test_the_deadline_closes_an_enquiry_with_quotes_and_expires_one_without():
    pair, (other,) = make.pair(), suppliers(1)
    rfq, deal = trade.ask(pair, other)
    offer = trade.quote(pair.supplier, deal, valid_until=(clock.now() + timedelta(days=9)).isoformat())
    drain(clock.now())
    assert Rfq.objects.get(pk=rfq).state == "open"
    late = clock.now() + timedelta(days=3, minutes=1)
    drain(late)
    assert (Rfq.objects.get(pk=rfq).state, states()) == ("closed", ["expired", "quoted"])
    assert kinds(other) == ["rfq.sent", "rfq.closed"]
    late_other = Deal.objects.get(supplier_id=other.company.id)
    with pytest.raises(Refused, match="deadline"):
        trade.quote(make.Actor(other.person, other.company, "owner", late_other.conversation_id), late_other.id)
    run(orders.place, pair.buyer.call(now=late), quote_id=offer)
    assert Rfq.objects.get(pk=rfq).state == "awarded"

    alone = make.pair()
    rfq, _deal = trade.ask(alone)
    drain(late)
    drain(late)
    assert Rfq.objects.get(pk=rfq).state == "expired"
    assert kinds(alone.supplier) == ["rfq.sent", "rfq.expired"]


def test_a_cancelled_enquiry_voids_open_offers():
    pair, (other,) = make.pair(), suppliers(1)
    rfq, deal = trade.ask(pair, other)
    offer = trade.quote(pair.supplier, deal)
    run(ending.cancel, pair.buyer.call().at(None), rfq_id=rfq)
    assert (Rfq.objects.get().state, states(), Quote.objects.get().state) == ("cancelled", ["cancelled", "cancelled"], "lost")
    with pytest.raises(Refused, match="has ended"):
        trade.place(pair.buyer, offer)
    with pytest.raises(Refused, match="cancelled"):
        run(ending.cancel, pair.buyer.call().at(None), rfq_id=rfq)


def test_a_supplier_declines_and_that_is_that():
    pair = make.pair()
    _rfq, deal = trade.ask(pair)
    with pytest.raises(Refused, match="other side"):
        run(acts.decline, pair.buyer.call(), deal_id=deal)
    run(acts.decline, pair.supplier.call(), deal_id=deal, reason="full")
    row = Deal.objects.get()
    assert (states(), row.state, row.turn_company) == (["declined"], "lapsed", None)
    assert Entry.objects.get(kind="rfq.declined").body["reason"] == "full"
    with pytest.raises(Refused, match="declined"):
        trade.quote(pair.supplier, deal)


def test_a_stranger_joins_by_the_link_once():
    pair, cy = make.pair(), make.actor("Cy", "Elsewhere")
    rfq, _deal = trade.ask(pair)
    token = Rfq.objects.get(pk=rfq).door
    first = run(acts.join, cy.call().at(None), token=token)
    again = run(acts.join, cy.call().at(None), token=token)
    assert first == again
    room = UUID(first["deals"][0]["conversation"])
    entry = Entry.objects.get(conversation_id=room)
    assert [line["target"] for line in entry.body["lines"]] == [None, None], "wished prices are for those who were asked"
    trade.quote(make.Actor(cy.person, cy.company, "owner", room), UUID(first["deals"][0]["deal"]))
    with pytest.raises(NotFound):
        run(acts.join, cy.call().at(None), token="guessed")
    with pytest.raises(Refused, match="itself"):
        run(acts.join, pair.buyer.call().at(None), token=token)
    Rfq.objects.update(door_open=False)
    with pytest.raises(NotFound):
        run(acts.join, make.actor("Dee", "Far").call().at(None), token=token)


@pytest.mark.parametrize("data", [
    {"ti\x00tle": "x", "lines": {"\ud800": {"a": "\x00"}}}, {"lines": "no list", "receivers": {"a": 1}, "deadline": ["x"]}, {"deadline": "9999-12-31"},
    {"lines": [{"quantity": "1e308"}, {"quantity": True}, None, 5]}, {"title": "ok", "tax_rate": ["13"], "files": ["x"], "deliver_by": "31.12.2026"},
])  # fmt: skip
def test_whatever_is_typed_a_draft_is_kept_or_refused_never_broken(data):
    ana = make.actor("Ana", "Haichuan")
    run(acts.create_draft, ana.call().at(None), draft=acts_draft(data))
    with pytest.raises(Invalid):
        run(acts.send, ana.call().at(None), rfq_id=Rfq.objects.get().id)
    assert Rfq.objects.get().state == "draft"


def test_files_of_others_receivers_that_are_none_and_oneself_are_refused():
    ana, bo, cy = make.actor("Ana", "Haichuan"), make.actor("Bo", "Minggu"), make.actor("Cy", "Elsewhere")
    columns = {"person_id": cy.person.id, "name": "plan.png", "mime": "image/png", "size": 1, "sha256": "x", "path": "x", "at": clock.now()}
    theirs = Upload.objects.create(company_id=cy.company.id, **columns)
    mine = Upload.objects.create(company_id=ana.company.id, **columns)
    for more, field in (({"files": [str(theirs.id)]}, "files"), ({"receivers": [], "door_open": "off"}, "receivers"),
                        ({"receivers": [str(ana.company.id)]}, "receivers"), ({"receivers": [str(theirs.id)]}, "receivers")):  # fmt: skip
        with pytest.raises(Invalid) as wrong:
            run(acts.ask, ana.call().at(None), draft=trade.draft(bo, **more))
        assert set(wrong.value.fields) == {field}
    assert (Rfq.objects.count(), Entry.objects.count()) == (0, 0)
    made = run(acts.ask, ana.call().at(None), draft=trade.draft(bo, files=[str(mine.id)]))
    room = UUID(made["deals"][0]["conversation"])
    assert Attachment.objects.get().conversation_id == room
    assert Entry.objects.get(conversation_id=room).body["files"][0]["name"] == "plan.png"
    assert not Upload.objects.get(pk=theirs.id).public


def test_after_a_decline_or_a_withdrawal_the_supplier_may_offer_anew():
    pair = make.pair()
    _rfq, deal = trade.ask(pair)
    first = trade.quote(pair.supplier, deal)
    run(quotes.decline, pair.buyer.call(), quote_id=first, reason="too dear")
    assert Deal.objects.get().turn_company is None
    second = trade.quote(pair.supplier, deal, "450", "140")
    third = trade.quote(pair.supplier, deal, "449", "140")
    run(quotes.withdraw, pair.supplier.call(), quote_id=third)
    fourth = trade.quote(pair.supplier, deal, "448", "140")
    drain(clock.now() + timedelta(days=2, hours=1))
    assert dict(Quote.objects.values_list("version", "state")) == {1: "declined", 2: "superseded", 3: "withdrawn", 4: "expired"}
    assert {second, fourth} <= set(Quote.objects.values_list("id", flat=True))


def test_a_later_supplier_is_invited_once():
    pair, (other,) = make.pair(), suppliers(1)
    rfq, _deal = trade.ask(pair)
    run(acts.invite, pair.buyer.call().at(None), rfq_id=rfq, supplier_id=other.company.id)
    with pytest.raises(Refused, match="already"):
        run(acts.invite, pair.buyer.call().at(None), rfq_id=rfq, supplier_id=other.company.id)
    assert kinds(other) == ["rfq.sent"]
