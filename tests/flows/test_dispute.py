"""Broken goods on two phones: opened in three taps, seen at once across, a photo shown, a part agreed, the money gone exactly so."""

import pytest
from playwright.sync_api import expect

from guanxi.base import clock
from guanxi.base.outbox.drain import drain
from guanxi.check import record
from guanxi.deals.dispute.table import Dispute, Evidence
from guanxi.deals.payment import check
from tests.money.world import world

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shipped(two, settings):
    """Paid and shipped, on the same day as the browsers live."""
    settings.PROVIDERS = ["sandbox"]
    w = world(pair=two, now=clock.now()).paid()
    w.ship()
    return w


def test_broken_goods_from_the_first_tap_to_the_refund(shipped, open_as, gateway, tmp_path):
    w = shipped
    deal = f"/c/{w.where}/deals/{w.deal}"
    photo = tmp_path / "torn.png"
    picture(photo)
    ana, bo = open_as(w.buyer, deal), open_as(w.supplier, deal)

    ana.get_by_role("button", name="More you can do").click()  # 1
    ana.get_by_role("link", name="Open a dispute").click()  # 2
    sheet = ana.locator("dialog[open]")
    sheet.get_by_label("What happened").fill("Two boxes are torn.")
    sheet.locator('[name="files"]').set_input_files(photo)
    sheet.locator('[name="refund"]').fill("1500.00")
    sheet.get_by_role("button", name="Open the dispute").click()  # 3
    ana.wait_for_url("**/dispute")
    expect(ana.get_by_role("heading", name="Damaged")).to_be_visible()
    assert Dispute.objects.get().frozen == w.row().total

    expect(bo.get_by_text("There is a dispute")).to_be_visible()
    bo.get_by_role("link", name="Answer the dispute").click()
    bo.wait_for_url("**/dispute")
    expect(bo.locator(".photos img")).to_have_count(1)
    bo.get_by_role("button", name="More you can do").click()
    bo.get_by_role("link", name="Propose something else").click()
    sheet = bo.locator("dialog[open]")
    sheet.locator('[name="refund"]').fill("690.00")
    sheet.get_by_role("button", name="Propose it to Haichuan").click()

    accept = ana.get_by_role("link", name="Agree: refund ¥690.00")
    expect(accept).to_be_visible()
    accept.click()
    ana.locator("dialog[open]").get_by_role("button", name="Agree: refund ¥690.00").click()
    expect(ana.get_by_text("Settled by agreement")).to_be_visible()
    expect(bo.get_by_text("Settled by agreement")).to_be_visible()
    drain(clock.now())
    row = w.row()
    assert (row.state, row.returned, row.released) == ("completed", 69_000, row.total - 69_000)
    assert Evidence.objects.get().files[0]["picture"] is True
    assert check.differences([w.where]) == []
    assert list(record.rows_of([w.panel()])[w.deal].disputes.values()) == ["closed"]


def picture(path):
    """A small photo."""
    from PIL import Image

    Image.new("RGB", (60, 40), (180, 90, 60)).save(path)
