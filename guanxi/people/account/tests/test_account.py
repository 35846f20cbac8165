"""One's own account: password and closing."""

from uuid import uuid4

import pytest

from guanxi.base import clock
from guanxi.base.errors import Invalid, NotFound, Refused
from guanxi.people import tokens
from guanxi.people.account import acts
from guanxi.people.signin.acts import enter, send_code
from guanxi.people.table import Device, Membership, Person
from guanxi.talk.open import pair_conversation
from guanxi.talk.table import Party
from tests.make import company, device, member, person

pytestmark = pytest.mark.django_db
GOOD = "stainless bolts 304"


def test_a_new_password_ends_other_devices_and_tokens():
    who = person()
    here, there = device(who), device(who)
    plain = tokens.issue(who.id, None, label="", scopes=["read"], days=7, now=clock.now())
    acts.set_password(who.id, old="", new=GOOD, device=here.id, now=clock.now())
    assert Device.objects.get(pk=here.pk).ended_at is None
    assert Device.objects.get(pk=there.pk).ended_at is not None
    assert tokens.find(plain, now=clock.now()) is None
    assert Person.objects.get().password.startswith("scrypt$")


def test_changing_it_asks_for_the_old_one():
    who = person()
    acts.set_password(who.id, old="", new=GOOD, device=None, now=clock.now())
    before = Person.objects.get().password
    for old in ("", "wrong", None, ["x"], "x" * 100_000):
        with pytest.raises(Invalid):
            acts.set_password(who.id, old=old, new="another good one 316", device=None, now=clock.now())
    assert Person.objects.get().password == before


@pytest.mark.parametrize("new", ["", "short", "password123", "1234567890", "x" * 300, None, 7, "a\x00" * 10])
def test_weak_and_odd_passwords_are_told(new):
    who = person()
    with pytest.raises(Invalid) as told:
        acts.set_password(who.id, old="", new=new, device=None, now=clock.now())
    assert set(told.value.fields) == {"new"}
    assert Person.objects.get().password == ""


@pytest.mark.parametrize(("act", "bad"), [(acts.set_language, "fr"), (acts.set_language, None), (acts.set_theme, "blue")])
def test_only_what_we_know(act, bad):
    who = person()
    with pytest.raises(Invalid):
        act(who.id, **{"language" if act is acts.set_language else "theme": bad})


def test_closing_leaves_no_way_to_reach_the_person():
    boss, who = person("Bo"), person("Ana", phone="+8613805772611")
    of = company()
    member(of, boss)
    member(of, who, "sales")
    talk = pair_conversation(of.id, company("Other").id, now=clock.now(), responsible=who.id)
    living = device(who)
    acts.close(who.id, now=clock.now())
    row = Person.objects.get(pk=who.pk)
    assert (row.name, row.phone, row.email, row.is_active) == ("", None, None, False)
    assert Device.objects.get(pk=living.pk).ended_at is not None
    assert not Membership.objects.filter(person=who, ended_at=None).exists()
    assert Party.objects.get(conversation_id=talk, company_id=of.id).responsible_id == boss.id
    with pytest.raises(NotFound):
        acts.close(who.id, now=clock.now())


def test_the_number_of_a_closed_account_makes_a_new_one(settings):
    settings.SENDER = "memory"
    who = person("Ana", phone="+8613805772611")
    acts.close(who.id, now=clock.now())
    code = send_code("138 0577 2611", ip="1.1.1.1", now=clock.now()).code
    entered = enter("138 0577 2611", code, ip="1.1.1.1", now=clock.now())
    assert entered.made
    assert entered.person != who.id


def test_the_owner_of_others_work_hands_over_first():
    boss, who = person("Bo"), person("Ana")
    of = company()
    member(of, boss)
    member(of, who, "sales")
    with pytest.raises(Refused):
        acts.close(boss.id, now=clock.now())
    assert Person.objects.get(pk=boss.pk).email is not None
    assert Membership.objects.filter(ended_at=None).count() == 2


def test_closing_somebody_who_is_not_there_finds_nothing():
    with pytest.raises(NotFound):
        acts.close(uuid4(), now=clock.now())
