"""How many taps an act takes once its talk is open. What goes into fields is typing and counts for nothing; every other touch counts."""

import re
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from guanxi.base import clock
from guanxi.base.outbox.drain import drain
from guanxi.deals.deal.table import Deal
from guanxi.deals.order.table import Order
from guanxi.deals.payment.table import Payment
from guanxi.deals.quote.table import Quote
from guanxi.deals.review.table import Review
from guanxi.deals.rfq.table import Rfq
from guanxi.talk.open import pair_conversation
from tests import trade
from tests.make import company, member
from tests.money.world import world
from tests.signed import session_of

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]
LIST = "Hex bolt M8*30 20 box\nHex nut M8 40 box"
TALK = re.compile(r"/c/[^/]+$")


class Thumb:
    """A thumb on a phone of 390 by 844 that counts its taps."""

    def __init__(self, page):
        self.page, self.taps = page, 0

    def tap(self, place):
        expect(place).to_be_visible()
        self.taps += 1
        place.tap()

    def on_card(self, role, name):
        """The button of the newest card in the talk."""
        self.tap(self.page.locator(".trade-card").last.get_by_role(role, name=name, exact=True))

    def in_sheet(self, name):
        self.tap(self.page.locator("dialog[open]").get_by_role("button", name=name).first)


@pytest.fixture
def phone(chromium, live_server, gateway, settings):
    """`phone(actor)`: a thumb in the open talk of this actor."""
    settings.PROVIDERS = ["sandbox"]
    contexts = []

    def opened(actor, conversation=None):
        context = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, service_workers="block")
        contexts.append(context)
        host = live_server.url.split("//")[1].split(":")[0]
        for name, value in {"sessionid": session_of(actor), "django_language": "en"}.items():
            context.add_cookies([{"name": name, "value": value, "domain": host, "path": "/"}])
        page = context.new_page()
        page.goto(f"{live_server.url}/c/{conversation or actor.conversation}")
        return Thumb(page)

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def asked(two):
    """An enquiry of Ana's that waits for Bo."""
    _rfq, deal = trade.ask(two)
    return SimpleNamespace(pair=two, deal=deal)


@pytest.fixture
def offered(asked):
    """Bo's offer waits for Ana."""
    asked.offer = trade.quote(asked.pair.supplier, asked.deal)
    return asked


def test_a_pasted_list_is_an_enquiry_in_four(two, phone):
    ana = phone(two.buyer)
    ana.tap(ana.page.get_by_role("button", name="More: photo, file, RFQ"))
    ana.tap(ana.page.get_by_role("link", name="RFQ", exact=True))
    expect(ana.page.locator("#list")).to_be_focused()  # ready for what is pasted
    expect(ana.page.locator(".actbar").get_by_role("button", name="Send to 1 company")).to_be_visible()
    ana.page.evaluate(
        """text => { const data = new DataTransfer(); data.setData('text/plain', text);
        document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })) }""",
        LIST,
    )
    expect(ana.page.locator("[data-row]")).to_have_count(2)
    ana.tap(ana.page.locator(".actbar").get_by_role("button", name="Send to 1 company"))
    ana.in_sheet("Send to 1 company")
    ana.page.wait_for_url(re.compile(r"/rfqs/[0-9a-f-]{36}$"))
    assert ana.taps <= 4
    assert Rfq.objects.get(state="open").lines.count() == 2


def test_a_quote_is_three_and_its_prices(asked, phone):
    bo = phone(asked.pair.supplier)
    bo.on_card("link", "Quote")
    for n, price in enumerate(("472", "152")):
        bo.page.locator(f'[name="lines.{n}.price"]').fill(price)
    bo.page.locator('[name="freight"]').fill("320")
    expect(bo.page.locator("[data-total-bar]")).to_have_text("¥12,800.00")  # before the last tap
    bo.tap(bo.page.locator(".actbar").get_by_role("button", name="Send v1"))
    bo.page.wait_for_url(TALK)
    assert bo.taps <= 3
    assert Quote.objects.get(deal_id=asked.deal).total == 1_280_000


def test_a_counter_offer_is_two(offered, phone):
    ana = phone(offered.pair.buyer)
    ana.on_card("link", "Counter-offer")
    ana.page.locator('[name="lines.0.price"]').fill("450")
    expect(ana.page.locator("[data-total-bar]")).to_have_text("¥12,360.00")
    ana.tap(ana.page.locator(".actbar").get_by_role("button", name="Send v2"))
    ana.page.wait_for_url(TALK)
    assert ana.taps <= 2
    assert Quote.objects.get(deal_id=offered.deal, state="open").total == 1_236_000


def test_accepting_and_paying_the_deposit_is_three(offered, phone):
    ana = phone(offered.pair.buyer)
    ana.on_card("link", "Accept")
    expect(ana.page.locator("dialog[open]")).to_contain_text("¥12,800.00")
    ana.in_sheet("Award, then pay ¥3,840.00")
    ana.page.wait_for_url("**/pay?ask=1")
    expect(ana.page.locator("dialog[open]")).to_contain_text("Minggu")  # money still asks for itself, with its sum and whom it is for
    assert not Payment.objects.exists()
    ana.in_sheet("Pay ¥3,840.00")
    ana.page.wait_for_url("**/payments/*")
    assert ana.taps <= 3
    drain(clock.now())
    ana.page.wait_for_url("**/sandbox/*")  # who pressed Pay is led on by himself
    expect(ana.page.locator("main")).to_contain_text("¥3,840.00")
    ana.page.get_by_role("button", name="Pay", exact=True).tap()  # the provider's own page asks what it wants
    ana.page.wait_for_url("**/payments/*")
    expect(ana.page.locator("#payment")).to_contain_text("in escrow")
    assert (Order.objects.get().total, Order.objects.get().money) == (1_280_000, "part")


@pytest.fixture
def paid(two, settings):
    """An order that is paid in full."""
    settings.PROVIDERS = ["sandbox"]
    return world(pair=two, now=clock.now()).paid()


def test_shipping_is_three(paid, phone):
    bo = phone(paid.supplier)
    bo.on_card("link", "Ship")
    bo.page.locator("dialog [name=carrier]").fill("SF Express")
    bo.page.locator("dialog [name=waybill]").fill("SF1234567890")
    bo.in_sheet("Ship to Haichuan")
    expect(bo.page.locator("dialog[open]")).to_have_count(0)
    assert bo.taps <= 3
    assert Order.objects.get().goods_state == "sent"


def test_receiving_is_two_and_a_review_two(paid, phone):
    paid.ship()
    ana = phone(paid.buyer)
    ana.on_card("link", "Confirm receipt")
    ana.in_sheet("All received, release ¥")
    expect(ana.page.locator("dialog[open]")).to_have_count(0)
    assert ana.taps <= 2
    assert Order.objects.get().state == "completed"

    ana.taps = 0
    ana.on_card("link", "4 stars")
    expect(ana.page.locator("#f-stars-4")).to_be_checked()
    ana.in_sheet("Publish the review")
    expect(ana.page.locator("dialog[open]")).to_have_count(0)
    assert ana.taps <= 2
    assert [(one.side, one.stars) for one in Review.objects.all()] == [("buyer", 4)]


def test_another_of_ones_companies_is_one_tap_away(two, phone):
    second = company("Seaport")
    member(second, two.buyer.person)
    there = pair_conversation(second.id, two.supplier.company.id, now=clock.now(), responsible=two.buyer.person.id)
    ana = phone(two.buyer, there)
    ana.tap(ana.page.get_by_role("button", name="Switch and open"))
    expect(ana.page.locator("#text")).to_be_visible()
    assert ana.taps == 1
    assert Deal.objects.count() == 0
