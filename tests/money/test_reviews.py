"""A review is answered once and reported once, by the side it is about."""

import pytest

from guanxi.base.errors import Invalid, NotFound, Refused
from guanxi.deals.review import acts, reads
from guanxi.deals.review.table import Review
from guanxi.people.roles import can
from guanxi.people.table import ROLES
from tests import make
from tests.money.world import World, world

pytestmark = pytest.mark.django_db


def judged() -> World:
    """The buyer gave three stars."""
    w = world().paid()
    w.ship()
    w.receive()
    acts.review(w.buyer.call(now=w.now), order_id=w.order, stars=3, text="Slow.")
    return w


def test_the_reviewed_side_answers_once_and_everybody_reads_it():
    w = judged()
    acts.answer(w.supplier.call(now=w.now), order_id=w.order, text="We ship faster now.")
    assert w.said()[-1] == "review.answered"
    assert w.panel().turn_company == w.supplier.company.id, "who owes a review still does"
    assert reads.of_company(w.supplier.company.id)[0].answer == "We ship faster now."
    with pytest.raises(Refused, match="already"):
        acts.answer(w.supplier.call(now=w.now), order_id=w.order, text="And better.")
    assert Review.objects.get().answer == "We ship faster now."


def test_a_report_reaches_the_operator_alone():
    w = judged()
    before = w.said()
    acts.report(w.supplier.call(now=w.now), order_id=w.order, text="Another order is meant.")
    assert w.said() == before
    assert [one.report for one in reads.reported()] == ["Another order is meant."]
    with pytest.raises(Refused, match="already"):
        acts.report(w.supplier.call(now=w.now), order_id=w.order, text="Still.")


@pytest.mark.parametrize("act", [acts.answer, acts.report])
def test_nobody_else_may(act):
    w = judged()
    with pytest.raises(NotFound):
        act(w.buyer.call(now=w.now), order_id=w.order, text="x")
    with pytest.raises(NotFound):
        act(make.outsider(w.where).call(now=w.now), order_id=w.order, text="x")
    with pytest.raises(Invalid):
        act(w.supplier.call(now=w.now), order_id=w.order, text=" ")
    for role in ROLES:
        if not can(role, "sell"):
            with pytest.raises(Refused):
                act(w.pair.colleague(w.supplier, role).call(now=w.now), order_id=w.order, text="x")
    assert (Review.objects.get().answer, Review.objects.get().report) == ("", "")
