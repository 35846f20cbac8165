"""A public enquiry: two strangers come by its link, one with nothing but a phone, one who sets up his company first. And an enquiry out of a spreadsheet."""

import io
from urllib.parse import urljoin

import pytest
import xlsxwriter
from playwright.sync_api import expect

from guanxi.deals.deal.table import Deal
from guanxi.deals.quote.table import Quote
from guanxi.deals.rfq.table import Rfq
from guanxi.people.sender import memory
from guanxi.people.table import Company
from tests.flows.hands import LIVE, come_in_by_code, fits, go, offer, press, send_enquiry, take_list
from tests.flows.test_talk import write

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _letters(settings):
    """Codes reach people by way of the tests' sender."""
    settings.SENDER = "memory"
    memory.SENT.clear()


@pytest.fixture
def door(two, gateway, open_as):
    """Ana's public enquiry: the page where she sees its link, and the link."""
    ana = open_as(two.buyer, "/rfqs/new")
    ana.get_by_label("Title").fill("Aprons for the fair")
    take_list(ana, "Canvas apron 60 pcs", 1)
    expect(ana.get_by_text("1 item taken over")).to_be_visible()
    ana.locator('[name="lines.0.target_price"]').fill("31.77")
    ana.locator('label:has([name="door_open"][value="on"])').click()
    send_enquiry(ana, "Open by link")
    link = ana.locator(".door-link .code").inner_text()
    assert link.endswith("/r/" + Rfq.objects.get().door)
    return ana, "/r/" + link.rpartition("/r/")[2]


def test_a_stranger_quotes_one_code_later_and_they_talk(door, open_as):
    ana, link = door
    mei = open_as(None, link)
    expect(mei.get_by_text("Canvas apron")).to_be_visible()
    assert "31.77" not in mei.content()  # what the buyer hopes for is hers
    fits(mei)
    press(mei, "Quote")
    come_in_by_code(mei, "mei@aprons.example", name="Mei", firm="Qingmu Aprons")
    mei.wait_for_url("**/quote")
    assert "31.77" not in mei.content()
    offer(mei, ["32.50"], "¥2,040.00", freight="90")
    mei.wait_for_selector(LIVE, state="attached")
    assert Company.objects.get(name="Qingmu Aprons").memberships.get().role == "owner"

    go(ana, "/m")
    ana.get_by_role("link", name="Qingmu Aprons").click()
    expect(ana.locator(".entry.is-card").last).to_contain_text("¥2,040.00")
    ana.wait_for_selector(LIVE, state="attached")
    write(ana, "Can you embroider a name?")
    expect(mei.locator(".entry .bubble").last).to_have_text("Can you embroider a name?")
    write(mei, "Yes, at no cost.")
    expect(ana.locator(".entry .bubble").last).to_have_text("Yes, at no cost.")

    go(mei, link)  # her own copy now
    mei.wait_for_url(f"**/deals/{Deal.objects.get().id}")
    fits(ana, mei)


def test_one_who_sets_up_a_company_first_comes_in_by_the_same_link(door, open_as):
    ana, link = door
    pei = open_as(None, "/signin")
    come_in_by_code(pei, "pei@canvas.example")
    pei.wait_for_url("**/start*")
    pei.get_by_label("Company name").fill("Keqiao Canvas")
    pei.get_by_label("Your name").fill("Pei")
    press(pei, "Next: details")
    pei.get_by_label("Introduction").fill("Canvas by the roll, aprons by the dozen.")
    press(pei, "Next: invite colleagues")
    press(pei, "Make a link")
    expect(pei.get_by_text("/i/").first).to_be_visible()
    go(pei, "/start/people")
    pei.get_by_role("link", name="Done").click()
    pei.wait_for_url("**/m")

    go(pei, link)
    press(pei, "Quote")  # signed in already: straight to the editor
    pei.wait_for_url("**/quote")
    offer(pei, ["30"], "¥1,800.00", freight="0")
    go(ana, f"/rfqs/{Rfq.objects.get().id}/compare")
    expect(ana.locator(".card-list > li")).to_contain_text("Keqiao Canvas")
    ana.goto(ana.url.rpartition("/")[0])
    press(ana, "Close the link")
    expect(ana.get_by_text("Only those you asked see this RFQ.")).to_be_visible()
    late = open_as(None, "/signin")
    assert late.goto(urljoin(late.url, link)).status == 404
    assert Quote.objects.get().total == 180_000


def sheet() -> bytes:
    """A purchase list as people keep it: a heading nobody needs, columns in their own words, one row without a quantity."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet("采购")
        rows = [
            ["品名", "规格", "数量", "单位", "目标价"],
            ["外六角螺栓", "M8×30", 20, "千件", 450],
            ["六角螺母", "M8", 40, "千件", 145],
            ["平垫圈", "M8", "", "千件", 40],
        ]
        for n, row in enumerate(rows):
            page.write_row(n, 0, row)
    return out.getvalue()


def test_a_spreadsheet_becomes_an_enquiry_and_its_bad_row_is_named(two, gateway, open_as):
    ana, bo = open_as(two.buyer, "/rfqs/new"), open_as(two.supplier, f"/c/{two.conversation}")
    bo.wait_for_selector(LIVE, state="attached")
    mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ana.locator("[data-table]").set_input_files([{"name": "list.xlsx", "mimeType": mime, "buffer": sheet()}])
    ana.wait_for_url("**/rfqs/import")
    expect(ana.get_by_text("2 rows are in order")).to_be_visible()
    expect(ana.locator("section", has_text="1 row needs mending").last).to_contain_text("平垫圈")
    fits(ana)
    press(ana, "Take over 2 items")
    ana.wait_for_url("**/edit*")
    expect(ana.locator('[name="lines.1.name"]')).to_have_value("六角螺母")
    expect(ana.locator('[name="lines.0.quantity"]')).to_have_value("20")
    ana.get_by_label("Title").fill("紧固件")
    for box in ana.locator('input[name="receivers"]').all():
        box.check()
    send_enquiry(ana, "Send to 1 company")
    expect(bo.locator(".trade-card").first).to_contain_text("外六角螺栓")
    assert [(line.name, line.spec, line.quantity, line.unit) for line in Rfq.objects.get().lines.order_by("n")] == [
        ("外六角螺栓", "M8×30", 20, "千件"), ("六角螺母", "M8", 40, "千件"),
    ]  # fmt: skip
