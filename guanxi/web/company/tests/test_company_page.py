"""A company's page, its door, its people."""

import re
from io import BytesIO
from uuid import uuid4

import pytest
from django.test import Client
from PIL import Image

from guanxi.base import clock
from guanxi.people.companies.reads import name_key
from guanxi.people.sender import memory
from guanxi.people.table import Company, Invitation, Membership, Person
from guanxi.talk.open import pair_conversation
from guanxi.talk.table import Conversation, Pair, Party, Upload
from tests.make import Actor, company, member, person
from tests.signed import signed

pytestmark = pytest.mark.django_db


def actor(name: str, of: Company, role: str = "owner") -> Actor:
    who = person(name)
    member(of, who, role)
    return Actor(who, of, role, uuid4())


@pytest.fixture
def minggu():
    return company("Minggu", name_key=name_key("Minggu"), handle="minggu", intro="304 bolts, M3 to M24", region="330400", sector="hardware")


@pytest.fixture
def bo(minggu):
    return actor("Bo", minggu)


@pytest.fixture
def ana():
    return actor("Ana", company("Haichuan"))


def walk_in(client: Client, address: str, **more: str):
    client.post("/signin/code", {"address": address})
    return client.post("/signin/enter", {"code": re.search(r"\d{6}", memory.SENT[-1].text)[0], **more})


@pytest.fixture(autouse=True)
def mailbox(settings):
    settings.SENDER = "memory"
    memory.SENT.clear()


def test_a_stranger_sees_what_the_owner_allows(client, minggu):
    assert b"304 bolts" in client.get("/co/minggu").content
    Company.objects.update(door="name")
    closed = client.get("/co/minggu").content
    assert b"304 bolts" not in closed
    assert b"Minggu" in closed


def test_behind_a_closed_door_those_who_talk_with_it_see_more(minggu, ana):
    Company.objects.filter(pk=minggu.pk).update(door="name")
    browser = signed(ana)
    assert b"304 bolts" not in browser.get("/co/minggu").content
    pair_conversation(ana.company.id, minggu.id, now=clock.now())
    assert b"304 bolts" in browser.get("/co/minggu").content


@pytest.mark.parametrize("handle", ["nobody", "MINGGU2", "a" * 300, "-"])
def test_a_handle_nobody_has_is_not_found(client, minggu, handle):
    assert client.get(f"/co/{handle}").status_code == 404


def test_a_visitor_stands_in_the_conversation_one_code_later(client, minggu, bo):
    asked = client.post("/co/minggu/message")
    assert asked["Location"] == "/signin?next=%2Fco%2Fminggu%2Ftalk"
    assert b'name="company"' not in client.get(asked["Location"]).content  # first the address
    client.post("/signin/code", {"address": "138 0577 2611", "next": "/co/minggu/talk"})
    assert b'name="company"' in client.get("/signin").content
    entered = client.post("/signin/enter", {"code": re.search(r"\d{6}", memory.SENT[-1].text)[0], "company": "温州海川"})
    assert entered["Location"] == "/co/minggu/talk"
    there = client.get(entered["Location"])["Location"]
    conversation = Conversation.objects.get()
    assert there == f"/c/{conversation.id}"
    parties = {party.company_id for party in Party.objects.filter(conversation=conversation)}
    made = Company.objects.get(name="温州海川")
    assert parties == {minggu.id, made.id}
    assert Membership.objects.get(company=made).role == "owner"


def test_without_a_name_the_visitors_company_is_called_like_him(client, minggu, bo):
    client.post("/co/minggu/message")
    client.post("/signin/code", {"address": "138 0577 2611", "next": "/co/minggu/talk"})
    client.post("/signin/enter", {"code": re.search(r"\d{6}", memory.SENT[-1].text)[0]})
    assert Company.objects.exclude(pk=minggu.pk).get().name == Person.objects.get(phone__isnull=False).name


def test_a_copied_link_to_the_door_opens_no_conversation(minggu, ana):
    assert signed(ana).get("/co/minggu/talk")["Location"] == "/co/minggu"
    assert not Pair.objects.exists()


def test_a_message_goes_to_the_one_conversation_of_the_two(minggu, ana):
    browser = signed(ana)
    first, again = (browser.post("/co/minggu/message", {"as": ana.company.id})["Location"] for _n in range(2))
    assert first == again == f"/c/{Conversation.objects.get().id}"
    assert Party.objects.get(company_id=ana.company.id).responsible_id == ana.person.id


def test_an_old_tab_of_another_company_is_refused(minggu, ana):
    second = company("Second")
    member(second, ana.person)
    browser = signed(ana)
    for said in ({"as": str(second.id)}, {"as": "nonsense"}, {}):
        assert browser.post("/co/minggu/message", said).status_code == 409
    assert not Pair.objects.exists()


def test_a_viewer_writes_to_nobody(minggu):
    reader = actor("Vi", company("Haichuan"), "viewer")
    assert signed(reader).post("/co/minggu/message", {"as": reader.company.id}).status_code == 409
    assert not Pair.objects.exists()


def test_one_does_not_write_to_oneself(minggu, bo):
    assert signed(bo).post("/co/minggu/message", {"as": minggu.id}).status_code == 409


def test_fourteen_statements_at_most_whatever_there_is(minggu, ana, bo, django_assert_max_num_queries):
    browser, own = signed(ana), signed(bo)
    for _n in range(30):
        member(minggu, person("Co"), "sales")
    pair_conversation(ana.company.id, minggu.id, now=clock.now())
    with django_assert_max_num_queries(14):
        browser.get("/co/minggu")
    with django_assert_max_num_queries(14):
        own.get("/co/minggu")
    with django_assert_max_num_queries(14):
        own.get("/co/minggu/people")


def test_the_qr_code_and_the_poster_name_our_own_address(client, minggu, settings):
    settings.PUBLIC_URL = "https://market.example"
    settings.ALLOWED_HOSTS = ["*"]
    assert client.get("/co/minggu/qr.svg")["Content-Type"] == "image/svg+xml"
    poster = client.get("/co/minggu/poster", headers={"host": "evil.example"}).content.decode()
    assert "https://market.example/co/minggu" in poster
    assert "evil.example" not in poster


def test_script_in_every_field_is_shown_as_text(client):
    bad = '<script>alert(1)</script>{{7*7}}"\''
    company(bad[:100], handle="bad", intro=bad, registration=bad[:40])
    shown = client.get("/co/bad").content.decode()
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in shown


def test_the_owner_edits_and_others_do_not(minggu, bo, ana):
    seller = actor("Se", minggu, "sales")
    change = {"name": "Minggu", "intro": "changed", "as": str(minggu.id)}
    assert signed(ana).post("/co/minggu/edit", change | {"as": str(ana.company.id)}).status_code == 404
    assert signed(seller).post("/co/minggu/edit", change).status_code == 409
    assert Client().post("/co/minggu/edit", change)["Location"].startswith("/signin")
    assert Company.objects.get(pk=minggu.pk).intro.startswith("304")
    assert signed(bo).post("/co/minggu/edit", change)["Location"] == "/co/minggu"
    assert Company.objects.get(pk=minggu.pk).intro == "changed"


def test_a_logo_is_a_picture_drawn_anew_and_public(minggu, bo):
    picture = BytesIO()
    Image.new("RGB", (300, 300), "teal").save(picture, "PNG")
    picture.seek(0)
    picture.name = "logo.png"
    browser = signed(bo)
    assert browser.post("/co/minggu/logo", {"file": picture, "as": str(minggu.id)}).status_code == 302
    upload = Upload.objects.get()
    assert Company.objects.get(pk=minggu.pk).logo_id == upload.id
    assert Client().get(f"/files/{upload.id}/thumb").status_code == 200
    fake = BytesIO(b"<svg onload=alert(1)>")
    fake.name = "logo.png"
    assert browser.post("/co/minggu/logo", {"file": fake, "as": str(minggu.id)}).status_code == 422
    assert browser.post("/co/minggu/logo", {"as": str(minggu.id)}).status_code == 422
    assert Company.objects.get(pk=minggu.pk).logo_id == upload.id


def test_inviting_and_joining_by_link(minggu, bo, client):
    shown = signed(bo).post("/co/minggu/invite", {"role": "sales", "as": str(minggu.id)}).content.decode()
    path = re.search(r"/i/[A-Za-z0-9_-]{43}", shown)[0]
    assert client.get(f"{path}/qr.svg").status_code == 200
    assert b"Minggu" in client.get(path).content
    client.post("/signin/code", {"address": "138 0577 2611", "next": path})
    entered = client.post("/signin/enter", {"code": re.search(r"\d{6}", memory.SENT[-1].text)[0]})
    assert entered["Location"] == path
    assert client.post(path, {"person_name": "Lin"})["Location"] == "/m"
    who = Person.objects.get(name="Lin")
    assert Membership.objects.get(person=who).role == "sales"
    assert client.get("/co/minggu/people").status_code == 200
    other = Client()
    walk_in(other, "138 0577 2612")
    assert other.post(path).status_code == 409
    assert Invitation.objects.get().used_by_id == who.id


def test_opening_an_invitation_changes_nothing(minggu, bo, client):
    shown = signed(bo).post("/co/minggu/invite", {"role": "sales", "as": str(minggu.id)}).content.decode()
    path = re.search(r"/i/[A-Za-z0-9_-]{43}", shown)[0]
    assert client.post(path)["Location"] == "/signin"
    assert client.get("/i/" + "x" * 43).status_code == 404
    assert Invitation.objects.get().used_at is None


def test_people_are_managed_on_the_page(minggu, bo):
    row = member(minggu, person("Se"), "sales")
    browser, here = signed(bo), f"/co/minggu/people/{row.id}"
    assert browser.get(here).status_code == 200
    assert browser.post(f"{here}/role", {"role": "finance", "title": "cash", "as": str(minggu.id)}).status_code == 302
    row.refresh_from_db()
    assert (row.role, row.title) == ("finance", "cash")
    assert browser.post(f"{here}/role", {"role": "owner", "as": str(minggu.id)}).status_code == 422
    assert browser.post(f"{here}/remove", {"as": str(minggu.id)}).status_code == 302
    row.refresh_from_db()
    assert row.ended_at is not None
    assert browser.get(here).status_code == 404


def test_no_page_of_the_people_opens_for_others(minggu, bo, ana):
    row = Membership.objects.get(company=minggu)
    reader = actor("Vi", minggu, "viewer")
    for path in ("/co/minggu/edit", "/co/minggu/people", f"/co/minggu/people/{row.id}"):
        assert signed(ana).get(path).status_code == 404
        assert Client().get(path)["Location"].startswith("/signin")
    for path in (f"people/{row.id}/role", f"people/{row.id}/remove", f"people/{row.id}/owner", "invite", f"invitations/{uuid4()}/withdraw", "logo"):
        assert signed(ana).post(f"/co/minggu/{path}", {"role": "admin", "as": str(ana.company.id)}).status_code == 404
        assert signed(reader).post(f"/co/minggu/{path}", {"role": "admin", "as": str(minggu.id)}).status_code == 409
    assert signed(reader).get(f"/co/minggu/people/{row.id}").status_code == 409
    assert Membership.objects.get(pk=row.pk).role == "owner"
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_speaks_both_languages(minggu, bo, language):
    browser = signed(bo)
    browser.cookies["django_language"] = language
    for path in ("", "/edit", "/people", "/poster", f"/people/{member(minggu, person('Se'), 'sales').id}"):
        shown = browser.get(f"/co/minggu{path}")
        assert shown.status_code == 200
        assert f'lang="{"zh-CN" if language == "zh-hans" else "en"}"' in shown.content.decode()
