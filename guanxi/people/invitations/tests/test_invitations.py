"""A link lets one person in, once, in a role its maker may give."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from guanxi.base import clock
from guanxi.base.errors import Invalid, NotFound, Refused
from guanxi.people.invitations import acts
from guanxi.people.memberships import acts as memberships
from guanxi.people.table import Invitation, Membership
from guanxi.talk.call import by_viewer
from tests.make import company, member, person, viewer


def call(who, of, role):
    return by_viewer(viewer(who, of, role))


@pytest.fixture
def firm(db):
    of, owner = company("Minggu"), person("Bo")
    member(of, owner, "owner")
    return of, owner


def role_of(of, who):
    return Membership.objects.filter(company=of, person=who, ended_at=None).values_list("role", flat=True).first()


def test_one_person_joins_and_the_link_is_used_up(firm):
    of, owner = firm
    made = acts.invite(call(owner, of, "owner"), role="sales")
    first, second = person("Di"), person("Ed")
    assert acts.accept(first.id, token=made.token, now=clock.now()) == of.id
    assert role_of(of, first) == "sales"
    with pytest.raises(Refused):
        acts.accept(second.id, token=made.token, now=clock.now())
    assert role_of(of, second) is None


def test_only_the_hash_of_the_token_is_kept(firm):
    of, owner = firm
    made = acts.invite(call(owner, of, "owner"), role="sales")
    row = Invitation.objects.get(pk=made.id)
    assert made.token not in (row.digest, str(row.id))
    assert len(made.token) >= 43


def test_it_ends_after_seven_days_and_when_withdrawn(firm):
    of, owner = firm
    made = acts.invite(call(owner, of, "owner"), role="sales")
    who = person("Di")
    with pytest.raises(Refused):
        acts.accept(who.id, token=made.token, now=clock.now() + timedelta(days=7, seconds=1))
    acts.withdraw(call(owner, of, "owner"), invitation=made.id)
    with pytest.raises(Refused):
        acts.accept(who.id, token=made.token, now=clock.now())
    assert role_of(of, who) is None


@pytest.mark.parametrize("token", ["", "x", "a" * 5000, "\x00", "'; --", "\ud800"])
def test_tokens_nobody_made_are_not_found(firm, token):
    with pytest.raises(NotFound):
        acts.accept(person("Di").id, token=token, now=clock.now())


def test_no_role_above_ones_own_and_never_ownership(firm):
    of, owner = firm
    seller = person("Se")
    member(of, seller, "sales")
    with pytest.raises(Refused):
        acts.invite(call(seller, of, "sales"), role="viewer")
    for role in ("owner", "", None, "root"):
        with pytest.raises(Invalid):
            acts.invite(call(owner, of, "owner"), role=role)
    assert not Invitation.objects.exists()


def test_the_links_of_a_removed_or_lowered_admin_open_nothing(firm):
    of, owner = firm
    admin = person("Ad")
    row = member(of, admin, "admin")
    made = acts.invite(call(admin, of, "admin"), role="admin")
    memberships.set_role(call(owner, of, "owner"), membership=row.id, role="sales")
    with pytest.raises(Refused):
        acts.accept(person("Di").id, token=made.token, now=clock.now())
    memberships.remove(call(owner, of, "owner"), membership=row.id)
    with pytest.raises(Refused):
        acts.accept(admin.id, token=made.token, now=clock.now())


def test_a_member_neither_uses_it_up_nor_changes_his_role(firm):
    of, owner = firm
    made = acts.invite(call(owner, of, "owner"), role="admin")
    seller = person("Se")
    member(of, seller, "sales")
    acts.accept(seller.id, token=made.token, now=clock.now())
    assert role_of(of, seller) == "sales"
    assert Invitation.objects.get().used_at is None


def test_withdrawing_another_companys_invitation_finds_nothing(firm):
    of, owner = firm
    made = acts.invite(call(owner, of, "owner"), role="sales")
    elsewhere, cy = company("Elsewhere"), person("Cy")
    member(elsewhere, cy)
    with pytest.raises(NotFound):
        acts.withdraw(call(cy, elsewhere, "owner"), invitation=made.id)
    assert Invitation.objects.get().withdrawn_at is None


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_joins():
    of, owner = company("Minggu"), person("Bo")
    member(of, owner, "owner")
    made = acts.invite(call(owner, of, "owner"), role="sales")
    people = [person(f"P{n}") for n in range(12)]
    answers = []

    def run(who):
        try:
            acts.accept(who.id, token=made.token, now=clock.now())
            answers.append("in")
        except Refused:
            answers.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[who]) for who in people]
    [one.start() for one in threads]
    [one.join(30) for one in threads]
    assert sorted(answers) == ["in"] + ["refused"] * 11
    assert Membership.objects.filter(company=of, role="sales").count() == 1
