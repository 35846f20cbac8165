"""Obligations leave by the sender: to whom, when, how often, and when not."""

from datetime import timedelta

import pytest

from guanxi.base import clock
from guanxi.base.ids import new_id
from guanxi.deals.deal.table import Deal
from guanxi.notify import obligation
from guanxi.people.sender import memory
from guanxi.talk import receipts
from guanxi.talk.table import Party
from guanxi.talk.text.acts import say
from tests.make import NOON, pair

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def sent(settings):
    settings.SENDER = "memory"
    memory.SENT.clear()
    with clock.use(NOON):
        yield memory.SENT


def owed(two, *, mine=True, **columns):
    """A deal that waits for the buyer (or the supplier), about the newest entry."""
    seq = say(two.supplier.call(now=NOON), body={"text": "an offer"})["seq"]
    row = {"buyer_id": two.buyer.company.id, "supplier_id": two.supplier.company.id, "title": "Bolts", "currency": "CNY"}
    row |= {"created_at": NOON, "updated_at": NOON}
    waits = two.buyer if mine else two.supplier
    return Deal.objects.create(conversation_id=two.conversation, **(row | {"turn": "answer", "turn_company": waits.company.id, "seq": seq} | columns))


def test_the_responsible_colleague_is_told_once_until_he_reads(sent):
    two = pair()
    deal = owed(two)
    assert obligation.tell_all(now=LATER) == 1
    assert (sent[0].address, "Bolts" in sent[0].text, f"/c/{two.conversation}" in sent[0].text) == (two.buyer.person.email, True, True)
    assert obligation.tell_all(now=LATER) == 0
    Deal.objects.filter(pk=deal.pk).update(seq=say(two.supplier.call(now=NOON), body={"text": "again"})["seq"])
    assert obligation.tell_all(now=LATER) == 0
    receipts.mark(two.conversation, two.buyer.person.id, 2)
    Deal.objects.filter(pk=deal.pk).update(seq=say(two.supplier.call(now=NOON), body={"text": "new"})["seq"])
    assert obligation.tell_all(now=LATER) == 1
    assert len(sent) == 2


def test_who_has_read_is_left_in_peace(sent):
    two = pair()
    owed(two)
    receipts.mark(two.conversation, two.buyer.person.id, 1)
    assert obligation.tell_all(now=LATER) == 0


def test_not_before_it_has_been_quiet_for_two_minutes(sent):
    two = pair()
    owed(two)
    assert obligation.tell_all(now=NOON + timedelta(minutes=1)) == 0
    assert obligation.tell_all(now=NOON + timedelta(minutes=2)) == 1


@pytest.mark.parametrize("columns", [{"state": "lapsed"}, {"state": "done"}, {"turn_company": None}])
def test_a_deal_that_waits_for_nobody_tells_nobody(sent, columns):
    owed(pair(), **columns)
    assert obligation.tell_all(now=LATER) == 0


def test_the_owner_is_told_when_nobody_answers_or_he_who_did_has_left(sent):
    two = pair()
    left = two.colleague(two.buyer, "sales")
    Party.objects.of(two.conversation).filter(company_id=two.buyer.company.id).update(responsible_id=left.person.id)
    left.person.memberships.update(ended_at=NOON)
    owed(two)
    obligation.tell_all(now=LATER)
    assert [one.address for one in sent] == [two.buyer.person.email]


def test_a_sender_that_fails_is_asked_again(sent, monkeypatch):
    two = pair()
    owed(two)
    with monkeypatch.context() as broken:
        broken.setattr(memory, "SENT", None)
        assert obligation.tell_all(now=LATER) == 0
    assert obligation.tell_all(now=LATER) == 1


def test_two_deals_of_one_talk_are_one_message(sent):
    two = pair()
    owed(two)
    owed(two, id=new_id(), title="Nuts")
    assert obligation.tell_all(now=LATER) == 1
