"""From a spreadsheet to the shop by the pages: look, correct, take."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from guanxi.catalog.listing.table import Listing
from tests.make import Actor, actor
from tests.signed import signed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("categories")]
LIST = "货号,品名,材质,单位,起订量,单价(元),库存\nA-1,外六角螺栓 M8×30,304,千件,5,486,180\nA-2,螺母,304,千件,5,四十,\n"


@pytest.fixture
def bo() -> Actor:
    return actor("Bo", "Minggu")


def send(who: Actor, **more: object):
    return signed(who).post("/goods/import", {"as": str(who.company.id), **more})


def test_a_look_writes_nothing_and_says_what_was_not_taken(bo):
    page = send(bo, list=LIST, step="look").content.decode()
    assert "外六角螺栓 M8×30" in page
    assert "this is not one price" in page
    assert not Listing.objects.exists()


def test_a_file_in_another_encoding_is_looked_at_then_put_on_sale(bo):
    file = SimpleUploadedFile("list.csv", LIST.encode("gb18030"), "text/csv")
    page = send(bo, table=file, step="look").content.decode()
    kept = page.split('name="file" value="')[1].split('"')[0]
    assert send(bo, file=kept, step="publish")["Location"] == "/goods?new=1&changed=0"
    assert Listing.objects.get().state == "published"
    assert "Imported: 1 new, 0 changed." in signed(bo).get("/goods?new=1&changed=0").content.decode()
    assert send(bo, file=kept, step="take")["Location"] == "/goods?new=0&changed=0"


def test_a_column_can_be_read_otherwise(bo):
    page = send(bo, list=LIST, step="look").content.decode()
    assert 'name="columns.0.2"' in page
    send(bo, list=LIST, step="take", **{"columns.0.2": "unread"})
    assert Listing.objects.get().attributes == {}


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 broken", b"\x00\x01\x02", "只有一句话".encode()])
def test_what_cannot_be_read_says_so(bo, data):
    answer = send(bo, table=SimpleUploadedFile("list.xlsx", data), step="look")
    assert answer.status_code == 422
    assert not Listing.objects.exists()


def test_a_file_of_another_company_is_not_there(bo):
    page = send(actor("Eve", "Elsewhere"), table=SimpleUploadedFile("list.csv", LIST.encode()), step="look").content.decode()
    kept = page.split('name="file" value="')[1].split('"')[0]
    assert send(bo, file=kept, step="take").status_code == 422
    assert not Listing.objects.exists()
