"""A supplier puts goods on sale from the phone; a buyer finds them in pinyin, picks sizes and asks."""

import re

import pytest
from playwright.sync_api import expect

from guanxi.catalog.listing.table import Listing
from guanxi.deals.rfq.table import Rfq
from guanxi.demo.goods import draw

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]


def test_from_the_editor_to_an_enquiry(gateway, open_as, two, tmp_path, categories):
    picture = tmp_path / "bolt.png"
    picture.write_bytes(draw("bolt"))

    bo = open_as(two.supplier, "/goods/new")
    bo.locator("[data-picture-input]").set_input_files(picture)
    expect(bo.locator(".goods-picked")).to_have_count(1)
    bo.get_by_label("Title").fill("304 外六角螺栓 DIN 933")
    bo.get_by_label("Category").select_option("hex-bolts")
    bo.get_by_label("Material").fill("304")
    bo.get_by_label("Unit of prices and quantities").fill("千件")
    bo.get_by_label("Unit price").fill("486")
    bo.get_by_role("button", name="Add a step").click()
    bo.get_by_label("From quantity").nth(1).fill("20")
    bo.get_by_label("Unit price").nth(1).fill("472")
    bo.locator('[name="skus.0.name"]').fill("M8×30")
    bo.get_by_role("button", name="Put on sale").click()
    expect(bo.get_by_role("heading", name="304 外六角螺栓 DIN 933")).to_be_visible()
    row = Listing.objects.get()
    assert (row.state, row.attributes, row.tiers) == ("published", {"material": "304"}, [["1", "486"], ["20", "472"]])

    ana = open_as(two.buyer, "/discover")
    ana.get_by_role("searchbox").fill("luoshuan")
    ana.get_by_role("searchbox").press("Enter")
    ana.get_by_role("link", name="304 外六角螺栓").click()
    quantity = ana.get_by_label("M8×30").get_by_role("textbox")
    quantity.fill("25")
    expect(ana.locator("[data-pick-total]")).to_have_text("¥11,800.00")
    expect(ana.locator(".tier[aria-current]")).to_contain_text("472")
    ana.get_by_role("button", name="Ask for a price").click()
    expect(ana.get_by_label("Quantity", exact=True)).to_have_value("25")
    ana.locator(".actbar").get_by_role("button", name="Send to 1 company").click()
    ana.locator("dialog").get_by_role("button", name="Send to 1 company").click()
    ana.wait_for_url(re.compile(r"/rfqs/[0-9a-f-]{36}$"))
    assert [(line.name, line.spec, line.quantity) for line in Rfq.objects.get().lines.all()] == [("304 外六角螺栓 DIN 933", "M8×30", 25)]
