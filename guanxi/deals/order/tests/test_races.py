"""Two at the same moment, on real PostgreSQL: one wins, the other hears why, nothing is half done."""

from datetime import timedelta
from functools import partial

import pytest

from guanxi.base import clock
from guanxi.base.errors import AlreadyDone, Conflict, Refused
from guanxi.deals.deal.table import Deal
from guanxi.deals.order import acts as orders
from guanxi.deals.order.table import Order
from guanxi.deals.quote import acts as quotes
from guanxi.deals.quote.table import Quote
from guanxi.deals.rfq import acts as rfqs
from guanxi.deals.rfq.table import Invite, Rfq
from guanxi.talk.call import by_actor
from guanxi.talk.run import once, run
from guanxi.talk.table import Entry
from tests import make, trade

pytestmark = pytest.mark.django_db(transaction=True)


def won(given):
    return [one for one in given if isinstance(one, dict)]


def refused(given):
    return [one for one in given if isinstance(one, Refused)]


def gapless(conversation):
    seqs = list(Entry.objects.filter(conversation_id=conversation).order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, len(seqs) + 1))


def test_accept_against_counter():
    for _round in range(4):
        pair = make.pair()
        _rfq, deal = trade.ask(pair)
        offer = trade.quote(pair.supplier, deal)
        colleague = pair.colleague(pair.buyer, "purchaser")
        answer = trade.terms("440", "140")
        given = trade.together(
            partial(run, orders.place, pair.buyer.call(), quote_id=offer), partial(run, quotes.counter, colleague.call(), quote_id=offer, terms=answer)
        )
        assert (len(won(given)), len(refused(given))) == (1, 1), given
        assert Order.objects.filter(deal_id=deal).count() + Quote.objects.filter(deal_id=deal, version=2).count() == 1
        gapless(pair.conversation)


def test_accept_against_withdraw():
    pair = make.pair()
    _rfq, deal = trade.ask(pair)
    offer = trade.quote(pair.supplier, deal)
    given = trade.together(partial(run, orders.place, pair.buyer.call(), quote_id=offer), partial(run, quotes.withdraw, pair.supplier.call(), quote_id=offer))
    assert (len(won(given)), len(refused(given))) == (1, 1), given
    assert Order.objects.count() == (1 if Quote.objects.get().state == "accepted" else 0)


def test_two_colleagues_award_one_enquiry_to_two_suppliers():
    for _round in range(4):
        pair, other = make.pair(), make.actor("Bo2", "Yongli")
        rfq, deal = trade.ask(pair, other)
        mine = trade.quote(pair.supplier, deal)
        row = Deal.objects.get(supplier_id=other.company.id)
        there = make.Actor(other.person, other.company, "owner", row.conversation_id)
        theirs = trade.quote(there, row.id, "470", "150")
        colleague = pair.colleague(pair.buyer, "purchaser")
        given = trade.together(
            partial(run, orders.place, pair.buyer.call(), quote_id=mine), partial(run, orders.place, colleague.call().at(row.conversation_id), quote_id=theirs)
        )
        assert (len(won(given)), len(refused(given))) == (1, 1), given
        assert Order.objects.filter(deal_id__in=[deal, row.id]).count() == 1
        assert sorted(Invite.objects.filter(rfq_id=rfq).values_list("state", flat=True)) == ["lost", "won"]
        assert Rfq.objects.get(pk=rfq).state == "awarded"


def test_a_dozen_accepts_make_one_order():
    pair = make.pair()
    _rfq, deal = trade.ask(pair)
    offer = trade.quote(pair.supplier, deal)
    given = trade.together(*[partial(run, orders.place, pair.buyer.call(), quote_id=offer) for _n in range(12)])
    assert len(won(given)) == 1, given
    assert Order.objects.count() == 1
    assert Entry.objects.filter(kind="order.placed").count() == 1


def test_the_same_key_gives_the_first_answer_and_another_payload_is_a_conflict():
    pair = make.pair()
    _rfq, deal = trade.ask(pair)
    offer = trade.quote(pair.supplier, deal)
    call = pair.buyer.call("tap-1", {"quote": str(offer)})
    first = run(orders.place, call, quote_id=offer)
    with pytest.raises(AlreadyDone) as again:
        run(orders.place, call, quote_id=offer)
    assert {name: again.value.result[name] for name in first} == first
    with pytest.raises(Conflict):
        run(orders.place, pair.buyer.call("tap-1", {"quote": "other"}), quote_id=offer)
    assert (Order.objects.count(), Entry.objects.count()) == (1, 3)


def test_the_same_enquiry_sent_twice_at_once_is_one():
    ana, bo = make.actor("Ana", "Haichuan"), make.actor("Bo", "Minggu")
    call = ana.call("send-1", {"a": 1}).at(None)
    draft = trade.draft(bo)
    given = trade.together(*[partial(once, rfqs.ask, call, draft=draft) for _n in range(3)])
    assert len({one["rfq"] for one in won(given)}) == 1, given
    assert (Rfq.objects.count(), Invite.objects.count()) == (1, 1)


def test_expiry_by_the_clock_against_an_accept_a_moment_before():
    pair = make.pair()
    _rfq, deal = trade.ask(pair)
    offer = trade.quote(pair.supplier, deal)
    until = Quote.objects.get().valid_until
    expire = partial(run, quotes.expire, by_actor("clock", pair.conversation, now=until), quote_id=offer)
    accept = partial(run, orders.place, pair.buyer.call(now=until - timedelta(seconds=1)), quote_id=offer)
    trade.together(expire, accept)
    assert Order.objects.count() == (1 if Quote.objects.get().state == "accepted" else 0)
    assert Quote.objects.get().state in ("accepted", "expired")


def test_a_clock_that_comes_early_late_or_twice_changes_nothing_it_should_not():
    pair = make.pair()
    order = trade.ordered(pair)
    now = clock.now()
    for moment in (now - timedelta(hours=1), now, now + timedelta(days=9)):
        assert run(orders.expire, by_actor("clock", pair.conversation, now=moment), order_id=order) == {}
    late = now + timedelta(days=366)
    assert run(orders.expire, by_actor("clock", pair.conversation, now=late), order_id=order)
    assert run(orders.expire, by_actor("clock", pair.conversation, now=late), order_id=order) == {}
    assert Entry.objects.filter(kind="order.expired").count() == 1
    assert set(Order.objects.get().stages.values_list("state", flat=True)) == {"cancelled"}
