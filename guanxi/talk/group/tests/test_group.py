"""Groups: in by one's own yes, out at once, ranks, silence, calls by name."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from guanxi.base.errors import AlreadyDone, Invalid, Limited, NotFound, Refused
from guanxi.talk import group as bounds
from guanxi.talk import inbox, read
from guanxi.talk.group import acts, coming, reads
from guanxi.talk.group.table import Group, GroupInvitation
from guanxi.talk.open import direct_conversation
from guanxi.talk.position.acts import hear
from guanxi.talk.table import Conversation, Entry, Party, Position
from guanxi.talk.text.acts import say
from tests.make import NOON, Actor, actor, member, person, viewer

pytestmark = pytest.mark.django_db


def sees(one):
    return viewer(one.person, one.company, one.role)


def colleague(of, name):
    who = person(name)
    member(of.company, who, "sales")
    return Actor(who, of.company, "sales", of.conversation)


def made(*names):
    """Ana's group with these colleagues inside: [Ana, ...], each in the group's conversation."""
    ana = actor("Ana", "Haichuan")
    others = [colleague(ana, name) for name in names]
    talk = acts.create(ana.call(), name="Fasteners", people=[one.person.id for one in others] or [colleague(ana, "Nobody").person.id])["conversation"]
    inside = [replace(one, conversation=Conversation.objects.get(id=talk).id) for one in (ana, *others)]
    for one in inside[1:]:
        coming.accept(one.call())
    return inside


def state(talk):
    parties = Party.objects.of(talk).order_by("joined_at", "id").values_list("person_id", "group_role", "silenced", "left_at")
    return list(parties), list(GroupInvitation.objects.of(talk).values_list("person_id", "answer")), Group.objects.of(talk).values().get(), codes(talk)


def codes(talk):
    return list(Entry.objects.of(talk).order_by("seq").values_list("body__code", flat=True))


def refuses(code, act, call, **given):
    before = state(call.conversation)
    with pytest.raises(Refused) as no:
        act(call, **given)
    assert no.value.code == code
    assert state(call.conversation) == before


def test_a_new_group_holds_its_maker_and_asks_the_others():
    ana = actor("Ana", "Haichuan")
    wu = colleague(ana, "Wu")
    given = acts.create(ana.call("k-1", "x"), name="  Fasteners ", people=[wu.person.id])
    talk = Conversation.objects.get(kind="group").id
    assert given == {"conversation": str(talk), "invited": 1}
    parties, asked, group, said = state(talk)
    assert parties == [(ana.person.id, "owner", False, None)]
    assert asked == [(wu.person.id, "open")]
    assert (group["name"], group["open_history"], said) == ("Fasteners", False, ["group-made"])
    assert Entry.objects.of(talk).get().by_company is None
    with pytest.raises(AlreadyDone):
        acts.create(ana.call("k-1", "x"), name="Fasteners", people=[wu.person.id])
    assert Conversation.objects.filter(kind="group").count() == 1


@pytest.mark.parametrize("name", ["", "  ", "x" * 41, "a\nb", "\x00"])
def test_a_group_needs_a_name_of_one_line(name):
    ana = actor("Ana", "Haichuan")
    with pytest.raises(Invalid):
        acts.create(ana.call(), name=name, people=[colleague(ana, "Wu").person.id])
    assert Conversation.objects.count() == Group.objects.count() == 0


def test_only_people_one_knows_are_asked():
    ana, cy = actor("Ana", "Haichuan"), actor("Cy", "Elsewhere")
    with pytest.raises(Refused) as no:
        acts.create(ana.call(), name="Fasteners", people=[cy.person.id])
    assert no.value.code == "not-known"
    assert Conversation.objects.count() == 0
    direct_conversation(ana.person.id, cy.person.id, now=NOON)
    assert acts.create(ana.call(), name="Fasteners", people=[cy.person.id])["invited"] == 1


def test_nobody_is_in_before_his_own_yes():
    ana, wu = made("Wu")
    he = replace(colleague(ana, "He"), conversation=ana.conversation)
    coming.invite(ana.call(), people=[he.person.id, wu.person.id])
    for act in (lambda: say(he.call(), body={"text": "hi"}), lambda: read.reach(sees(he), ana.conversation), lambda: acts.rename(he.call(), name="Mine"),
                lambda: coming.invite(he.call(), people=[wu.person.id]), lambda: hear(he.call(), muted=True)):  # fmt: skip
        with pytest.raises(NotFound):
            act()
    assert [one.name for one in reads.invitations(he.person.id)] == ["Fasteners"]
    assert GroupInvitation.objects.of(ana.conversation).filter(answer="open").count() == 1


def test_who_comes_later_sees_only_what_comes_later():
    ana, wu = made("Wu")
    say(ana.call(), body={"text": "zephyr"})
    he = replace(colleague(ana, "He"), conversation=ana.conversation)
    coming.invite(wu.call(), people=[he.person.id])
    coming.accept(he.call())
    place = read.reach(sees(he), ana.conversation)
    assert [entry.body.get("code") for entry in read.entries(place)] == ["group-joined"]
    assert Conversation.objects.get(id=ana.conversation).audience == 2


def test_an_open_group_shows_newcomers_what_was_said():
    ana, wu = made("Wu")
    acts.open_history(ana.call(), on=True)
    say(ana.call(), body={"text": "zephyr"})
    he = replace(colleague(ana, "He"), conversation=ana.conversation)
    coming.invite(wu.call(), people=[he.person.id])
    coming.accept(he.call())
    assert "zephyr" in str([entry.body for entry in read.entries(read.reach(sees(he), ana.conversation))])


def test_a_no_an_answer_twice_and_a_withdrawn_invitation_open_nothing():
    ana, wu = made("Wu")
    he = replace(colleague(ana, "He"), conversation=ana.conversation)
    coming.invite(ana.call(), people=[he.person.id])
    coming.decline(he.call())
    for act in (coming.accept, coming.decline):
        with pytest.raises(NotFound):
            act(he.call())
    coming.invite(ana.call(), people=[he.person.id])
    coming.remove(ana.call(), person=he.person.id)
    with pytest.raises(NotFound):
        coming.accept(he.call())
    with pytest.raises(NotFound):
        coming.accept(wu.call())
    assert codes(ana.conversation) == ["group-made", "group-joined"]


def test_who_is_removed_reaches_nothing_and_comes_back_only_asked():
    ana, wu, he = made("Wu", "He")
    coming.remove(ana.call(), person=wu.person.id)
    with pytest.raises(NotFound):
        say(wu.call(), body={"text": "hi"})
    with pytest.raises(NotFound):
        read.reach(sees(wu), ana.conversation)
    assert inbox.newest(sees(wu))[0] == []
    say(ana.call(), body={"text": "between us"})
    coming.invite(he.call(), people=[wu.person.id])
    coming.accept(wu.call())
    assert "between us" not in str([entry.body for entry in read.entries(read.reach(sees(wu), ana.conversation))])


GRID = [
    (acts.rename, {"name": "Other"}, ("owner", "admin")), (acts.announce, {"announcement": "Fair on Friday"}, ("owner", "admin")),
    (acts.open_history, {"on": True}, ("owner",)), (acts.set_role, {"person": None, "role": "admin"}, ("owner",)),
    (acts.hand_over, {"person": None}, ("owner",)), (acts.silence, {"person": None, "on": True}, ("owner", "admin")),
    (coming.remove, {"person": None}, ("owner", "admin")),
]  # fmt: skip


@pytest.mark.parametrize("rank", ["owner", "admin", "member"])
@pytest.mark.parametrize(("act", "given", "allowed"), GRID, ids=[act.__name__ for act, _given, _allowed in GRID])
def test_what_each_rank_may_do(act, given, allowed, rank):
    ana, wu, he = made("Wu", "He")
    acts.set_role(ana.call(), person=wu.person.id, role="admin")
    who = {"owner": ana, "admin": wu, "member": colleague(ana, "Li")}[rank]
    if rank == "member":
        who = replace(who, conversation=ana.conversation)
        coming.invite(ana.call(), people=[who.person.id])
        coming.accept(who.call())
    given = {name: he.person.id if value is None else value for name, value in given.items()}
    if rank in allowed:
        act(who.call(), **given)
        assert codes(ana.conversation)[-1].startswith("group-")
    else:
        refuses("role", act, who.call(), **given)


def test_nobody_acts_on_his_equals_or_betters():
    ana, wu, he = made("Wu", "He")
    for one in (wu, he):
        acts.set_role(ana.call(), person=one.person.id, role="admin")
    for victim in (ana, he, wu):
        refuses("rank", coming.remove, wu.call(), person=victim.person.id)
        refuses("rank", acts.silence, wu.call(), person=victim.person.id, on=True)
    refuses("rank", acts.set_role, ana.call(), person=ana.person.id, role="member")
    with pytest.raises(Invalid):
        acts.set_role(ana.call(), person=wu.person.id, role="owner")


def test_the_owner_goes_only_after_handing_over():
    ana, wu = made("Wu")
    refuses("owner-stays", coming.leave, ana.call())
    acts.hand_over(ana.call(), person=wu.person.id)
    coming.leave(ana.call())
    assert [(one.name, one.role) for one in reads.everyone(ana.conversation)] == [("Wu", "owner")]
    coming.leave(wu.call())
    assert reads.everyone(ana.conversation) == []


def test_the_silenced_read_on_but_write_nothing():
    ana, wu = made("Wu")
    say(wu.call(), body={"text": "spam"})
    acts.silence(ana.call(), person=wu.person.id, on=True)
    refuses("silenced", say, wu.call(), body={"text": "more"})
    assert read.reach(sees(wu), ana.conversation).may_write is False
    acts.silence(ana.call(), person=wu.person.id, on=False)
    say(wu.call(), body={"text": "sorry"})


@translation.override("en")
def test_a_call_by_name_is_seen_even_when_muted():
    ana, wu = made("Wu")
    hear(wu.call(), muted=True)
    say(ana.call(), body={"text": "hello all"})
    assert (inbox.count_unread(sees(wu)), inbox.newest(sees(wu))[0][0].called) == (0, False)
    say(ana.call(), body={"text": "@Wu look", "at": [str(wu.person.id)]})
    row = inbox.newest(sees(wu))[0][0]
    assert (row.called, row.name, row.excerpt, inbox.count_unread(sees(wu))) == (True, "Fasteners", "Ana: @Wu look", 1)
    Position.objects.of(ana.conversation).filter(person_id=wu.person.id).update(read_seq=99)
    assert inbox.newest(sees(wu))[0][0].called is False


def test_only_people_inside_are_called_and_only_admins_call_everybody():
    ana, wu = made("Wu")
    cy = person("Cy")
    with pytest.raises(Invalid):
        say(ana.call(), body={"text": "@Cy", "at": [str(cy.id)]})
    refuses("role", say, wu.call(), body={"text": "@all", "at": ["all"]})
    say(ana.call(), body={"text": "@all", "at": ["all"]})
    assert inbox.newest(sees(wu))[0][0].called is True


def test_a_group_and_a_day_have_limits(monkeypatch):
    ana, _wu = made("Wu")
    monkeypatch.setattr(coming, "MOST", 3)
    more = [colleague(ana, f"P{n}").person.id for n in range(3)]
    refuses("group-full", coming.invite, ana.call(), people=more)
    monkeypatch.setattr(coming, "MOST", 500)
    monkeypatch.setattr(coming, "INVITED_A_DAY", 2)
    with pytest.raises(Limited):
        coming.invite(ana.call(), people=more)
    tomorrow = replace(ana.call(), now=ana.call().now + timedelta(days=2))
    assert coming.invite(tomorrow, people=more[:2])["invited"] == 2
    with pytest.raises(Invalid):
        coming.invite(ana.call(), people=[person().id for _ in range(bounds.MOST_AT_ONCE + 1)])


def test_the_announcement_stands_until_it_is_taken_away():
    ana, wu = made("Wu")
    acts.announce(ana.call(), announcement="Fair on Friday\nHall 3")
    place = read.reach(sees(wu), ana.conversation)
    assert (place.announcement, place.announced_by) == ("Fair on Friday\nHall 3", "Ana")
    acts.announce(ana.call(), announcement="  ")
    assert read.reach(sees(wu), ana.conversation).announcement == ""


def test_a_group_takes_as_many_statements_for_many_people_as_for_few():
    ana, *_others = made("Wu")
    counts = []
    for more in (1, 30):
        for n in range(more):
            Party.objects.create(conversation_id=ana.conversation, person_id=person(f"P{n}").id, active_at=NOON, joined_at=NOON)
        with CaptureQueriesContext(connection) as queries:
            reads.picture(ana.conversation, ana.person.id)
            inbox.newest(sees(ana))
            read.reach(sees(ana), ana.conversation)
        counts.append(len(queries))
    assert counts[0] == counts[1] == 6
    assert len(inbox.newest(sees(ana))[0]) == 1
