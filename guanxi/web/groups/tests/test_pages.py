"""The pages of groups: making one, answering, looking after it, and nothing for those outside."""

from dataclasses import replace

import pytest

from guanxi.base import clock
from guanxi.talk.group import acts, coming
from guanxi.talk.group.table import Group, GroupInvitation
from guanxi.talk.open import direct_conversation
from guanxi.talk.table import Entry, Party
from guanxi.talk.text.acts import say
from tests.api.caller import caller
from tests.make import Actor, actor, member, person
from tests.signed import signed

pytestmark = pytest.mark.django_db


def colleague(of, name):
    who = person(name)
    member(of.company, who, "sales")
    return Actor(who, of.company, "sales", of.conversation)


@pytest.fixture
def ana():
    return actor("Ana", "Haichuan")


@pytest.fixture
def wu(ana):
    return colleague(ana, "Wu")


def group(ana, wu, *, joined=True):
    acts.create(ana.call(), name="Fasteners", people=[wu.person.id])
    talk = Group.objects.get().conversation_id
    if joined:
        coming.accept(replace(wu, conversation=talk).call())
    return talk


def own(one, **more):
    return {"as": str(one.company.id), **more}


def test_a_group_is_made_on_its_page_and_opens(ana, wu):
    client = signed(ana)
    assert "Wu" in client.get("/groups/new").content.decode()
    answer = client.post("/groups/new", own(ana, name="Fasteners", people=str(wu.person.id), key="k-12345678"))
    talk = Group.objects.get().conversation_id
    assert answer["Location"] == f"/c/{talk}"
    page = client.get(f"/c/{talk}").content.decode()
    assert "Ana made the group “Fasteners”" in page
    assert "1 person" in page


def test_the_invited_answers_and_only_then_reads(ana, wu):
    talk = group(ana, wu, joined=False)
    client = signed(wu)
    assert client.get(f"/c/{talk}").status_code == 404
    assert "Ana invites you" in client.get("/groups").content.decode()
    assert 'class="badge">1' in client.get("/m").content.decode()
    answer = client.post(f"/groups/{talk}/answer", own(wu, answer="yes"))
    assert answer["Location"] == f"/c/{talk}"
    page = client.get(f"/c/{talk}").content.decode()
    assert "Wu came in" in page
    assert "made the group" not in page.split('id="stream"')[1]


def test_a_no_leaves_everything_as_it_was(ana, wu):
    talk = group(ana, wu, joined=False)
    assert signed(wu).post(f"/groups/{talk}/answer", own(wu, answer="no"))["Location"] == "/groups"
    assert GroupInvitation.objects.get().answer == "no"
    assert Party.objects.of(talk).count() == 1
    assert Entry.objects.of(talk).count() == 1


def test_names_stand_above_the_words_of_others(ana, wu):
    talk = group(ana, wu)
    say(replace(wu, conversation=talk).call(), body={"text": "hello"})
    assert '<span class="entry-name">Wu</span>' in signed(ana).get(f"/c/{talk}").content.decode()


def test_everything_about_a_group_is_on_its_pages(ana, wu):
    talk = group(ana, wu)
    client = signed(ana)
    client.post(f"/c/{talk}/group/announce", own(ana, announcement="Fair on Friday"))
    client.post(f"/c/{talk}/group/rename", own(ana, name="Bolts"))
    client.post(f"/c/{talk}/group/silence", own(ana, person=str(wu.person.id), on="1"))
    page = client.get(f"/c/{talk}").content.decode()
    assert "Fair on Friday" in page
    assert "Bolts" in page
    about = client.get(f"/c/{talk}/about").content.decode()
    assert "may only read" in about
    for tail in ("/invite", "/settings", "/people", f"/people/{wu.person.id}"):
        assert client.get(f"/c/{talk}{tail}").status_code == 200
    assert "You may only read in this group for now." in signed(wu).get(f"/c/{talk}").content.decode()
    assert signed(wu).get(f"/c/{talk}/settings").status_code == 404
    client.post(f"/c/{talk}/group/remove", own(ana, person=str(wu.person.id)))
    assert signed(wu).get(f"/c/{talk}").status_code == 404


def test_group_pages_are_for_groups_in_reach_only(ana, wu):
    talk = group(ana, wu)
    cy = actor("Cy", "Elsewhere")
    for tail in ("", "/about", "/invite", "/settings", "/people", f"/people/{wu.person.id}"):
        assert signed(cy).get(f"/c/{talk}{tail}").status_code == 404
    assert signed(cy).post(f"/groups/{talk}/answer", own(cy, answer="yes")).status_code == 404
    assert Party.objects.of(talk).filter(left_at=None).count() == 2


def test_names_in_groups_are_shown_not_run(ana, wu):
    talk = group(ana, wu)
    acts.rename(replace(ana, conversation=talk).call(), name="<script>alert(1)</script>")
    acts.announce(replace(ana, conversation=talk).call(), announcement="<img src=x onerror=alert(1)>")
    for address in ("/m", f"/c/{talk}", f"/c/{talk}/about", "/groups", f"/c/{talk}/settings"):
        page = signed(ana).get(address).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_a_persons_token_reaches_groups_and_a_companys_does_not(ana, wu):
    mine, his, firm = caller(ana, company=False), caller(wu, company=False), caller(ana)
    talk = group(ana, wu)
    listed = mine.get("/conversations")["items"]
    assert [(one["kind"], one["name"], one["parties"]) for one in listed] == [("group", "Fasteners", [])]
    assert [one["name"] for one in mine.get(f"/groups/{talk}")["people"]] == ["Ana", "Wu"]
    assert mine.post(f"/groups/{talk}/people/{wu.person.id}", {"role": "admin"})["seq"] == 3
    assert his.post(f"/groups/{talk}", {"announcement": "Fair on Friday"})["seq"] == 4
    assert his.post(f"/conversations/{talk}/entries", {"text": "@Ana", "at": [str(ana.person.id)]})["seq"] == 5
    assert mine.post(f"/groups/{talk}/people/{wu.person.id}/remove")["seq"] == 6
    assert his.send("GET", f"/groups/{talk}").status_code == 404
    assert firm.send("GET", f"/groups/{talk}").status_code == 404
    assert firm.send("POST", "/groups", {"name": "x", "people": [str(wu.person.id)]}).status_code == 409
    direct_conversation(ana.person.id, wu.person.id, now=clock.now())
    assert mine.post(f"/groups/{talk}/invite", {"people": [str(wu.person.id)]})["invited"] == 1
    assert [one["name"] for one in his.get("/groups/invitations")["items"]] == ["Fasteners"]
    assert his.post(f"/groups/{talk}/answer", {"join": True})["seq"] == 7
    assert his.post(f"/groups/{talk}/leave")["seq"] == 8
