"""One trade on two phones, from the enquiry to both reviews; what one does the other sees without asking for it."""

import pytest
from playwright.sync_api import expect

from guanxi.base import clock
from guanxi.deals.deal.table import Deal
from guanxi.deals.order.table import Order
from guanxi.deals.review.table import Review
from tests.flows.hands import at, pay
from tests.make import actor

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def sandbox(settings):
    """The provider of the demo serves."""
    settings.PROVIDERS = ["sandbox"]


@pytest.fixture
def rival(two):
    """Di of Yongli, whom Ana talks with as well."""
    from guanxi.talk.open import pair_conversation

    di = actor("Di", "Yongli")
    room = pair_conversation(two.buyer.company.id, di.company.id, now=clock.now(), responsible=two.buyer.person.id)
    return type(di)(di.person, di.company, di.role, room)


def ask(page):
    """Ana writes two lines and sends them to everybody she talks with."""
    page.get_by_label("Title").fill("304 fasteners")
    for n, (name, quantity, target) in enumerate([("Bolt M8*30", "20", "450"), ("Nut M8", "40", "145")]):
        if n:
            page.get_by_role("button", name="Add an item").click()
        page.locator(f'[name="lines.{n}.name"]').fill(name)
        page.locator(f'[name="lines.{n}.quantity"]').fill(quantity)
        page.locator(f'[name="lines.{n}.unit"]').fill("box")
        page.locator(f'[name="lines.{n}.target_price"]').fill(target)
    for box in page.locator('input[name="receivers"]').all():
        box.check()
    expect(page.locator("[data-target-total]")).to_have_text("¥14,800.00")
    page.locator(".actbar").get_by_role("button", name="Send to 2 companies").click()
    expect(page.locator("[data-confirm-names]")).to_contain_text("Minggu")
    page.locator("dialog").get_by_role("button", name="Send to 2 companies").click()
    page.wait_for_url("**/rfqs/*-*")


def offer(page, prices, total, *, freight="160.00"):
    """Fill the editor; the total answers at once, and is what is sent."""
    for n, price in enumerate(prices):
        page.locator(f'[name="lines.{n}.price"]').fill(price)
    page.locator('[name="freight"]').fill(freight)
    expect(page.locator("[data-total-bar]")).to_have_text(total)
    page.locator(".actbar .button.is-primary").click()
    page.wait_for_url("**/c/*")


def test_a_whole_trade_on_two_phones(two, rival, sandbox, gateway, open_as, live_server):
    base = live_server.url
    ana = open_as(two.buyer, "/rfqs/new")
    bo = open_as(two.supplier, f"/c/{two.conversation}")
    di = open_as(rival, f"/c/{rival.conversation}")
    bo.wait_for_selector("html[data-talk=open]", state="attached")

    ask(ana)
    expect(bo.locator(".trade-card").first).to_contain_text("304 fasteners")  # live, in the open talk
    deal = Deal.objects.get(conversation_id=two.conversation)

    di_deal = Deal.objects.get(conversation_id=rival.conversation)
    di.goto(base + at(di_deal, "/quote"))
    offer(di, ["475", "150"], "¥15,660.00")
    ana.goto(base + at(deal))
    bo.goto(base + at(deal, "/quote"))
    offer(bo, ["472", "152"], "¥15,680.00")

    expect(ana.locator("#deal-acts")).to_contain_text("Your turn to answer the offer")  # live, on the deal's page
    ana.goto(base + at(deal, "/quote"))
    offer(ana, ["455", "148"], "¥15,020.00", freight="0")
    bo.goto(base + at(deal, "/quote"))
    offer(bo, ["460", "148"], "¥15,280.00")

    ana.goto(f"{base}/rfqs/{deal.rfq_id}/compare")
    expect(ana.locator(".card-list > li").first).to_contain_text("Minggu")
    expect(ana.locator(".card-list > li").first).to_contain_text("lowest")
    bo.goto(base + at(deal))
    ana.locator(".card-list > li").first.get_by_role("link", name="Award Minggu").click()
    expect(ana.locator("dialog")).to_contain_text("¥15,280.00")
    ana.locator("dialog").get_by_role("button", name="Award Minggu ¥15,280.00").click()
    ana.wait_for_url("**/deals/*")
    expect(bo.locator("#deal")).to_contain_text("Awaiting payment")  # live, at the supplier's
    expect(bo.locator("#deal-acts")).to_contain_text("Waiting for their payment")
    assert Deal.objects.get(pk=di_deal.pk).state == "lapsed"

    pay(ana, deal, "¥4,584.00")
    pay(ana, deal, "¥10,696.00")
    expect(bo.locator("#deal-acts").get_by_role("link", name="Ship")).to_be_visible()

    ana.goto(base + at(deal))
    bo.locator("#deal-acts").get_by_role("link", name="Ship").click()
    bo.locator("dialog [name=carrier]").fill("SF Express")
    bo.locator("dialog [name=waybill]").fill("SF1234567890")
    bo.locator("dialog").get_by_role("button", name="Ship to Haichuan").click()
    expect(ana.locator("#deal-acts").get_by_role("link", name="Confirm receipt")).to_be_visible()

    ana.locator("#deal-acts").get_by_role("link", name="Confirm receipt").click()
    ana.locator("dialog summary").click()
    ana.locator('dialog [name="lines.0.quantity"]').fill("10")
    ana.locator('dialog [name="lines.1.quantity"]').fill("0")
    ana.locator("dialog").get_by_role("button", name="Accept what is good").click()
    expect(ana.locator('dialog[open]')).to_have_count(0)
    order = Order.objects.get(deal_id=deal.id)
    assert order.released == 1_528_000 * 460_000 // 1_512_000
    ana.locator("#deal-acts").get_by_role("link", name="Confirm receipt").click()
    ana.locator("dialog").get_by_role("button", name="All received, release").click()
    for page in (ana, bo):
        expect(page.locator("#deal")).to_contain_text("Completed")
        expect(page.locator("dialog[open]")).to_have_count(0)

    for page, words in ((ana, "On time"), (bo, "Paid at once")):
        page.goto(base + at(deal, "/review"))
        page.locator('label[for="f-stars-5"]').click()
        page.locator("[name=text]").fill(words)
        page.get_by_role("button", name="Publish the review").click()
        page.wait_for_url(f"**{at(deal)}")
    assert sorted(Review.objects.values_list("side", "stars", "text")) == [("buyer", 5, "On time"), ("supplier", 5, "Paid at once")]
    order.refresh_from_db()
    assert (order.state, order.money, order.goods_state, order.released) == ("completed", "released", "arrived", 1_528_000)


def test_what_is_wrong_stands_beside_its_field_and_the_draft_survives_a_reload(two, gateway, open_as):
    ana = open_as(two.buyer, f"/rfqs/new?to={two.supplier.company.id}")
    ana.locator('[name="lines.0.name"]').fill("Bolt")
    ana.locator('[name="lines.0.quantity"]').fill("many")
    ana.locator('[name="lines.0.unit"]').fill("box")
    ana.locator(".actbar").get_by_role("button", name="Send to 1 company").click()
    ana.locator("dialog").get_by_role("button", name="Send to 1 company").click()
    expect(ana.locator(".field", has=ana.locator('[name="lines.0.quantity"]')).locator(".field-error").last).to_contain_text("number")
    expect(ana.locator(".field", has=ana.locator('[name="title"]')).locator(".field-error")).to_be_visible()
    expect(ana.locator('[name="lines.0.name"]')).to_have_value("Bolt")
    ana.locator('[name="title"]').fill("Half")
    expect(ana.locator("[data-said]")).to_contain_text("Draft saved")
    ana.reload()
    expect(ana.locator('[name="title"]')).to_have_value("Half")
    expect(ana.locator('[name="lines.0.quantity"]')).to_have_value("many")
    expect(ana.locator('input[name="receivers"]').first).to_be_checked()


def test_rows_of_a_spreadsheet_are_pasted_into_lines(two, gateway, open_as):
    ana = open_as(two.buyer, "/rfqs/new")
    rows = "\n".join(f"Part {n}\tM{n}\t{n}0\tpcs\t1.5" for n in range(1, 31))
    ana.locator('[name="lines.0.name"]').focus()
    ana.evaluate(
        """text => { const data = new DataTransfer(); data.setData('text/plain', text);
        document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })) }""",
        rows,
    )
    expect(ana.locator("[data-row]")).to_have_count(30)
    expect(ana.locator('[name="lines.29.name"]')).to_have_value("Part 30")
    expect(ana.locator("[data-target-total]")).to_have_text("¥6,975.00")
