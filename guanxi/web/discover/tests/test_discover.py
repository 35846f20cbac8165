"""The search of goods, as members and visitors use it."""

import pytest
from django.test import Client

from guanxi.catalog.listing import acts, forms, reads
from guanxi.talk.call import by_viewer
from tests.make import Actor, actor, viewer
from tests.signed import signed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("categories")]


@pytest.fixture
def bo() -> Actor:
    return actor("Bo", "Minggu")


def sell(bo: Actor, title: str, **more: object) -> None:
    said = {"title": title, "unit": "pcs", "tiers": [{"price": "486"}], **more}
    acts.make(by_viewer(viewer(bo.person, bo.company)), draft=forms.read(said), publish=True)


def test_a_visitor_and_a_member_find_goods_in_pinyin_and_by_category(bo):
    sell(bo, "外六角螺栓 M8", category="hex-bolts")
    sell(bo, "瓦楞纸箱", category="corrugated-boxes")
    for browser in (Client(), signed(actor("Ana", "Haichuan"))):
        for address in ("/discover?q=luoshuan", "/discover?category=hardware", "/discover?q=M8&category=hex-bolts"):
            page = browser.get(address).content.decode()
            assert "外六角螺栓" in page
            assert "瓦楞纸箱" not in page
        assert "瓦楞纸箱" in browser.get("/discover").content.decode()
        assert browser.get("/discover?q=%00%27%22&category=%00&from=-1&stock=1").status_code == 200


def test_hidden_prices_stay_hidden_in_the_search(bo):
    sell(bo, "螺栓", prices_for="partners")
    assert "486" not in Client().get("/discover?q=螺栓").content.decode()


def test_a_long_answer_comes_in_pages(bo):
    for n in range(reads.PAGE + 3):
        sell(bo, f"螺栓 {n:02}号")
    first = Client().get("/discover?q=螺栓").content.decode()
    second = Client().get(f"/discover?q=螺栓&from={reads.PAGE}").content.decode()
    assert first.count("goods-tile") == reads.PAGE
    assert second.count("goods-tile") == 3
    assert f"from={reads.PAGE}" in first
    assert "from=" not in second


def test_nothing_found_offers_an_enquiry(bo):
    page = signed(bo).get("/discover?q=没有这个").content.decode()
    assert "/rfqs/new" in page


def test_statements_stay_twelve_with_a_full_page(bo, django_assert_max_num_queries):
    for n in range(reads.PAGE):
        sell(bo, f"螺栓 {n}", skus=[{"options": [{"name": "M8"}]}, {"options": [{"name": "M10"}]}])
    browser = signed(actor("Ana", "Haichuan"))
    browser.get("/discover?q=螺栓")
    with django_assert_max_num_queries(12):
        browser.get("/discover?q=螺栓")
