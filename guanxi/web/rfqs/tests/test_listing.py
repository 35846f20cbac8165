"""A list becomes an enquiry: pasted with script, from a file with a look at it, and all of it without script."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from guanxi.deals.rfq.table import Rfq
from guanxi.talk.table import Upload
from guanxi.web.rfqs.tests.test_pages import fields
from tests.make import actor, pair
from tests.signed import signed

pytestmark = pytest.mark.django_db
HTML = {"Accept": "text/html"}


def csv(text="品名,备注,数量,单位\n螺栓 M8,x,20,件\n螺母,y,若干,件\n"):
    return SimpleUploadedFile("list.csv", text.encode("gb18030"))


def test_pasted_lines_come_back_as_lines():
    ana = actor("Ana", "Haichuan")
    answer = signed(ana).post("/rfqs/lines", {"as": str(ana.company.id), "list": "Bolt M8 20 box\nnuts 5"})
    said = json.loads(answer.content)
    assert (said["title"], said["wrong"], said["lines"][0]["spec"]) == ("Bolt and more, 2 items", 1, "M8")
    assert not Rfq.objects.exists()


def test_a_file_is_looked_at_mapped_anew_and_taken_over_behind_what_was_typed():
    two = pair()
    client = signed(two.buyer)
    form = fields(two.buyer, two.supplier) | {"table": csv(), "list": ""}
    look = client.post("/rfqs/import", form)
    page = look.content.decode()
    rfq = Rfq.objects.get()
    assert (look.status_code, rfq.state, "若干" in page, "螺栓 M8" in page) == (200, "draft", True, True)
    again = {"as": str(two.buyer.company.id), "rfq": str(rfq.id), "file": str(Upload.objects.get().id),
             "columns.0.0": "name", "columns.0.1": "spec", "columns.0.2": "quantity", "columns.0.3": "unit"}  # fmt: skip
    assert 'value="spec" selected' in client.post("/rfqs/import", again | {"step": "look"}).content.decode()
    done = client.post("/rfqs/import", again | {"step": "good"})
    assert done["Location"] == f"/rfqs/{rfq.id}/edit"
    rfq.refresh_from_db()
    assert [(row["name"], row["quantity"]) for row in rfq.typed["lines"]] == [("Bolt", "20"), ("Nut", "1,000"), ("螺栓 M8", "20")]
    assert rfq.typed["lines"][2]["spec"] == "x"
    assert "csrfmiddlewaretoken" not in rfq.typed
    client.post("/rfqs/import", again | {"step": "all"})
    assert len(Rfq.objects.get().typed["lines"]) == 5
    assert "若干" in client.get(f"/rfqs/{rfq.id}/edit").content.decode()


def test_without_script_a_list_a_draft_and_sending_work():
    two = pair()
    client = signed(two.buyer)
    empty = {name: "" for name in fields(two.buyer) if name.startswith("lines.")}
    form = fields(two.buyer, two.supplier) | empty | {"list": "Bolt M8 20 box", "title": ""}
    assert client.post("/rfqs/import", form, headers=HTML).status_code == 200
    rfq = Rfq.objects.get()
    client.post("/rfqs/import", {"as": str(two.buyer.company.id), "rfq": str(rfq.id), "list": "Bolt M8 20 box", "step": "good"}, headers=HTML)
    page = client.get(f"/rfqs/{rfq.id}/edit").content.decode()
    assert 'value="M8"' in page
    assert 'type="submit" form="rfq"' in page
    kept = client.post("/rfqs/draft", form | {"rfq": str(rfq.id), "lines.0.name": "Bolt", "lines.0.quantity": "20", "lines.0.unit": "box"}, headers=HTML)
    assert kept["Location"] == f"/rfqs/{rfq.id}/edit"
    sent = client.post("/rfqs/send", form | {"rfq": str(rfq.id), "title": "Bolts", "lines.0.name": "Bolt", "lines.0.quantity": "20", "lines.0.unit": "box"})
    assert (sent["Location"], Rfq.objects.get().state) == (f"/rfqs/{rfq.id}", "open")


def test_nobody_else_adds_to_a_draft_and_no_flood_goes_in():
    two = pair()
    client = signed(two.buyer)
    client.post("/rfqs/import", fields(two.buyer, two.supplier) | {"list": "Bolt 20 box"})
    rfq = Rfq.objects.get()
    form = {"rfq": str(rfq.id), "list": "Bolt 20 box", "step": "good"}
    assert signed(two.supplier).post("/rfqs/import", form | {"as": str(two.supplier.company.id)}).status_code == 404
    sales = two.colleague(two.buyer, "sales")
    assert signed(sales).post("/rfqs/import", form | {"as": str(two.buyer.company.id)}).status_code == 409
    theirs = signed(two.supplier).post("/rfqs/import", {"as": str(two.supplier.company.id), "table": csv(), "title": ""})
    assert theirs.status_code == 200
    foreign = form | {"as": str(two.buyer.company.id), "file": str(Upload.objects.get(company_id=two.supplier.company.id).id)}
    assert client.post("/rfqs/import", foreign).status_code == 422
    flood = client.post("/rfqs/import", form | {"as": str(two.buyer.company.id), "list": "Bolt 20 box\n" * 1999 + "Nut 1 box"})
    assert flood.status_code == 422
    assert len(Rfq.objects.get(pk=rfq.pk).typed["lines"]) == 3
    assert client.post("/rfqs/import", form | {"as": str(two.buyer.company.id), "list": ""}).status_code == 422
