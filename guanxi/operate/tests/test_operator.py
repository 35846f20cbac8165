"""The first operator: by the machine's own command, never by a page."""

import pytest

from guanxi.operate import operator
from guanxi.people.table import Person
from guanxi.supervisor.trouble import Trouble
from tests import make

GOOD = "a long sentence nobody guesses"


def test_a_new_person_becomes_an_operator(db):
    assert operator.create("Boss@Guanxi.example", name="Boss", password=GOOD) == "Boss"
    row = Person.objects.get(email="boss@guanxi.example")
    assert row.operator_since
    assert row.check_password(GOOD)


def test_somebody_who_has_an_account_keeps_it(db):
    ana = make.person()
    operator.create(ana.email, password=GOOD)
    ana.refresh_from_db()
    assert ana.operator_since
    assert ana.check_password(GOOD)
    with pytest.raises(Trouble, match="another password"):
        operator.create(ana.email, password=GOOD + "!")
    ana.refresh_from_db()
    assert ana.check_password(GOOD)


@pytest.mark.parametrize(
    ("address", "password"), [("boss@guanxi.example", "short"), ("boss@guanxi.example", "1234567890"), ("not an address", GOOD), ("", GOOD)]
)
def test_what_is_weak_or_wrong_is_refused(db, address: str, password: str):
    with pytest.raises(Trouble):
        operator.create(address, password=password)
    assert not Person.objects.exists()


def test_the_password_comes_from_the_environment_or_a_terminal(monkeypatch):
    monkeypatch.setenv("OPERATOR_PASSWORD", GOOD)
    assert operator.ask_password() == GOOD
    monkeypatch.delenv("OPERATOR_PASSWORD")
    with pytest.raises(Trouble, match="nobody to type"):
        operator.ask_password()
