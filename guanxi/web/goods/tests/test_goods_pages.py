"""From the editor to the shop, and from a listing's sizes to an enquiry."""

import json
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guanxi.base import clock
from guanxi.base.ids import new_id
from guanxi.catalog.listing import reads
from guanxi.catalog.listing.table import Listing
from guanxi.demo.goods import draw
from guanxi.people.table import Company, Membership
from tests.make import Actor, actor
from tests.signed import signed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("categories")]
SAID = {
    "title": "304 外六角螺栓 DIN 933", "number": "A-933", "category": "hex-bolts", "unit": "千件", "minimum": "5", "step": "5", "mixed": "1", "tax_rate": "13",
    "tiers.0.from": "5", "tiers.0.price": "486", "tiers.1.from": "20", "tiers.1.price": "472", "dimensions": "直径 / 长度",
    "skus.0.name": "M8 / 25", "skus.0.stock": "180", "skus.1.name": "M8 / 30", "skus.2.name": "", "attributes.material": "304",
}  # fmt: skip


@pytest.fixture
def bo() -> Actor:
    return actor("Bo", "Minggu")


@pytest.fixture
def ana() -> Actor:
    return actor("Ana", "Haichuan")


def send(who: Actor, path: str, **more: str):
    return signed(who).post(path, {"as": str(who.company.id), "key": new_id().hex, **more})


def on_sale(bo: Actor, **more: str) -> Listing:
    return Listing.objects.get(pk=send(bo, "/goods/new", **SAID | {"publish": "1"} | more)["Location"].rsplit("/", 1)[1])


def test_what_is_typed_stands_in_the_shop_and_comes_back_in_the_editor(bo, ana):
    row = on_sale(bo)
    assert [sku.options for sku in row.skus.all()] == [["M8", "25"], ["M8", "30"]]
    assert row.dimensions == ["直径", "长度"]
    for visitor in (Client(), signed(ana), signed(bo)):
        page = visitor.get(f"/g/{row.id}").content.decode()
        assert "304 外六角螺栓 DIN 933" in page
        assert "¥486.00" in page
        assert "DIN 933" in visitor.get(f"/co/{bo.company.handle}").content.decode()
        assert "DIN 933" in visitor.get(f"/co/{bo.company.handle}/goods").content.decode()
    editor = signed(bo).get(f"/goods/{row.id}/edit").content.decode()
    for typed in ('value="M8 / 30"', 'value="486"', 'value="180"', 'value="304"', "直径 / 长度"):
        assert typed in editor, typed


def test_saving_what_the_editor_shows_changes_nothing_but_what_was_changed(bo):
    row = on_sale(bo)
    first = row.skus.first()
    changed = SAID | {"skus.0.id": str(first.id), "skus.0.name": "M8 / 25", "title": "Renamed"}
    assert send(bo, f"/goods/{row.id}/edit", **changed).status_code == 302
    row.refresh_from_db()
    assert (row.title, row.state, row.skus.filter(gone_at=None).first().id) == ("Renamed", "published", first.id)


def test_bad_input_says_where_and_keeps_nothing(bo):
    answer = send(bo, "/goods/new", **SAID | {"tiers.1.price": "500"})
    assert answer.status_code == 422
    assert not Listing.objects.exists()


def test_a_draft_is_for_its_company_alone_and_off_sale_is_off(bo, ana):
    row = Listing.objects.get(pk=send(bo, "/goods/new", **SAID)["Location"].rsplit("/", 1)[1])
    assert row.state == "draft"
    assert signed(bo).get(f"/g/{row.id}").status_code == 200
    assert Client().get(f"/g/{row.id}").status_code == signed(ana).get(f"/g/{row.id}").status_code == 404
    send(bo, f"/goods/{row.id}/publish")
    assert Client().get(f"/g/{row.id}").status_code == 200
    send(bo, f"/goods/{row.id}/hide")
    assert Client().get(f"/g/{row.id}").status_code == 404


PRICE = re.compile(r"(?<![\w-])486(?![\w-])")  # not the 486 within an id


def test_hidden_prices_are_nowhere_on_the_page(bo, ana):
    row = on_sale(bo, prices_for="partners")
    for visitor in (Client(), signed(ana)):
        page = visitor.get(f"/g/{row.id}").content.decode()
        assert not PRICE.search(page)
        assert not PRICE.search(visitor.get(f"/co/{bo.company.handle}").content.decode())


def test_a_closed_door_shows_no_goods(bo, ana):
    on_sale(bo)
    Company.objects.filter(pk=bo.company.pk).update(door="name")
    assert Client().get(f"/co/{bo.company.handle}/goods").status_code == signed(ana).get(f"/co/{bo.company.handle}/goods").status_code == 404
    assert "DIN 933" not in Client().get(f"/co/{bo.company.handle}").content.decode()


def test_picked_sizes_begin_an_enquiry_to_their_supplier(bo, ana):
    row = on_sale(bo)
    first, second = row.skus.all()
    form = signed(ana).get(f"/rfqs/new?goods={row.id}&q.{first.id}=25&q.{second.id}=0").content.decode()
    assert 'value="304 外六角螺栓 DIN 933"' in form
    assert 'value="M8 25"' in form
    assert 'value="25"' in form
    assert "M8 30" not in form
    assert f'value="{bo.company.id}"' in form
    assert signed(ana).get(f"/rfqs/new?goods={new_id()}").status_code == 404


def test_a_picture_is_kept_and_shown_to_everybody_once_the_goods_are(bo):
    browser = signed(bo)
    file = SimpleUploadedFile("bolt.png", draw("bolt"), "image/png")
    kept = json.loads(browser.post("/goods/pictures", {"as": str(bo.company.id), "file": file}).content)["id"]
    assert Client().get(f"/files/{kept}").status_code == 404
    on_sale(bo, pictures=kept)
    assert Client().get(f"/files/{kept}").status_code == 200
    bad = SimpleUploadedFile("x.png", b"<svg onload=alert(1)>", "image/png")
    assert browser.post("/goods/pictures", {"as": str(bo.company.id), "file": bad}).status_code == 422


def test_buyers_find_no_editor(bo):
    row = on_sale(bo)
    Membership.objects.filter(person=bo.person).update(role="purchaser")
    for path in ("/goods", "/goods/new", f"/goods/{row.id}/edit"):
        assert signed(bo).get(path).status_code == 409
    assert send(bo, f"/goods/{row.id}/hide").status_code == 409


def test_a_long_shop_comes_in_pages(bo):
    rows = [on_sale(bo, number=f"A-{n}", title=f"Bolt {n}") for n in range(reads.PAGE + 2)]
    for n, row in enumerate(rows):
        Listing.objects.filter(pk=row.pk).update(changed_at=clock.now() + timedelta(seconds=n))
    page = Client().get(f"/co/{bo.company.handle}/goods").content.decode()
    assert f"Bolt {reads.PAGE + 1}" in page
    assert "Bolt 1<" not in page
    older = page.split("?after=")[1].split('"')[0]
    rest = Client().get(f"/co/{bo.company.handle}/goods?after={older}").content.decode()
    assert "Bolt 1<" in rest
    assert "Bolt 0<" in rest
    assert Client().get(f"/co/{bo.company.handle}/goods?after=nonsense").status_code == 200


@pytest.mark.parametrize("page", ["shop", "listing", "mine"])
def test_statements_do_not_grow_with_the_shop(bo, django_assert_max_num_queries, page):
    row = on_sale(bo)
    for n in range(20):
        on_sale(bo, number=f"B-{n}")
    address = {"shop": f"/co/{bo.company.handle}/goods", "listing": f"/g/{row.id}", "mine": "/goods"}[page]
    browser = signed(bo)
    browser.get(address)
    with django_assert_max_num_queries(12):
        assert browser.get(address).status_code == 200
