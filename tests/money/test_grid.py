"""Every act of an order's life in every phase, by every role of both sides and a stranger: the rules say who may, a no changes nothing (D6, M6)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from guanxi.base.errors import AlreadyDone, Conflict, Invalid, NotFound, Refused
from guanxi.base.ids import new_id
from guanxi.base.table import Outbox
from guanxi.deals.dispute import acts as disputes
from guanxi.deals.dispute.table import Dispute, Evidence, Proposal
from guanxi.deals.order import acts as orders
from guanxi.deals.order.rules import LIFE, phase
from guanxi.deals.order.table import Order, OrderLine, Stage
from guanxi.deals.payment import acts as payments
from guanxi.deals.payment.table import Payment
from guanxi.deals.review import acts as reviews
from guanxi.deals.shipment import acts as goods
from guanxi.pay.table import Transfer
from guanxi.people.roles import can
from guanxi.people.table import ROLES
from guanxi.talk.call import Call, by_actor
from guanxi.talk.table import Entry
from tests import make
from tests.money.world import World, world

pytestmark = pytest.mark.django_db

ACTS = {
    "pay": (payments.pay, {}, "pay"),
    "ship": (goods.ship, {"carrier": "SF"}, "sell"),
    "receive": (goods.receive, {}, "buy"),
    "extend": (goods.extend, {}, "buy"),
    "cancel": (payments.cancel, {}, "side"),
    "cancel_ask": (orders.cancel_ask, {}, "buy"),
    "cancel_agree": (payments.cancel_agree, {}, "sell"),
    "cancel_refuse": (orders.cancel_refuse, {}, "sell"),
    "review": (reviews.review, {"stars": 5}, "side"),
    "dispute": (disputes.begin, {"reason": "else", "text": "x", "wish": disputes.Wish()}, "side"),
}
PHASES = ("unpaid", "part-paid", "paid", "part-sent", "sent", "completed", "cancelled", "disputed")


def in_phase(wanted: str) -> World:
    """An order that has come so far."""
    w = world()
    if wanted == "part-paid":
        w.play(w.pay(), "approve")
    elif wanted == "cancelled":
        w.cancel(w.buyer)
    elif wanted != "unpaid":
        w.paid()
    if wanted == "part-sent":
        w.ship(lines={1: Decimal(3)})
    elif wanted in ("sent", "completed", "disputed"):
        w.ship()
    if wanted == "completed":
        w.receive()
    if wanted == "disputed":
        w.dispute()
    assert phase(w.row()) == wanted
    return w


def everything(w: World) -> tuple:
    """All rows an act could change."""
    kept = (Order, OrderLine, Stage, Payment, Transfer, Dispute, Proposal, Evidence)
    rows = tuple(tuple(table.objects.filter(conversation_id=w.where).order_by("pk").values_list()) for table in kept)
    return (*rows, w.said(), Outbox.objects.count(), w.panel().seq)


def expected(act: str, where: str, side: str, role: str) -> bool:
    power = ACTS[act][2]
    needed = {"buyer": "buy", "supplier": "sell"}[side] if power == "side" else power
    return can(role, needed) and LIFE.find(where, act, side) is not None


@pytest.mark.parametrize("where", PHASES)
def test_each_role_of_each_side_may_exactly_what_the_rules_say(where):
    w = in_phase(where)
    sides = {"buyer": w.buyer, "supplier": w.supplier}
    actors = [(side, role, who if role == "owner" else w.pair.colleague(who, role)) for side, who in sides.items() for role in ROLES]
    for act, (function, words, _power) in ACTS.items():
        before = everything(w)
        for side, role, who in actors:
            allowed = expected(act, where, side, role)
            with transaction.atomic():
                if act in ("cancel_agree", "cancel_refuse"):  # there is a question to answer
                    Order.objects.filter(pk=w.order).update(cancel_asked_at=w.now)
                here = everything(w)
                try:
                    function(who.call(now=w.now), order_id=w.order, **words)
                    done = True
                except Refused:
                    done = False
                    assert everything(w) == here, f"a refused {act} changed something"
                assert done is allowed, f"{act} of {where} by {role} of the {side}"
                transaction.set_rollback(True)
        with pytest.raises(NotFound):
            function(make.outsider(w.where).call(now=w.now), order_id=w.order, **words)
        with pytest.raises(NotFound):
            function(w.buyer.call(now=w.now) if act != "ship" else w.supplier.call(now=w.now), order_id=new_id(), **words)
        assert everything(w) == before


def test_a_refusal_names_the_first_reason_in_a_fixed_order():
    w = world()
    finance, viewer = w.pair.colleague(w.buyer, "finance"), w.pair.colleague(w.buyer, "viewer")
    w.cancel(w.buyer)
    key, body = "one-key-1", {"order": "x"}
    live = world(pair=w.pair)
    payments.pay(live.buyer.call(key, body, now=live.now), order_id=live.order)
    gone, stale = new_id(), 1
    tries = [  # the caller has this and everything below it against him
        (make.outsider(w.where).call(key, "other", seen=stale, now=w.now), gone, NotFound, ""),
        (live.buyer.call(key, "other", seen=stale, now=w.now), gone, Conflict, "key-reused"),
        (live.buyer.call(key, body, seen=stale, now=w.now), gone, AlreadyDone, ""),
        (viewer.call(seen=stale, now=w.now), gone, Refused, "role-cannot-pay"),
        (finance.call(seen=stale, now=w.now), gone, NotFound, ""),
        (finance.call(seen=stale, now=w.now), w.order, Refused, "stale"),
        (w.supplier.call(now=w.now), w.order, Refused, "order-cancelled"),
        (w.supplier.call(now=w.now), live.order, Refused, "order-not-yours"),
        (finance.call(now=w.now), live.order, Invalid, "invalid"),
    ]
    before = everything(live)
    for call, order, error, code in tries:
        with pytest.raises(error) as caught:
            payments.pay(call, order_id=order, stage=9, amount=1, provider="none")
        assert getattr(caught.value, "code", "") == code or error in (NotFound, AlreadyDone), (caught.value, code)
    assert everything(live) == before


@pytest.mark.parametrize(
    ("how", "code"),
    [({"stage": 2}, "earlier-stage"), ({"amount": 1}, "stale"), ({"stage": 9}, "invalid"), ({"provider": "alipay"}, "invalid")],
)
def test_a_payment_is_of_the_first_open_stage_and_of_its_amount(how, code):
    w = world()
    with pytest.raises((Refused, Invalid)) as caught:
        payments.pay(w.buyer.call(now=w.now), order_id=w.order, **how)
    assert caught.value.code == code
    assert not Payment.objects.filter(order_id=w.order).exists()


def test_one_payment_of_a_stage_at_a_time_and_a_paid_stage_is_paid():
    w = world()
    first = w.pay()
    with pytest.raises(Refused, match="under way"):
        w.pay()
    w.play(first, "approve")
    with pytest.raises(Refused, match="paid already"):
        payments.pay(w.buyer.call(now=w.now), order_id=w.order, stage=1)


@pytest.mark.parametrize("lines", [{9: Decimal(1)}, {1: Decimal(21)}, {1: Decimal(-1)}, {1: Decimal(0)}, {}])
def test_quantities_are_of_lines_there_are_and_within_what_is_left(lines):
    w = world().paid()
    before = everything(w)
    with pytest.raises(Invalid):
        w.ship(lines=lines)
    assert everything(w) == before
    w.ship(lines={1: Decimal(5), 2: Decimal("12.5")})
    with pytest.raises(Invalid):
        w.receive(lines=lines | ({1: Decimal(6)} if lines.get(1) == 21 else {}))
    assert w.row().released == 0


def test_time_is_extended_once_and_the_earlier_alarm_then_does_nothing():
    w = world().paid()
    w.ship()
    first = w.row().release_at
    w.extend()
    with pytest.raises(Refused, match="once"):
        w.extend()
    w.now = first
    w.drain()
    assert w.row().state == "placed"
    w.later(days=3).drain()
    assert (w.row().state, w.row().released) == ("completed", w.row().total)
    assert w.said().count("receipt.confirmed") == 1
    assert Entry.objects.get(conversation_id=w.where, kind="receipt.confirmed").body["by_clock"] is True
    goods.confirm(clock_of(w), order_id=w.order)
    assert w.said().count("receipt.confirmed") == 1
    assert w.differences() == []


def clock_of(w: World) -> Call:
    return by_actor("clock", w.where, now=w.now + timedelta(days=400))


def test_reviews_are_for_thirty_days_and_one_a_side():
    w = world().paid()
    w.ship()
    w.receive()
    reviews.review(w.buyer.call(now=w.now), order_id=w.order, stars=1, text="slow")
    with pytest.raises(Refused, match="already"):
        reviews.review(w.buyer.call(now=w.now), order_id=w.order, stars=5)
    for stars in (0, 6):
        with pytest.raises(Invalid):
            reviews.review(w.supplier.call(now=w.now), order_id=w.order, stars=stars)
    w.later(days=30, seconds=1)
    with pytest.raises(Refused, match="30 days"):
        reviews.review(w.supplier.call(now=w.now), order_id=w.order, stars=5)
    assert w.said().count("review.given") == 1
