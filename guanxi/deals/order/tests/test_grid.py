"""Every act x state x side x role: a row of the rules, or a refusal with a reason that changes nothing (quality.md D6, A5, A19)."""

from itertools import product
from uuid import UUID

import pytest
from django.db import transaction

from guanxi.base.errors import NotFound, Refused
from guanxi.deals.order import acts as orders
from guanxi.deals.order.rules import LIFE, phase
from guanxi.deals.order.table import Order
from guanxi.deals.quote import acts as quotes
from guanxi.deals.quote import ending
from guanxi.deals.quote.rules import QUOTE
from guanxi.deals.quote.table import Quote
from guanxi.deals.rfq import acts as rfqs
from guanxi.deals.rfq.rules import INVITE, RFQ
from guanxi.deals.rfq.table import Invite, Rfq
from guanxi.people.roles import POWERS, can
from guanxi.people.table import Membership
from guanxi.talk.table import Entry
from tests import make, trade

pytestmark = pytest.mark.django_db
SIDES = ("buyer", "supplier")
POWER = {"buyer": "buy", "supplier": "sell"}


class Undo(Exception):
    """Ends a try without a trace."""


def attempt(act, call, **kwargs):
    """`done`, or the error; nothing stays, and after a refusal nothing was written in the first place."""
    before = Entry.objects.count()
    try:
        with transaction.atomic():
            act(call, **kwargs)
            raise Undo
    except Undo:
        return "done"
    except (Refused, NotFound) as error:
        given = error
    assert str(given) or isinstance(given, NotFound)
    assert Entry.objects.count() == before
    return given


def colleagues(pair, side):
    """The side's owner in every role in turn."""
    actor = pair.buyer if side == "buyer" else pair.supplier
    for role in POWERS:
        Membership.objects.filter(person=actor.person).update(role=role)
        yield role, make.Actor(actor.person, actor.company, role, actor.conversation)
    Membership.objects.filter(person=actor.person).update(role="owner")


@pytest.fixture
def pair():
    return make.pair()


@pytest.mark.parametrize("act", ["accept", "counter", "decline", "withdraw"])
def test_offers(pair, act):
    _rfq, deal = trade.ask(pair)
    offer = trade.quote(pair.supplier, deal)
    terms = trade.terms("440", "140")
    does = {
        "accept": (orders.place, {"quote_id": offer}), "counter": (quotes.counter, {"quote_id": offer, "terms": terms}),
        "decline": (quotes.decline, {"quote_id": offer}), "withdraw": (quotes.withdraw, {"quote_id": offer}),
    }[act]  # fmt: skip
    for state, side in product(sorted(QUOTE.states), SIDES):
        Quote.objects.filter(pk=offer).update(state=state)
        by = "maker" if side == "supplier" else "mover"
        for role, actor in colleagues(pair, side):
            given = attempt(does[0], actor.call(), **does[1])
            allowed = QUOTE.find(state, act, by) is not None and can(role, POWER[side])
            assert (given == "done") is allowed, (act, state, side, role, given)
            if not can(role, POWER[side]):
                assert given.code.startswith("role-cannot-")
            elif not allowed:
                assert given.code == ("quote-not-yours" if state == "open" else f"quote-{state}")


@pytest.mark.parametrize("act", ["decline", "quote"])
def test_copies(pair, act):
    _rfq, deal = trade.ask(pair)
    does = (rfqs.decline, {"deal_id": deal}) if act == "decline" else (quotes.send, {"deal_id": deal, "terms": trade.terms()})
    for state, side in product(sorted(INVITE.states), SIDES):
        Invite.objects.filter(pk=deal).update(state=state)
        for role, actor in colleagues(pair, side):
            given = attempt(does[0], actor.call(), **does[1])
            allowed = INVITE.find(state, act, side) is not None and can(role, "sell")
            assert (given == "done") is allowed, (act, state, side, role, given)


@pytest.mark.parametrize("act", ["close", "cancel", "invite", "send"])
def test_enquiries(pair, act):
    rfq, _deal = trade.ask(pair)
    other = make.company("Yongli")
    does = {
        "close": (rfqs.close, {}), "cancel": (ending.cancel, {}), "invite": (rfqs.invite, {"supplier_id": other.id}),
        "send": (rfqs.send, {"draft": trade.draft(pair.supplier)}),
    }[act]  # fmt: skip
    for state in sorted(RFQ.states - {"draft"}):
        Rfq.objects.filter(pk=rfq).update(state=state)
        for role, actor in colleagues(pair, "buyer"):
            given = attempt(does[0], actor.call().at(None), rfq_id=rfq, **does[1])
            allowed = RFQ.find(state, act, "buyer") is not None and can(role, "buy")
            assert (given == "done") is allowed, (act, state, role, given)
        assert isinstance(attempt(does[0], pair.supplier.call().at(None), rfq_id=rfq, **does[1]), NotFound)


PHASES = {
    "unpaid": {}, "part-paid": {"money": "part"}, "paid": {"money": "held"}, "part-sent": {"money": "held", "goods_state": "part"},
    "sent": {"money": "held", "goods_state": "sent"}, "completed": {"state": "completed", "money": "released", "goods_state": "arrived"},
    "cancelled": {"state": "cancelled"},
    "disputed": {"dispute_id": UUID(int=1)},
}  # fmt: skip


@pytest.mark.parametrize("act", ["cancel_ask", "cancel_refuse"])
def test_asking_to_cancel(pair, act):
    order = trade.ordered(pair)
    assert set(PHASES) == LIFE.states
    asked = None if act == "cancel_ask" else Order.objects.get().placed_at
    for name, side in product(PHASES, SIDES):
        plain = {"state": "placed", "money": "none", "goods_state": "none", "dispute_id": None, "cancel_asked_at": asked}
        Order.objects.filter(pk=order).update(**plain | PHASES[name])
        assert phase(Order.objects.get(pk=order)) == name
        for role, actor in colleagues(pair, side):
            given = attempt(getattr(orders, act), actor.call(), order_id=UUID(str(order)))
            allowed = LIFE.find(name, act, side) is not None and can(role, POWER[side])
            assert (given == "done") is allowed, (act, name, side, role, given)


def test_strangers_and_unknown_ids_find_nothing(pair):
    rfq, deal = trade.ask(pair)
    offer = trade.quote(pair.supplier, deal)
    elsewhere = make.pair()
    tries = [
        (orders.place, {"quote_id": offer}), (quotes.counter, {"quote_id": offer, "terms": trade.terms()}), (quotes.decline, {"quote_id": offer}),
        (quotes.withdraw, {"quote_id": offer}), (quotes.send, {"deal_id": deal, "terms": trade.terms()}), (rfqs.decline, {"deal_id": deal}),
    ]  # fmt: skip
    for act, kwargs in tries:
        assert isinstance(attempt(act, make.outsider(pair.conversation).call(), **kwargs), NotFound)
        assert isinstance(attempt(act, elsewhere.buyer.call(), **kwargs), NotFound), "a foreign id in one's own conversation"
        Membership.objects.filter(person=pair.buyer.person).update(ended_at=Rfq.objects.get(pk=rfq).created_at)
        assert isinstance(attempt(act, pair.buyer.call(), **kwargs), NotFound), "a former member"
        Membership.objects.filter(person=pair.buyer.person).update(ended_at=None)
