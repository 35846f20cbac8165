"""Paying by way of the sandbox's page, and what the checking page says of each outcome."""

import pytest
from django.test import Client

from guanxi.base import clock
from guanxi.base.ids import new_id
from guanxi.base.outbox.drain import drain
from guanxi.deals.order import acts as orders
from guanxi.deals.order.table import Order
from guanxi.deals.payment.table import Payment
from guanxi.web.deal.tests.test_pages import ask, at, quote
from tests.make import outsider, pair
from tests.signed import signed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sandbox(settings):
    """The provider of the demo serves."""
    settings.PROVIDERS = ["sandbox"]


def started():
    """Ana's deposit is under way; the pair, its deal and the payment."""
    two = pair()
    deal = ask(two)
    orders.place(two.buyer.call(), quote_id=quote(two, deal).id)
    order = Order.objects.get()
    form = {"order_id": str(order.id), "stage": "1", "amount": "556800", "as": str(two.buyer.company.id), "key": new_id().hex,
            "next": f"/c/{two.conversation}/payments/{{payment}}"}  # fmt: skip
    answer = signed(two.buyer).post(f"/c/{two.conversation}/payment/pay", form)
    drain(clock.now())
    payment = Payment.objects.get()
    assert answer["Location"] == f"/c/{two.conversation}/payments/{payment.id}"
    return two, deal, payment


@pytest.mark.parametrize(
    ("outcome", "state", "words"),
    [("approve", "held", "in escrow"), ("duplicate", "held", "in escrow"), ("fail", "failed", "Nothing went into escrow"), ("delay", "pending", "checking"),
     ("wrong_amount", "failed", "Nothing went into escrow")],
)  # fmt: skip
def test_the_page_says_what_became_of_the_payment(outcome, state, words):
    two, _deal, payment = started()
    payer = Client()
    shown = payer.get(payment.next_step["url"])
    assert "¥5,568.00" in shown.content.decode()
    back = payer.post(f"{payment.next_step['url']}/pay", {"outcome": outcome})
    assert back["Location"] == f"/c/{two.conversation}/payments/{payment.id}"
    payment.refresh_from_db()
    assert payment.state == state
    assert words in signed(two.buyer).get(back["Location"]).content.decode()


def test_the_payment_of_others_is_not_there_and_the_sandbox_only_in_a_demo(settings):
    two, deal, payment = started()
    address = f"/c/{two.conversation}/payments/{payment.id}"
    assert signed(outsider(two.conversation)).get(address).status_code == 404
    assert signed(two.supplier).get(at(deal, "/pay")).status_code == 404
    settings.PROVIDERS = []
    assert Client().get(payment.next_step["url"]).status_code == 404
