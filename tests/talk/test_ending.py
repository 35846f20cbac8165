"""A changed password, role or membership, a suspension: sockets end within five seconds, heard of or not (quality.md A50)."""

from dataclasses import replace

import pytest

from guanxi.base import clock
from guanxi.people.account.acts import set_password
from guanxi.people.memberships import acts as memberships
from guanxi.people.operators.acts import appoint
from guanxi.people.standing.acts import Subject, measure
from guanxi.people.table import Company, Membership, Person
from tests import make
from tests.faults.processes import Gateway
from tests.talk.client import FIVE_SECONDS, Client, bearer, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_another_role_ends_the_token_and_makes_the_browser_come_again(gateway: Gateway) -> None:
    boss = make.actor("Ana", "Haichuan")
    sal = make.person("Sal")
    row = make.member(boss.company, sal, "sales")
    _, cookie = signed_in(sal)
    with Client(gateway.address, cookie) as browser, Client(gateway.address, bearer(sal, boss.company)) as program:
        call = replace(boss.call(), conversation=None)
        memberships.set_role(call, membership=row.id, role="viewer")
        assert browser.closed_with(within=FIVE_SECONDS) == 1012
        assert program.closed_with(within=FIVE_SECONDS) in (1012, 4401)
    with Client(gateway.address, cookie) as again:
        again.say("ping")
        assert again.hear("pong")


def test_a_role_that_changed_unheard_is_found(gateway: Gateway) -> None:
    ana = make.actor("Ana", "Haichuan")
    _, cookie = signed_in(ana.person)
    with Client(gateway.address, cookie) as browser:
        Membership.objects.filter(person=ana.person).update(role="viewer")
        Company.objects.filter(pk=ana.company.pk).update(people_version=7)
        assert browser.closed_with(within=2 * FIVE_SECONDS) == 1012


def test_another_password_ends_every_other_device_and_token(gateway: Gateway) -> None:
    ana = make.actor("Ana", "Haichuan")
    here, cookie = signed_in(ana.person)
    _, other = signed_in(ana.person)
    with Client(gateway.address, cookie) as stays, Client(gateway.address, other) as goes, Client(gateway.address, bearer(ana.person, ana.company)) as program:
        set_password(ana.person.id, old="", new="stainless bolts 304", device=here.id, now=clock.now())
        assert goes.closed_with(within=FIVE_SECONDS) == 4401
        assert program.closed_with(within=FIVE_SECONDS) == 4401
        stays.say("ping")
        assert stays.hear("pong")


def test_a_suspended_person_is_cut_off_and_a_suspended_company_comes_again_to_read(gateway: Gateway) -> None:
    kim, ana, bo = make.person("Kim"), make.actor("Ana", "Haichuan"), make.actor("Bo", "Minggu")
    appoint(kim.id, now=clock.now())
    _, hers = signed_in(ana.person)
    _, his = signed_in(bo.person)
    with Client(gateway.address, hers) as one, Client(gateway.address, his) as two:
        measure(kim.id, Subject(person=ana.person.id), kind="suspend", reason="Fake goods", days=None, now=clock.now())
        measure(kim.id, Subject(company=bo.company.id), kind="suspend", reason="Does not pay", days=None, now=clock.now())
        assert one.closed_with(within=FIVE_SECONDS) == 4401
        assert two.closed_with(within=FIVE_SECONDS) == 1012
    assert Person.objects.get(pk=ana.person.pk).suspended_at is not None
