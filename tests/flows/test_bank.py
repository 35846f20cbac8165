"""A deposit by bank transfer in two browsers: a wrong amount first, then the rest; the balance in escrow, and the goods release it."""

from uuid import UUID

import pytest
from playwright.sync_api import expect

from guanxi.base import clock
from guanxi.base.outbox.drain import drain
from guanxi.check import differences
from guanxi.deals.order.table import Order, Stage
from guanxi.deals.payment import acts as payments
from guanxi.deals.payment import events
from guanxi.deals.shipment import acts as goods
from guanxi.people.table import Device
from tests import trade

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _sandbox(settings):
    settings.PROVIDERS = ["sandbox"]


def show_factor(actor):
    """He showed his second factor a moment ago, on every device he has."""
    Device.objects.filter(person=actor.person).update(factor_at=clock.now())


def say(page, amount, name):
    """The buyer's form with the bank's slip."""
    page.locator('[name="amount"]').first.fill(amount)
    page.locator('[name="voucher"]').set_input_files([{"name": name, "mimeType": "application/pdf", "buffer": f"%PDF-1.4 {name}".encode()}])
    page.get_by_role("button", name="Say that I have transferred").click()
    expect(page.get_by_role("button", name="Take this back")).to_be_visible()


def test_a_deposit_short_at_first_then_whole_and_the_goods_release_the_rest(two, open_as):
    order = Order.objects.get(pk=trade.ordered(two))
    deposit = Stage.objects.get(order=order, n=1)
    home = f"/c/{two.conversation}/deals/{order.deal_id}/bank"

    supplier = open_as(two.supplier, f"/co/{two.supplier.company.handle}/bank")
    show_factor(two.supplier)
    supplier.locator('[name="bank"]').fill("ICBC Wenzhou")
    supplier.locator('[name="number"]').fill("6222 0202 0011 2233 445")
    supplier.get_by_role("button", name="Enter this account").click()
    expect(supplier.get_by_text("in use")).to_be_visible()
    supplier.goto(supplier.url.split("/co/")[0] + home)
    supplier.get_by_role("button", name="Offer this account").click()
    expect(supplier.get_by_text("Remittance code", exact=True)).to_be_visible()

    buyer = open_as(two.buyer, home)
    expect(buyer.get_by_text("6222020200112233445")).to_be_visible()
    short = (deposit.amount - 10_000) / 100
    say(buyer, f"{short:.2f}", "one.pdf")
    supplier.reload()
    supplier.get_by_role("button", name="Confirm receipt of the money").click()
    expect(supplier.get_by_text("too little")).to_be_visible()
    supplier.get_by_role("button", name="Count it as a part, ask for the rest").click()
    expect(supplier.get_by_role("heading", name="Transfers so far")).to_be_visible()

    buyer.reload()
    expect(buyer.locator('[name="amount"]').first).to_have_value("100.00")
    say(buyer, "100.00", "two.pdf")
    supplier.reload()
    supplier.get_by_role("button", name="Confirm receipt of the money").click()
    expect(supplier.locator("text=received")).to_have_count(2)
    deposit.refresh_from_db()
    order.refresh_from_db()
    assert (deposit.state, order.received, order.money) == ("received", deposit.amount, "part")

    made = payments.pay(two.buyer.call(), order_id=order.id)
    drain(clock.now())
    events.play(two.conversation, UUID(made["payment"]), "approve", now=clock.now())
    goods.ship(two.supplier.call(), order_id=order.id, carrier="SF")
    goods.receive(two.buyer.call(), order_id=order.id)
    drain(clock.now())
    order.refresh_from_db()
    assert (order.state, order.money, order.released, order.received) == ("completed", "released", order.total - deposit.amount, deposit.amount)
    assert differences([two.conversation]) == []
    buyer.goto(buyer.url.split("/c/")[0] + f"/c/{two.conversation}/statement")
    expect(buyer.get_by_text("Received by bank transfer")).to_have_count(2)
    assert not any(page.evaluate("document.documentElement.scrollWidth > innerWidth") for page in (buyer, supplier))
