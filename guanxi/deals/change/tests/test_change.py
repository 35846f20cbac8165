"""An order is changed when both sides agree, and not before; the money follows, to the fen."""

from datetime import timedelta
from decimal import Decimal
from functools import partial
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from guanxi.base import clock
from guanxi.base.errors import AlreadyDone, Conflict, Invalid, NotFound, Refused
from guanxi.base.ids import new_id
from guanxi.check import record
from guanxi.deals.change import acts as changes
from guanxi.deals.change.plan import Wish
from guanxi.deals.change.table import Change
from guanxi.deals.contract import acts as contracts
from guanxi.deals.contract.table import Contract
from guanxi.deals.deal.table import Deal
from guanxi.deals.order.table import Order, OrderLine, Stage
from guanxi.deals.payment import acts as payments
from guanxi.deals.payment.table import Payment, Payout
from guanxi.deals.quote.terms import Stage as Part
from guanxi.people.roles import can
from guanxi.people.table import ROLES
from guanxi.talk.call import by_actor
from guanxi.talk.run import run
from guanxi.talk.table import Entry
from tests import make, trade
from tests.make import Actor
from tests.money.world import World

pytestmark = pytest.mark.django_db
TWENTY = Decimal(20)


@pytest.fixture(autouse=True)
def _sandbox(settings):
    settings.PROVIDERS = ("sandbox",)


def ordered() -> World:
    """20 k bolts at 472 and 20 k nuts at 152, freight 320: 12,800.00 in 30 and 70."""
    pair = make.pair()
    order = trade.ordered(pair)
    return World(pair, order, Order.objects.get(pk=order).deal_id, clock.now())


def wish(lines=None, **more) -> Wish:
    return Wish({n: (None if q is None else Decimal(q), None if p is None else Decimal(p)) for n, (q, p) in (lines or {}).items()}, **more)


def propose(w: World, who: Actor, lines=None, *, key: str = "", **more) -> UUID:
    call = who.call(key, str(lines), now=w.now)
    return UUID(run(changes.propose, call, order_id=w.order, wish=wish(lines, **more))["change"])


def accept(w: World, who: Actor, change: UUID) -> dict:
    made = run(changes.accept, who.call(now=w.now), change_id=change)
    w.drain()
    return made


def agreed(w: World, lines=None, **more) -> None:
    accept(w, w.supplier, propose(w, w.buyer, lines, **more))


def stages(w: World) -> list[tuple[str, int]]:
    rows = Stage.objects.filter(order_id=w.order).order_by("n")
    return [(row.state, row.amount - row.surplus) for row in rows if row.amount > row.surplus]


def agrees(w: World) -> None:
    assert record.differences([w.where]) + w.differences() == []


def everything(w: World) -> tuple:
    tables = (Order, OrderLine, Stage, Payment, Payout, Change, Contract)
    return (*(tuple(table.objects.filter(conversation_id=w.where).order_by("pk").values_list()) for table in tables), w.said(), w.panel().seq)


def test_nothing_changes_until_the_other_side_agrees():
    w = ordered()
    before = OrderLine.objects.filter(order_id=w.order).order_by("n").values_list("n", "quantity", "unit_price")
    change = propose(w, w.buyer, {1: ("18", "470"), 2: ("0", None)}, note="Less is needed")
    assert (w.row().total, before[0][1]) == (1_280_000, TWENTY)
    panel = w.panel()
    assert (panel.turn, panel.turn_company) == ("change", w.supplier.company.id)
    with pytest.raises(Refused, match="other side"):
        accept(w, w.buyer, change)
    accept(w, w.supplier, change)
    order = w.row()
    assert (order.goods, order.freight, order.total, order.version) == (846_000, 32_000, 878_000, 2)
    assert [(row.n, row.quantity, row.unit_price) for row in OrderLine.objects.filter(order=order)] == [(1, Decimal(18), Decimal(470))]
    assert stages(w) == [("due", 263_400), ("due", 614_600)]
    assert (w.panel().turn, w.panel().total) == ("pay", 878_000)
    agrees(w)


def test_what_is_held_above_the_new_total_goes_back_out_of_the_last_stage():
    w = ordered().paid()
    agreed(w, {2: ("0", None)})
    order = w.row()
    assert (order.total, order.money, order.returned) == (976_000, "held", 0)
    assert stages(w) == [("held", 384_000), ("held", 592_000)]
    assert w.balance("escrow") == 976_000
    assert Payout.objects.get().amount == 304_000
    assert w.last()["returned"] == 304_000
    agrees(w)
    w.ship()
    w.receive()
    assert (w.row().state, w.row().released, w.balance("escrow")) == ("completed", 976_000, 0)
    agrees(w)


def test_more_goods_are_one_more_stage_to_pay_before_anything_leaves():
    w = ordered().paid()
    agreed(w, {1: ("30", None)})
    assert (w.row().money, stages(w)[-1]) == ("part", ("due", 472_000))
    with pytest.raises(Refused):
        w.ship()
    agrees(w)
    w.paid()
    assert w.row().money == "held"
    w.ship()
    w.receive()
    assert w.row().released == 1_752_000
    agrees(w)


def test_a_deposit_that_pays_for_everything_that_is_left():
    w = ordered()
    w.play(w.pay(), "approve")  # 3,840.00
    agreed(w, {1: ("0", None), 2: ("20", "100")}, freight=0)
    assert (w.row().total, w.row().money, stages(w)) == (200_000, "held", [("held", 200_000)])
    assert Payout.objects.get().amount == 184_000
    agrees(w)
    w.cancel(w.supplier)
    assert w.balance("escrow") == 0
    agrees(w)


def test_stages_that_are_not_paid_may_be_others():
    w = ordered()
    w.play(w.pay(), "approve")
    agreed(w, stages=(Part("part", Decimal(50), 5), Part("balance", Decimal(50), 20)))
    assert stages(w) == [("held", 384_000), ("due", 448_000), ("due", 448_000)]
    w.paid()
    agrees(w)


def test_nothing_shipped_is_reduced_below_what_was_shipped():
    w = ordered().paid()
    w.ship(lines={1: Decimal(8)})
    for lines in ({1: ("7", None)}, {1: ("0", None)}, {1: (None, "400")}, {1: ("30", None)}):
        with pytest.raises(Invalid):
            propose(w, w.buyer, lines)
    agreed(w, {1: ("8", None), 2: ("0", None)})
    assert (w.row().goods_state, w.row().total) == ("sent", 409_600)
    assert w.panel().turn == "receive"
    agrees(w)
    w.receive()
    assert (w.row().state, w.row().released) == ("completed", 409_600)
    agrees(w)


def test_goods_that_left_while_the_change_waited_are_looked_at_again():
    w = ordered().paid()
    change = propose(w, w.buyer, {1: ("5", None)})
    w.ship(lines={1: Decimal(8)})
    before = everything(w)
    with pytest.raises(Invalid, match="shipped"):
        accept(w, w.supplier, change)
    assert everything(w) == before
    agrees(w)


def test_a_part_that_arrived_and_was_paid_for_stays_paid_for():
    w = ordered().paid()
    w.ship(lines={1: Decimal(10), 2: Decimal(10)})
    w.receive()
    with pytest.raises(Invalid, match="left"):
        propose(w, w.buyer, {1: ("10", None), 2: ("10", None)})
    with pytest.raises(Invalid, match="released"):
        propose(w, w.buyer, {1: ("10", None), 2: ("10.1", None)}, freight=0)
    agreed(w, {1: ("12", None), 2: ("10", None)})
    w.ship()
    w.receive()
    assert (w.row().state, w.row().released) == ("completed", 566_400 + 152_000 + 32_000)
    agrees(w)


def test_a_contract_that_stood_is_drawn_up_anew_for_the_other_side_to_confirm():
    w = ordered()
    made = run(contracts.draw, w.supplier.call(now=w.now), order_id=w.order, extra="Pallets come back.")
    first = Contract.objects.get(pk=made["contract"])
    run(contracts.agree, w.buyer.call(now=w.now), contract_id=first.id, hash=first.hash)
    agreed(w, {1: ("18", None)}, ship_by=w.now + timedelta(days=30))
    w.drain()
    first.refresh_from_db()
    second = Contract.objects.get(version=2)
    assert (first.state, second.state, second.by_company) == ("replaced", "offered", w.supplier.company.id)
    assert second.hash != first.hash
    assert (second.text["total"], second.text["extra"]) == (w.row().total, "Pallets come back.")
    run(contracts.agree, w.buyer.call(now=w.now), contract_id=second.id, hash=second.hash)
    agrees(w)


def test_versions_are_counted_and_only_the_newest_counts():
    w = ordered()
    first = propose(w, w.buyer, {1: ("18", None)})
    second = propose(w, w.buyer, {1: ("19", None)})
    assert list(Change.objects.order_by("n").values_list("n", "state")) == [(1, "replaced"), (2, "open")]
    with pytest.raises(Refused, match="newer"):
        accept(w, w.supplier, first)
    with pytest.raises(Refused, match="answer"):
        propose(w, w.supplier, {1: ("17", None)})
    run(changes.decline, w.supplier.call(now=w.now), change_id=second, reason="Cut already")
    assert w.last()["reason"] == "Cut already"
    third = propose(w, w.supplier, {1: ("19.5", None)})
    run(changes.withdraw, w.supplier.call(now=w.now), change_id=third)
    assert (w.row().change_id, w.panel().turn, w.row().version) == (None, "pay", 1)
    agrees(w)


def test_nobody_answers_and_a_clock_that_comes_early_late_or_twice():
    w = ordered()
    change = propose(w, w.buyer, {1: ("18", None)})
    for moment, ends in ((w.now, False), (w.now + timedelta(days=2), False), (w.now + timedelta(days=4), True), (w.now + timedelta(days=5), False)):
        made = run(changes.expire, by_actor("clock", w.where, now=moment), change_id=change)
        assert bool(made) is ends
    assert Change.objects.get().state == "expired"
    w.later(days=6)
    with pytest.raises(Refused, match="expired"):
        accept(w, w.supplier, change)
    agrees(w)


def test_an_answer_after_the_time_is_refused_before_the_clock_came():
    w = ordered()
    change = propose(w, w.buyer, {1: ("18", None)})
    w.later(days=3, seconds=1)
    with pytest.raises(Refused, match="expired"):
        accept(w, w.supplier, change)


def test_money_on_its_way_and_a_wish_to_cancel_come_first():
    w = ordered()
    change = propose(w, w.supplier, {1: ("18", None)})
    payment = w.pay()
    with pytest.raises(Refused, match="under way"):
        accept(w, w.buyer, change)
    w.play(payment, "approve")
    accept(w, w.buyer, change)
    agrees(w)


def test_a_payment_of_the_old_amount_that_arrives_late_goes_back():
    w = ordered()
    late = w.pay()
    run(payments.expire, by_actor("clock", w.where, now=w.now + timedelta(hours=1)), payment_id=late)
    agreed(w, {1: ("18", None)})
    w.play(late, "approve")
    assert (w.row().money, w.balance("escrow")) == ("none", 0)
    agrees(w)


def test_no_change_of_what_has_ended_or_is_disputed():
    w = ordered().paid()
    change = propose(w, w.buyer, {1: ("18", None)})
    w.dispute()
    for act in (partial(accept, w, w.supplier, change), partial(propose, w, w.buyer, {1: ("17", None)})):
        with pytest.raises(Refused, match="dispute"):
            act()
    other = ordered()
    change = propose(other, other.buyer, {1: ("18", None)})
    other.cancel(other.buyer)
    with pytest.raises(Refused, match="cancelled"):
        accept(other, other.supplier, change)
    assert run(changes.expire, by_actor("clock", other.where, now=other.now + timedelta(days=4)), change_id=change)
    assert other.panel().state == "lapsed"
    agrees(other)


@pytest.mark.parametrize("lines", [{1: (None, None)}, {9: ("1", None)}, {1: ("0", None), 2: ("0", None)}, {1: ("20", "472")}])
def test_what_changes_nothing_or_leaves_nothing_is_refused(lines):
    w = ordered()
    before = everything(w)
    with pytest.raises(Invalid):
        propose(w, w.buyer, lines)
    assert everything(w) == before


def test_by_role_and_reach():
    w = ordered()
    change = propose(w, w.buyer, {1: ("18", None)})
    elsewhere = make.pair()
    acts = [(changes.accept, {}), (changes.decline, {}), (changes.withdraw, {})]
    before = everything(w)
    for act, more in acts:
        for who in (make.outsider(w.where), elsewhere.buyer):
            with pytest.raises(NotFound):
                run(act, who.call(now=w.now), change_id=change, **more)
        with pytest.raises(NotFound):
            run(act, w.buyer.call(now=w.now), change_id=new_id(), **more)
        for role in ROLES:
            if not can(role, "sell"):
                with pytest.raises(Refused):
                    run(act, w.pair.colleague(w.supplier, role).call(now=w.now), change_id=change, **more)
            if not can(role, "buy"):
                with pytest.raises(Refused):
                    run(act, w.pair.colleague(w.buyer, role).call(now=w.now), change_id=change, **more)
    assert everything(w) == before
    with pytest.raises(Refused, match="newer"):
        run(changes.accept, w.supplier.call(seen=1, now=w.now), change_id=change)


def test_the_same_key_proposes_once():
    w = ordered()
    propose(w, w.buyer, {1: ("18", None)}, key="tap-0001")
    with pytest.raises(AlreadyDone):
        propose(w, w.buyer, {1: ("18", None)}, key="tap-0001")
    with pytest.raises(Conflict):
        propose(w, w.buyer, {1: ("17", None)}, key="tap-0001")
    assert (Change.objects.count(), Entry.objects.filter(kind="change.proposed").count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_accepted_and_withdrawn_at_once():
    for _round in range(4):
        w = ordered()
        change = propose(w, w.buyer, {1: ("18", None)})
        given = trade.together(partial(accept, w, w.supplier, change), partial(run, changes.withdraw, w.buyer.call(now=w.now), change_id=change))
        assert sum(isinstance(one, dict) for one in given) == 1, given
        assert (w.row().version == 2) is (Change.objects.get(pk=change).state == "accepted")
        agrees(w)


def test_the_database_lets_terms_move_only_with_a_version():
    w = ordered().paid()
    agreed(w, {1: ("18", None)})
    for statement in (
        "UPDATE deals_order SET version = version + 2", "UPDATE deals_order SET terms = '{}'", "UPDATE deals_orderline SET quantity = 30",
        "UPDATE deals_orderline SET quantity = 30, version = version + 1", "UPDATE deals_stage SET surplus = 0", "UPDATE deals_change SET total = total + 1",
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Deal.objects.get(pk=w.deal).total == w.row().total
