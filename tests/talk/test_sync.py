"""Heads since a cursor: may repeat, never misses."""

import uuid
from datetime import datetime, timedelta

import pytest

from guanxi.base import clock
from guanxi.talk import sync
from guanxi.talk.open import direct_conversation
from guanxi.talk.table import Conversation, Party
from guanxi.talk.text.acts import say
from tests import make

pytestmark = pytest.mark.django_db


def all_heads(person: uuid.UUID, cursor: str, now: datetime, company: uuid.UUID | None = None) -> tuple[dict[str, int], str, int]:
    """Page after page, as a client does: heads, the last cursor, pages."""
    heads: dict[str, int] = {}
    pages = 0
    while True:
        found = sync.changed(person=person, company=company, cursor=cursor, now=now)
        heads, cursor, pages = heads | found.heads, found.cursor, pages + 1
        if not found.more:
            return heads, cursor, pages


def many(company: uuid.UUID, count: int, at: datetime) -> list[str]:
    """Conversations of this company, all changed in the same moment."""
    ids = [make.new_id() for _ in range(count)]
    Conversation.objects.bulk_create(Conversation(id=one, kind="deal", head=1, head_at=at, created_at=at) for one in ids)
    Party.objects.bulk_create(Party(conversation_id=one, company_id=company, active_at=at, joined_at=at) for one in ids)
    return [str(one) for one in ids]


def test_all_that_changed_in_all_my_companies_and_between_people() -> None:
    one, other = make.pair(), make.pair()
    ana, now = one.buyer.person, clock.now()
    make.member(other.supplier.company, ana, "sales")
    direct = direct_conversation(ana.id, other.buyer.person.id, now=now)
    make.pair()
    say(one.buyer.call(), body={"text": "a"})
    say(other.buyer.call(), body={"text": "b"})
    heads, _, _ = all_heads(ana.id, "", now)
    assert heads == {str(one.conversation): 1, str(other.conversation): 1, str(direct): 0}
    assert all_heads(ana.id, "", now, company=one.buyer.company.id)[0] == {str(one.conversation): 1}


def test_what_did_not_change_since_the_cursor_is_left_out() -> None:
    one, other = make.pair(), make.pair()
    make.member(other.supplier.company, one.buyer.person, "sales")
    now = clock.now()
    say(one.buyer.call(now=now - timedelta(minutes=5)), body={"text": "old"})
    Conversation.objects.filter(id=one.conversation).update(head_at=now - timedelta(minutes=5))
    cursor = sync.start(now - timedelta(minutes=1))
    say(other.buyer.call(now=now), body={"text": "new"})
    assert all_heads(one.buyer.person.id, cursor, now)[0] == {str(other.conversation): 1}


def test_an_entry_that_commits_late_is_not_missed() -> None:
    """A turn took its time before the cursor was given, and committed up to ten seconds after."""
    pair, now = make.pair(), clock.now()
    cursor = sync.start(now)
    say(pair.buyer.call(now=now - timedelta(seconds=10)), body={"text": "late"})
    Conversation.objects.filter(id=pair.conversation).update(head_at=now - timedelta(seconds=10))
    assert str(pair.conversation) in all_heads(pair.buyer.person.id, cursor, now)[0]


def test_twelve_hundred_changed_in_one_moment_come_in_pages() -> None:
    ana, now = make.actor("Ana", "Haichuan"), clock.now()
    ids = many(ana.company.id, 1200, now - timedelta(days=3))
    heads, cursor, pages = all_heads(ana.person.id, "", now)
    assert (sorted(heads), pages) == (sorted(ids), 3)
    assert all_heads(ana.person.id, cursor, now)[0] == {}


def test_what_changes_while_pages_are_read_is_found_by_the_last_cursor() -> None:
    ana, now = make.actor("Ana", "Haichuan"), clock.now()
    ids = many(ana.company.id, 600, now - timedelta(days=3))
    first = sync.changed(person=ana.person.id, cursor="", now=now)
    assert first.more
    seen = next(iter(first.heads))
    Conversation.objects.filter(id=seen).update(head=2, head_at=now - timedelta(seconds=9))
    Party.objects.filter(conversation_id=seen).update(active_at=now)
    heads, cursor, _ = all_heads(ana.person.id, first.cursor, now + timedelta(seconds=30))
    assert set(heads) | set(first.heads) == set(ids)
    assert heads[seen] == 2
    assert seen in all_heads(ana.person.id, cursor, now + timedelta(seconds=30))[0]


MADE_UP = ["x", "1.2", "1.2.3", "1.2.3.4", "-5", "99999999999999999999", "\u0663", "1.2.3.00000000-0000-0000-0000-000000000000", "." * 1000, "1e9"]


@pytest.mark.parametrize("cursor", MADE_UP)
def test_a_cursor_somebody_made_up_shows_nothing_foreign_and_never_fails(cursor: str) -> None:
    pair = make.pair()
    say(pair.buyer.call(), body={"text": "a"})
    assert set(all_heads(pair.buyer.person.id, cursor, clock.now())[0]) <= {str(pair.conversation)}
    assert all_heads(make.person("Cy").id, cursor, clock.now())[0] == {}


def test_who_left_finds_nothing() -> None:
    pair = make.pair()
    say(pair.buyer.call(), body={"text": "a"})
    pair.buyer.company.memberships.update(ended_at=clock.now())
    assert all_heads(pair.buyer.person.id, "", clock.now())[0] == {}


def test_a_page_is_one_statement_whatever_its_size(django_assert_num_queries: object) -> None:
    ana, now = make.actor("Ana", "Haichuan"), clock.now()
    many(ana.company.id, 50, now)
    with django_assert_num_queries(1):  # type: ignore[operator]
        sync.changed(person=ana.person.id, cursor="", now=now)
