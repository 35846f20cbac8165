"""Writing an enquiry: what is typed is kept, what is wrong is said beside its field, and it goes out once."""

import json
from datetime import timedelta

import pytest

from guanxi.base import clock
from guanxi.base.ids import new_id
from guanxi.deals.rfq.table import Invite, Rfq
from guanxi.talk.table import Entry
from tests.make import actor, outsider, pair
from tests.signed import signed

pytestmark = pytest.mark.django_db


def fields(who, *suppliers, **more):
    """A filled form of two lines."""
    day = (clock.today() + timedelta(days=3)).isoformat()
    lines = {"lines.0.name": "Bolt", "lines.0.quantity": "20", "lines.0.unit": "box", "lines.0.target_price": "450", "lines.1.name": "Nut",
             "lines.1.quantity": "1,000", "lines.1.unit": "pcs", "lines.2.name": "", "lines.2.quantity": ""}  # fmt: skip
    return lines | {"title": "Fasteners", "deadline": day, "tax_in": "in", "receivers": [str(one.company.id) for one in suppliers],
                    "as": str(who.company.id), "key": new_id().hex, **more}  # fmt: skip


def test_a_form_sent_twice_goes_out_once():
    two = pair()
    client, form = signed(two.buyer), fields(two.buyer, two.supplier)
    first, again = client.post("/rfqs/send", form), client.post("/rfqs/send", form)
    rfq = Rfq.objects.get()
    assert (first.status_code, first["Location"]) == (302, f"/rfqs/{rfq.id}")
    assert again["Location"] == first["Location"]
    assert [(line.n, line.name, str(line.quantity)) for line in rfq.lines.order_by("n")] == [(1, "Bolt", "20.0000"), (2, "Nut", "1000.0000")]
    assert Invite.objects.count() == 1
    assert Entry.objects.of(two.conversation).filter(kind="rfq.sent").count() == 1


def test_what_is_wrong_is_said_by_field_and_nothing_is_sent():
    two = pair()
    form = fields(two.buyer, two.supplier, **{"title": "", "lines.1.quantity": "many"})
    answer = signed(two.buyer).post("/rfqs/send", form, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert set(json.loads(answer["HX-Trigger"])["guanxi:invalid"]["fields"]) == {"title", "lines.1.quantity"}
    assert not Rfq.objects.exists()


def test_a_draft_is_kept_as_it_was_typed_and_comes_back():
    two = pair()
    client = signed(two.buyer)
    typed = fields(two.buyer, **{"title": "Half", "lines.0.quantity": "about 20", "deadline": ""})
    kept = client.post("/rfqs/draft", typed)
    rfq = json.loads(kept.content)["rfq"]
    page = client.get(f"/rfqs/{rfq}/edit").content.decode()
    assert 'value="about 20"' in page
    again = client.post("/rfqs/draft", typed | {"rfq": rfq, "title": "Half done", "key": typed["key"]})
    assert json.loads(again.content)["rfq"] == rfq
    assert Rfq.objects.get().title == "Half done"
    assert client.get(f"/rfqs/{rfq}")["Location"] == f"/rfqs/{rfq}/edit"


def test_an_old_tab_of_another_company_is_refused_with_the_reason():
    two = pair()
    form = fields(two.buyer, two.supplier, **{"as": str(two.supplier.company.id)})
    answer = signed(two.buyer).post("/rfqs/send", form, headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert not Rfq.objects.exists()


def test_only_its_company_sees_an_enquiry_and_only_buyers_write_one():
    two = pair()
    signed(two.buyer).post("/rfqs/send", fields(two.buyer, two.supplier))
    rfq = Rfq.objects.get()
    for who in (two.supplier, outsider(two.conversation)):
        client = signed(who)
        for page in ("", "/edit", "/compare", "/qr.svg"):
            assert client.get(f"/rfqs/{rfq.id}{page}").status_code == 404
        for act in ("close", "cancel", "invite"):
            form = {"as": str(who.company.id), "key": new_id().hex, "supplier": str(two.supplier.company.id)}
            assert client.post(f"/rfqs/{rfq.id}/{act}", form).status_code == 404
    seller = two.colleague(two.buyer, "sales")
    assert signed(seller).get("/rfqs/new").status_code == 409
    rfq.refresh_from_db()
    assert rfq.state == "open"


def test_a_company_is_found_by_its_exact_name_only():
    two = pair()
    other = actor("Eve", "Yongli Standard Parts")
    client = signed(two.buyer)
    assert str(other.company.id) in client.get("/rfqs/companies?q=yongli standard parts").content.decode()
    assert str(other.company.id) not in client.get("/rfqs/companies?q=Yongli").content.decode()
    assert str(two.buyer.company.id) not in client.get(f"/rfqs/companies?q={two.buyer.company.name}").content.decode()


@pytest.mark.parametrize("number", [5, 50])
def test_the_lists_ask_as_often_whatever_their_length(number, django_assert_max_num_queries):
    two = pair()
    client = signed(two.buyer)
    for _ in range(number):
        client.post("/rfqs/send", fields(two.buyer, two.supplier))
    for who, page in ((two.buyer, "/rfqs?side=sent"), (two.supplier, "/rfqs?side=received")):
        looking = signed(who)
        with django_assert_max_num_queries(8):
            assert looking.get(page).content.decode().count('class="row is-top') == min(number, 50)


def test_an_enquiry_of_seven_hundred_lines_goes_out_and_is_quoted():
    two = pair()
    many = {f"lines.{n}.{field}": value for n in range(700) for field, value in (("name", f"Part {n}"), ("quantity", "3"), ("unit", "pcs"))}
    day = (clock.today() + timedelta(days=3)).isoformat()
    form = {"title": "All parts", "deadline": day, "receivers": str(two.supplier.company.id), "as": str(two.buyer.company.id), "key": new_id().hex, **many}
    assert signed(two.buyer).post("/rfqs/send", form).status_code == 302
    deal = Invite.objects.get()
    seller = signed(two.supplier)
    editor = seller.get(f"/c/{two.conversation}/deals/{deal.id}/quote").content.decode()
    assert editor.count("data-line ") == 700
    prices = {f"lines.{n}.{field}": value for n in range(700) for field, value in (("n", str(n + 1)), ("price", "0.1011"))}
    quote = {"deal_id": str(deal.id), "as": str(two.supplier.company.id), "key": new_id().hex, "lead_days": "3", "valid_until": day, "stages.0.percent": "100"}
    assert seller.post(f"/c/{two.conversation}/quote/send", quote | prices).status_code == 302
    assert Entry.objects.of(two.conversation).filter(kind="quote.sent").count() == 1
