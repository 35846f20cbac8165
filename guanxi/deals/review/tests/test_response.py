"""What a company's page says of its answers and deliveries is counted from its rows."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from guanxi.base import clock
from guanxi.deals.deal.table import Deal
from guanxi.deals.order.table import Order
from guanxi.deals.review import response
from guanxi.deals.review.response import Response
from guanxi.deals.shipment.table import Shipment
from guanxi.people.table import Company
from guanxi.talk.table import Entry
from guanxi.web.company import picture
from guanxi.web.company.measured import spoken, words
from tests import make, trade
from tests.api.caller import trade as deals

pytestmark = pytest.mark.django_db(transaction=True)


def asked(pair, ago: timedelta, reply: timedelta | None) -> None:
    """One enquiry so long ago, answered after `reply` or not at all."""
    moment = clock.now() - ago
    with clock.use(lambda: moment):
        _rfq, deal = trade.ask(pair)
    if reply is not None:
        with clock.use(lambda: moment + reply):
            trade.quote(pair.supplier, deal)


def of(pair) -> Response:
    return response.of([pair.supplier.company.id], now=clock.now())[pair.supplier.company.id]


def test_first_replies_are_timed_and_young_enquiries_wait():
    pair = make.pair()
    for days, hours in ((9, 1), (8, 2), (7, 30)):
        asked(pair, timedelta(days=days), timedelta(hours=hours))
    few = of(pair)
    assert (few.enquiries, few.soon, few.soon_share, few.reply_time) == (3, 2, None, None)
    asked(pair, timedelta(days=4), timedelta(hours=4))
    asked(pair, timedelta(hours=25), None)
    asked(pair, timedelta(hours=3), None)
    told = of(pair)
    assert (told.enquiries, told.soon, told.soon_share) == (5, 3, 60)
    assert told.reply_time is not None
    assert round(told.reply_time / timedelta(hours=1), 2) == 3


def test_what_is_older_than_ninety_days_does_not_count():
    pair = make.pair()
    asked(pair, timedelta(days=91), timedelta(hours=1))
    assert of(pair) == Response()


def test_a_text_is_a_reply_and_words_of_the_buyer_are_none():
    pair = make.pair()
    asked(pair, timedelta(hours=30), None)
    head = Entry.objects.filter(conversation_id=pair.conversation).count()
    at = clock.now() - timedelta(hours=29)
    Entry.objects.create(conversation_id=pair.conversation, seq=head + 1, kind="text", by_company=pair.buyer.company.id, body={"text": "well?"}, at=at)
    assert (of(pair).enquiries, of(pair).soon) == (1, 0)
    Entry.objects.create(conversation_id=pair.conversation, seq=head + 2, kind="text", by_company=pair.supplier.company.id, body={"text": "yes"}, at=at)
    told = of(pair)
    assert told.median is not None
    assert (told.enquiries, told.soon, round(told.median / timedelta(hours=1), 2)) == (1, 1, 1)


def test_shipments_count_when_their_day_came_and_whole():
    pair = make.pair()
    now = clock.now()
    for late in (-1, -1, 1, None, None):
        order = Order.objects.get(pk=trade.ordered(pair))
        Order.objects.filter(pk=order.pk).update(ship_by=now - timedelta(days=2), money="held", goods_state="none" if late is None else "sent")
        if late is not None:
            sent = {"n": 1, "carrier": "SF", "lines": [], "by_person": pair.supplier.person.id, "at": now - timedelta(days=2 - late)}
            Shipment.objects.create(conversation_id=pair.conversation, order=order, **sent)
    trade.ordered(pair)  # nobody paid: nobody waits for it
    told = of(pair)
    assert (told.due, told.on_time, told.on_time_share) == (5, 2, 40)
    assert (told.orders, told.disputed, told.dispute_share) == (5, 0, 0)


@translation.override("en")
def test_the_page_says_what_each_figure_rests_on():
    measured = Response(12, 11, timedelta(hours=3), 4, 4, 5, 1)
    shown = words(measured)
    assert ("First reply", "3 h · from 12 enquiries in 90 days") in shown
    assert ("Answered within 24 h", "91% · from 12 enquiries in 90 days") in shown
    assert ("Shipped on time", "too few · from 4 orders in 90 days") in shown
    assert ("Disputed", "20% · from 5 orders in 90 days") in shown
    assert words(Response()) == []


@pytest.mark.parametrize(("time", "said"), [(20, "1 min"), (60 * 59, "59 min"), (3600, "1 h"), (3600 * 47, "47 h"), (3600 * 60, "2 d")])
@translation.override("en")
def test_times_are_said_short(time: int, said: str):
    assert spoken(timedelta(seconds=time)) == said


def test_more_companies_and_deals_cost_no_more_statements():
    pair = make.pair()
    counts, firms = [], [make.company().id for _n in range(30)]
    for many in (1, 6):
        for _n in range(many):
            asked(pair, timedelta(days=2), timedelta(hours=1))
        with CaptureQueriesContext(connection) as seen:
            response.of([pair.supplier.company.id, *firms[: many * 5]], now=clock.now())
        with CaptureQueriesContext(connection) as drawn:
            picture.draw(pair.supplier.company, None)
        counts.append((len(seen), len(drawn)))
    assert counts[0] == counts[1]
    assert Deal.objects.count() == 7


def test_programs_read_the_figures_of_one_open_company_alone():
    one = deals(2)
    asked(one.pair, timedelta(days=2), timedelta(hours=1))
    firm = one.pair.supplier.company
    told = one.buyer.get(f"/companies/{firm.id}")["response"]
    assert (told["enquiries"], told["reply_seconds"], told["answered_within_day"], told["shipped_on_time"]) == (1, None, None, None)
    Company.objects.filter(pk=firm.pk).update(door="name")
    assert one.buyer.get(f"/companies/{firm.id}")["response"] is None
