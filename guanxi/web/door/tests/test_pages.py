"""The link of an enquiry: what a stranger sees, and how he comes to quote."""

import pytest
from django.test import Client

from guanxi.base.ids import new_id
from guanxi.deals.rfq.table import Invite, Rfq
from guanxi.talk.table import Party
from guanxi.web.deal.tests.test_pages import ask
from tests.make import actor, pair
from tests.signed import signed

pytestmark = pytest.mark.django_db


def open_door():
    two = pair()
    ask(two)
    return two, Rfq.objects.get()


def test_a_stranger_sees_the_goods_without_target_prices():
    _two, rfq = open_door()
    page = Client().get(f"/r/{rfq.door}", headers={"Accept-Language": "en"}).content.decode()
    assert "Bolt 0" in page
    assert "450" not in page
    assert Client().get("/r/nothing-here").status_code == 404


def test_a_closed_door_and_a_draft_look_like_nothing():
    _two, rfq = open_door()
    Rfq.objects.update(door_open=False)
    assert Client().get(f"/r/{rfq.door}").status_code == 404


def test_quoting_leads_a_stranger_through_sign_in():
    _two, rfq = open_door()
    answer = Client().post(f"/r/{rfq.door}/join")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/signin")
    assert Invite.objects.count() == 1


def test_another_supplier_joins_and_stands_at_his_quote():
    two, rfq = open_door()
    eve = actor("Eve", "Yongli")
    client = signed(eve)
    form = {"as": str(eve.company.id), "key": new_id().hex}
    answer = client.post(f"/r/{rfq.door}/join", form)
    mine = Invite.objects.get(supplier_id=eve.company.id)
    assert answer["Location"] == f"/c/{mine.conversation_id}/deals/{mine.id}/quote"
    assert set(Party.objects.filter(conversation_id=mine.conversation_id).values_list("company_id", flat=True)) == {eve.company.id, two.buyer.company.id}
    assert client.get(f"/r/{rfq.door}")["Location"] == f"/c/{mine.conversation_id}/deals/{mine.id}"
    assert signed(two.buyer).get(f"/r/{rfq.door}")["Location"] == f"/rfqs/{rfq.id}"


def test_a_link_alone_makes_nobody_join():
    _two, rfq = open_door()
    eve = actor("Eve", "Yongli")
    assert signed(eve).get(f"/r/{rfq.door}/quote")["Location"] == f"/r/{rfq.door}"
    assert Invite.objects.count() == 1


def test_back_from_signing_in_the_wish_is_done_once():
    two, rfq = open_door()
    eve = actor("Eve", "Yongli")
    client = Client()
    client.post(f"/r/{rfq.door}/join")  # a stranger's wish, kept in his own session
    assert client.session["door"] == f"/r/{rfq.door}/quote"
    client = signed(eve)
    session = client.session
    session["door"] = f"/r/{rfq.door}/quote"
    session.save()
    answer = client.get(f"/r/{rfq.door}/quote")
    mine = Invite.objects.get(supplier_id=eve.company.id)
    assert answer["Location"] == f"/c/{mine.conversation_id}/deals/{mine.id}/quote"
    assert "door" not in client.session
    assert Invite.objects.filter(buyer_id=two.buyer.company.id).count() == 2
