"""Tokens: hashed, scoped, expiring, shown once, and worth only what their person is worth now."""

from datetime import timedelta
from uuid import uuid4

import pytest

from guanxi.base import clock
from guanxi.base.errors import Invalid, NotFound, Refused
from guanxi.people import tokens
from guanxi.people.table import Membership, Person, Token
from tests.make import company, member, person

pytestmark = pytest.mark.django_db


def issue(who, of=None, **more):
    return tokens.issue(who.id, of.id if of else None, **({"label": "replay", "scopes": ["read"], "days": 7, "now": clock.now()} | more))


def test_it_says_who_and_for_whom_in_one_statement(django_assert_num_queries):
    of, who = company(), person("Ana")
    member(of, who, "sales")
    plain = issue(who, of)
    tokens.find(plain, now=clock.now())  # notes when it was seen
    with django_assert_num_queries(1):
        found = tokens.find(plain, now=clock.now())
    assert (found.viewer.person, found.viewer.company, found.viewer.role, found.scopes, found.replay) == (who.id, of.id, "sales", ("read",), False)


def test_the_plain_text_is_kept_nowhere():
    plain = issue(person())
    row = Token.objects.values().get()
    assert plain not in str(row)
    assert len(plain) > 40


@pytest.mark.parametrize("plain", ["", "gx_", "gx_" + "a" * 43, "gx_" + "a" * 10_000, "\x00", "gx_\x00", "' OR 1=1", "gx_\ud800", "*"])
def test_anything_else_is_nobody(plain):
    issue(person())
    assert tokens.find(plain, now=clock.now()) is None


def test_ended_expired_and_former_members_tokens_are_nobodys():
    of, who = company(), person()
    row = member(of, who)
    now = clock.now()
    plain = issue(who, of)
    assert tokens.find(plain, now=now + timedelta(days=8)) is None
    Membership.objects.filter(pk=row.pk).update(ended_at=now)
    assert tokens.find(plain, now=now) is None
    Membership.objects.filter(pk=row.pk).update(ended_at=None)
    Person.objects.filter(pk=who.pk).update(is_active=False)
    assert tokens.find(plain, now=now) is None
    Person.objects.filter(pk=who.pk).update(is_active=True)
    assert tokens.find(plain, now=now) is not None
    tokens.end(who.id, Token.objects.get().id, now=now)
    assert tokens.find(plain, now=now) is None


def test_bad_wishes_make_none():
    who, foreign = person(), company()
    for more in ({"scopes": []}, {"scopes": ["root"]}, {"days": 0}, {"days": 366}, {"label": "x" * 61}):
        with pytest.raises(Invalid):
            issue(who, **more)
    with pytest.raises(NotFound):
        issue(who, foreign)
    assert not Token.objects.exists()


def test_anothers_token_is_not_found():
    issue(person())
    with pytest.raises(NotFound):
        tokens.end(uuid4(), Token.objects.get().id, now=clock.now())
    assert Token.objects.get().ended_at is None


def test_fifty_at_most_but_for_the_demo_person_replay(settings):
    who = person()
    now, later = clock.now(), clock.now() + timedelta(days=1)
    Token.objects.bulk_create(Token(person=who, digest=uuid4().hex, scopes=["read"], made_at=now, expires_at=later) for _n in range(50))
    with pytest.raises(Refused):
        issue(who)
    settings.REPLAY_CLASS = True
    Person.objects.filter(pk=who.pk).update(demo=True, email=tokens.REPLAY)
    assert tokens.find(issue(who), now=clock.now()).replay
