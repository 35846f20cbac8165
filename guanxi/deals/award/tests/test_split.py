"""One enquiry, several suppliers: each gets the lines he won, the others hear that they lost, no line goes twice."""

from functools import partial
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from guanxi.base.errors import AlreadyDone, Conflict, Invalid, NotFound, Refused
from guanxi.base.ids import new_id
from guanxi.check import record
from guanxi.deals.award import acts as awards
from guanxi.deals.award.table import Award
from guanxi.deals.deal.table import Deal
from guanxi.deals.order import acts as orders
from guanxi.deals.order.table import Order, OrderLine
from guanxi.deals.payment import acts as payments
from guanxi.deals.quote import acts as quotes
from guanxi.deals.quote.table import Quote
from guanxi.deals.rfq.table import Invite, Rfq
from guanxi.talk.run import run
from guanxi.talk.table import Entry
from tests import make, trade
from tests.make import Actor

pytestmark = pytest.mark.django_db


class Tender:
    """Ana asks Bo and two more for two items; all three quote."""

    def __init__(self, **more: object) -> None:
        self.pair = make.pair()
        self.others = [make.actor(f"Bo{n}", f"Works{n}") for n in (2, 3)]
        self.rfq, self.deal = trade.ask(self.pair, *self.others)
        self.offers = [trade.quote(self.pair.supplier, self.deal, "472", "152", **more)]
        self.actors = [self.pair.supplier]
        for other, prices in zip(self.others, (("460", "160"), ("480", "140")), strict=True):
            row = Deal.objects.get(supplier_id=other.company.id)
            there = Actor(other.person, other.company, "owner", row.conversation_id)
            self.actors.append(there)
            self.offers.append(trade.quote(there, row.id, *prices, **more))

    @property
    def buyer(self) -> Actor:
        return self.pair.buyer

    def split(self, *won: tuple[int, tuple[int, ...]], who: Actor | None = None, key: str = "", **more: object) -> dict:
        parts = {self.offers[n]: frozenset(lines) for n, lines in won}
        call = (who or self.buyer).call(key, sorted(map(str, parts))).at(None)
        return run(awards.split, call, rfq_id=self.rfq, parts=parts, **more)

    def state(self) -> tuple[str, list[str]]:
        return Rfq.objects.get(pk=self.rfq).state, [Invite.objects.get(conversation_id=one.conversation).state for one in self.actors]


def agrees() -> None:
    assert record.differences(None) == []


def everything() -> tuple:
    tables = (Order, OrderLine, Award, Quote, Invite, Rfq)
    return (*(tuple(table.objects.order_by("pk").values_list()) for table in tables), Entry.objects.count())


def test_two_suppliers_get_a_line_each_and_the_third_hears_why_he_lost():
    tender = Tender()
    made = tender.split((1, (1,)), (2, (2,)), reason="Nearer to us")
    assert tender.state() == ("awarded", ["lost", "won", "won"])
    rows = {row.supplier_id: row for row in Order.objects.all()}
    first, second = (rows[one.company.id] for one in tender.actors[1:])
    assert (first.goods, first.freight, first.total) == (920000, 32000, 952000)  # 20 x 460 and his own freight, whole
    assert (second.goods, second.total) == (280000, 312000)
    assert [line.n for line in OrderLine.objects.filter(order=first)] == [1]
    assert [stage.amount for stage in first.stages.order_by("n")] == [285600, 666400]  # 30/70 of his own total
    lost = Entry.objects.get(kind="rfq.lost")
    assert (lost.conversation_id, lost.body["reason"]) == (tender.pair.conversation, "Nearer to us")
    assert len(made["orders"]) == 2
    assert {row.turn for row in Deal.objects.filter(order_id__isnull=False)} == {"pay"}
    agrees()


def test_a_part_is_awarded_and_the_rest_stays_open_until_it_is_closed():
    tender = Tender()
    tender.split((1, (1,)))
    assert tender.state() == ("part", ["quoted", "won", "quoted"])
    assert not Entry.objects.filter(kind="rfq.lost").exists()
    agrees()
    again = trade.quote(tender.pair.supplier, tender.deal, "400", "130")  # those who have not lost may still better their offers
    with pytest.raises(Refused, match="item"):
        run(awards.split, tender.buyer.call().at(None), rfq_id=tender.rfq, parts={again: frozenset({1})})
    with pytest.raises(Refused, match="item"):
        run(orders.place, tender.buyer.call(), quote_id=again)
    run(awards.split, tender.buyer.call().at(None), rfq_id=tender.rfq, parts={again: frozenset({2})})
    assert tender.state() == ("awarded", ["won", "won", "lost"])
    agrees()


def test_the_rest_may_be_closed_with_a_reason_or_in_the_same_act():
    tender = Tender()
    tender.split((0, (2,)))
    run(awards.finish, tender.buyer.call().at(None), rfq_id=tender.rfq, reason="No need any more")
    assert tender.state() == ("awarded", ["won", "lost", "lost"])
    assert {entry.body["reason"] for entry in Entry.objects.filter(kind="rfq.lost")} == {"No need any more"}
    with pytest.raises(Refused):
        run(awards.finish, tender.buyer.call().at(None), rfq_id=tender.rfq)
    other = Tender()
    other.split((0, (1,)), finish=True)
    assert other.state() == ("awarded", ["won", "lost", "lost"])
    with pytest.raises(Refused):
        other.split((1, (2,)))
    agrees()


def test_one_order_of_several_is_cancelled_and_its_lines_may_go_to_another():
    tender = Tender()
    made = tender.split((1, (1,)))
    order = UUID(made["orders"][0]["order"])
    run(payments.cancel, tender.actors[1].call(), order_id=order, reason="No steel")
    assert Award.objects.get().freed_at is not None
    tender.split((0, (1,)), (2, (2,)))
    assert tender.state() == ("awarded", ["won", "won", "won"])
    assert sorted(Order.objects.values_list("state", flat=True)) == ["cancelled", "placed", "placed"]
    agrees()


def test_cancelling_one_of_two_orders_leaves_the_other():
    tender = Tender()
    made = tender.split((1, (1,)), (2, (2,)))
    run(payments.cancel, tender.buyer.call().at(tender.actors[1].conversation), order_id=UUID(made["orders"][0]["order"]), reason="x")
    assert sorted(Order.objects.values_list("state", flat=True)) == ["cancelled", "placed"]
    agrees()


def test_what_cannot_be_awarded_says_so_and_changes_nothing():
    tender = Tender()
    before = everything()
    with pytest.raises(Invalid):
        tender.split()
    with pytest.raises(Invalid):
        tender.split((0, ()))
    with pytest.raises(Invalid, match="one supplier"):
        tender.split((0, (1,)), (1, (1, 2)))
    with pytest.raises(Invalid, match="did not price"):
        tender.split((0, (3,)))
    with pytest.raises(NotFound):
        run(awards.split, tender.buyer.call().at(None), rfq_id=tender.rfq, parts={new_id(): frozenset({1})})
    with pytest.raises(NotFound):
        run(awards.split, tender.buyer.call().at(None), rfq_id=tender.rfq, parts={Tender().offers[0]: frozenset({1})})
    with pytest.raises(NotFound):
        run(awards.split, make.outsider(tender.pair.conversation).call().at(None), rfq_id=tender.rfq, parts={tender.offers[0]: frozenset({1})})
    with pytest.raises(NotFound):
        run(awards.split, tender.actors[1].call().at(None), rfq_id=tender.rfq, parts={tender.offers[1]: frozenset({1})})
    for role in ("viewer", "sales", "finance"):
        with pytest.raises(Refused):
            tender.split((0, (1,)), who=tender.pair.colleague(tender.buyer, role))
        with pytest.raises(Refused):
            run(awards.finish, tender.pair.colleague(tender.buyer, role).call().at(None), rfq_id=tender.rfq)
    assert everything()[0] == before[0]
    assert (Order.objects.count(), Award.objects.count()) == (0, 0)
    run(quotes.withdraw, tender.actors[1].call(), quote_id=tender.offers[1])
    before = everything()
    with pytest.raises(Refused):
        tender.split((0, (1,)), (1, (2,)))
    assert everything() == before


def test_the_same_key_awards_once():
    tender = Tender()
    first = tender.split((0, (1,)), key="tap-0001")
    with pytest.raises(AlreadyDone) as again:
        tender.split((0, (1,)), key="tap-0001")
    assert again.value.result["orders"] == first["orders"]
    with pytest.raises(Conflict):
        tender.split((1, (2,)), key="tap-0001")
    assert Order.objects.count() == 1


def test_the_database_refuses_a_line_twice():
    tender = Tender()
    tender.split((0, (1,)))
    row = Award.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Award.objects.create(rfq_id=row.rfq_id, n=1, order_id=new_id(), at=row.at)


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_award_the_same_line_to_two_suppliers_at_once():
    for _round in range(4):
        tender = Tender()
        colleague = tender.pair.colleague(tender.buyer, "purchaser")
        given = trade.together(partial(tender.split, (0, (1,))), partial(tender.split, (1, (1,)), who=colleague))
        won, refused = [one for one in given if isinstance(one, dict)], [one for one in given if isinstance(one, Refused)]
        assert (len(won), len(refused)) == (1, 1), given
        assert OrderLine.objects.filter(order__deal_id__in=Invite.objects.filter(rfq_id=tender.rfq).values("id")).count() == 1
        assert tender.state()[0] == "part"
    agrees()


@pytest.mark.django_db(transaction=True)
def test_a_split_against_an_award_of_everything():
    for _round in range(3):
        tender = Tender()
        colleague = tender.pair.colleague(tender.buyer, "purchaser")
        whole = partial(run, orders.place, colleague.call(), quote_id=tender.offers[0])
        given = trade.together(partial(tender.split, (1, (1,)), (2, (2,))), whole)
        assert sum(isinstance(one, dict) for one in given) == 1, given
        lines = list(Award.objects.filter(rfq_id=tender.rfq).order_by("n").values_list("n", flat=True))
        assert lines == [1, 2]
    agrees()


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_award_different_lines_and_both_stand():
    tender = Tender()
    colleague: Actor = tender.pair.colleague(tender.buyer, "purchaser")
    given = trade.together(partial(tender.split, (0, (1,))), partial(tender.split, (1, (2,)), who=colleague))
    assert all(isinstance(one, dict) for one in given), given
    assert tender.state() == ("awarded", ["won", "won", "lost"])
    agrees()


def test_an_award_costs_no_more_than_any_act(django_assert_max_num_queries):
    tender = Tender()
    with django_assert_max_num_queries(22):
        tender.split((0, (1,)), (1, (2,)), key="k-1")
