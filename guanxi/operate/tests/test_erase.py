"""What is personal goes; what two companies agreed stays, under a name that says nothing."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from guanxi.base import clock, limits
from guanxi.base.errors import Refused
from guanxi.check import differences
from guanxi.operate import erase, retention
from guanxi.people.account import acts as account
from guanxi.people.signin import codes
from guanxi.people.table import Device, Invitation, Membership, Person, SignInCode
from guanxi.supervisor.trouble import Trouble
from guanxi.talk.table import Done, Entry
from guanxi.talk.text import acts as texts
from tests import make
from tests.make import Pair


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


def test_what_is_personal_goes_and_the_record_stays(pair: Pair, folder: Path):
    ana = pair.buyer.person
    codes.make(ana.email, ip="1.2.3.4", now=clock.now())
    said = list(Entry.objects.order_by("seq").values_list("seq", "kind", "body", "by_person"))
    plan = erase.erase(erase.find(ana.email))
    row = Person.objects.get(pk=ana.id)
    assert (row.name, row.phone, row.email, row.is_active) == (plan.pseudonym, None, None, False)
    assert not Device.objects.filter(person=ana).exists()
    assert not SignInCode.objects.filter(address=ana.email).exists()
    assert list(Entry.objects.order_by("seq").values_list("seq", "kind", "body", "by_person")) == said
    assert set(Entry.objects.values_list("by_name", flat=True)) == {plan.pseudonym}
    assert Membership.objects.filter(person=ana, ended_at__isnull=False).count() == 1
    assert plan.renamed["talk_entry"] == len(said)
    assert (folder / "log" / "erasures.jsonl").read_text().count(str(ana.id)) == 1
    assert ana.email not in (folder / "log" / "erasures.jsonl").read_text()
    assert ana.email not in everything()
    assert [str(one) for one in differences()] == []


def test_a_dry_run_counts_and_changes_nothing(pair: Pair, folder: Path):
    before = everything()
    plan = erase.erase(pair.buyer.person.id, dry=True)
    assert plan.goes["people_device"] == 1
    assert plan.renamed["talk_entry"] == 4
    assert everything() == before
    assert not (folder / "log").exists()


def test_the_other_side_keeps_its_name(pair: Pair):
    texts.say(pair.supplier.call(), body={"text": "mine"})
    erase.erase(pair.buyer.person.id)
    assert Entry.objects.get(seq=5).by_name == "Bo"
    assert Person.objects.get(pk=pair.supplier.person.id).email


def test_an_owner_with_colleagues_hands_over_first(pair: Pair):
    pair.colleague(pair.buyer, "sales")
    before = everything()
    with pytest.raises(Refused, match="Haichuan"):
        erase.erase(pair.buyer.person.id)
    assert everything() == before


def test_twice_is_once(pair: Pair):
    erase.erase(pair.buyer.person.id)
    again = erase.erase(pair.buyer.person.id)
    assert (sum(again.goes.values()), sum(again.renamed.values())) == (0, 0)


def test_whoever_comes_back_with_an_older_backup_is_erased_again(pair: Pair, folder: Path):
    ana = pair.buyer.person
    erase.erase(ana.id)
    Person.objects.filter(pk=ana.id).update(name="Ana", email=ana.email, closed_at=None, is_active=True)  # as a restore does
    erase.again(folder / "log" / "erasures.jsonl")
    assert Person.objects.get(pk=ana.id).email is None
    (folder / "x").write_text("[1]")
    with pytest.raises(Trouble, match="log of erasures"):
        erase.again(folder / "x")


@pytest.mark.parametrize("word", ["nobody@else.example", "+8613800000000", "no such thing", "00000000-0000-0000-0000-000000000000"])
def test_somebody_who_is_not_here(transactional_db, word: str):
    with pytest.raises(Trouble):
        erase.find(word)


@pytest.mark.parametrize("change", ["kind = 'text'", "body = '{}'", "at = now()", "by_person = NULL", "by_name = 'x', seq = seq + 100"])
def test_erasing_lets_only_names_go(pair: Pair, change: str):
    for statement, erasing in ((f"UPDATE talk_entry SET {change}", "on"), ("DELETE FROM talk_entry", "on"), ("UPDATE talk_entry SET by_name = 'x'", "")):
        with pytest.raises(DatabaseError, match="never changed"):
            try_to(statement, erasing)


def try_to(statement: str, erasing: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('guanxi.erasing', %s, true)", [erasing])
        cursor.execute(statement)


def test_what_is_old_goes_and_what_is_young_stays(pair: Pair, folder: Path):
    now = clock.now()
    old, young = Device.objects.get(), make.device(pair.supplier.person)
    Device.objects.filter(pk=old.pk).update(ended_at=now - timedelta(days=91))
    Device.objects.filter(pk=young.pk).update(ended_at=now - timedelta(days=89))
    SignInCode.objects.create(address="a@b.example", digest="x", made_at=now - timedelta(days=2))
    limits.hit("try", limit=5, seconds=60, now=now - timedelta(days=3))
    for days, key in ((91, "old"), (89, "young")):
        Done.objects.create(scope=pair.conversation, key=key, hash="x", at=now - timedelta(days=days))
    expires = now - timedelta(days=181)
    Invitation.objects.create(company=pair.buyer.company, role="sales", digest="x", made_by_id=pair.buyer.person.id, made_at=expires, expires_at=expires)
    counted = retention.sweep(dry=True)
    assert Device.objects.count() == 2
    assert retention.sweep() == counted
    assert list(Device.objects.all()) == [young]
    assert list(Done.objects.filter(key__in=("old", "young")).values_list("key", flat=True)) == ["young"]
    assert (SignInCode.objects.count(), Invitation.objects.count()) == (0, 0)
    assert counted["people_device"] == counted["talk_call"] == counted["people_invitation"] == counted["base_limit"] == 1
    assert sum(retention.sweep(dry=True).values()) == 0
    assert Entry.objects.count() == 4


def test_an_account_closed_a_month_ago_is_erased(pair: Pair):
    account.close(pair.buyer.person.id, now=clock.now() - timedelta(days=31))
    assert Entry.objects.filter(by_name="Ana").exists()
    assert retention.sweep()["closed accounts"] == 1
    assert not Entry.objects.filter(by_name="Ana").exists()
    assert retention.sweep()["closed accounts"] == 0


PERSONAL = ("person", "device", "signincode", "membership", "invitation")
TABLES = (*(f"people_{name}" for name in PERSONAL), "talk_entry", "talk_position", "base_limit")


def everything() -> str:
    """All rows of people and talk, as text."""
    with connection.cursor() as cursor:
        told = []
        for table in (
            "people_person",
            "people_device",
            "people_signincode",
            "people_membership",
            "people_invitation",
            "talk_entry",
            "talk_position",
            "base_limit",
        ):
            cursor.execute(f"SELECT t::text FROM {table} t ORDER BY 1")
            told += [row[0] for row in cursor.fetchall()]
    return "\n".join(told)
