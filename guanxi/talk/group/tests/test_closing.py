"""Whoever closes his account, or is erased, is out of his groups at once; the groups go on."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.base.errors import NotFound, Refused
from guanxi.people.account import acts as account
from guanxi.people.table import Membership, Person
from guanxi.talk.group import acts, coming
from guanxi.talk.group.table import GroupInvitation
from guanxi.talk.group.tests.test_group import codes, made
from guanxi.talk.table import Conversation, Party
from guanxi.talk.text.acts import say
from tests.make import NOON

pytestmark = pytest.mark.django_db


def living(talk):
    return dict(Party.objects.filter(conversation_id=talk, left_at=None).values_list("person_id", "group_role"))


def close(one):
    """His company goes first: an owner with colleagues does not close."""
    account.close(one.person.id, now=NOON)


def test_a_member_who_closes_his_account_has_left():
    ana, bea, cho = made("Bea", "Cho")
    talk, before = ana.conversation, Conversation.objects.get(id=ana.conversation).audience
    close(bea)
    assert living(talk) == {ana.person.id: "owner", cho.person.id: "member"}
    assert codes(talk)[-1] == "group-left"
    assert Conversation.objects.get(id=talk).audience == before + 1
    with pytest.raises(NotFound):
        say(bea.call(), body={"text": "still here"})


def test_an_owner_who_closes_leaves_the_group_to_the_first_admin_or_whoever_came_first():
    ana, bea, cho = made("Bea", "Cho")
    acts.set_role(ana.call(), person=cho.person.id, role="admin")
    Membership.objects.filter(person=ana.person).update(role="sales")
    close(ana)
    assert living(ana.conversation) == {bea.person.id: "member", cho.person.id: "owner"}
    assert codes(ana.conversation)[-2:] == ["group-owner", "group-left"]
    close(cho)
    assert living(ana.conversation) == {bea.person.id: "owner"}
    close(bea)
    assert living(ana.conversation) == {}


def test_invitations_to_him_and_by_him_are_withdrawn():
    ana, bea = made("Bea")
    other = acts.create(ana.call(), name="Open", people=[bea.person.id])["conversation"]
    close(bea)
    assert set(GroupInvitation.objects.filter(conversation_id=other).values_list("answer", flat=True)) == {"withdrawn"}
    eve, dee = made("Dee")
    asked = acts.create(dee.call(), name="Mine", people=[eve.person.id])["conversation"]
    close(dee)
    assert GroupInvitation.objects.get(conversation_id=asked).answer == "withdrawn"


def test_who_may_not_close_stays_in_his_groups():
    ana, _bea = made("Bea")
    before = living(ana.conversation), codes(ana.conversation)
    with pytest.raises(Refused):
        close(ana)
    assert (living(ana.conversation), codes(ana.conversation)) == before
    assert Person.objects.get(id=ana.person.id).closed_at is None


def statements(groups):
    ana, bea = made("Bea")
    for n in range(groups - 1):
        coming.accept(bea.call().at(Conversation.objects.get(id=acts.create(ana.call(), name=f"G{n}", people=[bea.person.id])["conversation"]).id))
    with CaptureQueriesContext(connection) as seen:
        close(bea)
    return len(seen)


def test_many_groups_cost_as_many_statements_as_one():
    assert statements(12) == statements(1)
