"""The message list: order, excerpts, unread, paging, reach, and the same work for many as for few."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.base import clock
from guanxi.talk import inbox, receipts
from guanxi.talk.open import direct_conversation, pair_conversation
from guanxi.talk.table import Entry
from guanxi.talk.text.acts import say
from tests.make import NOON, actor, company, member, outsider, pair, person, viewer

pytestmark = pytest.mark.django_db


def sees(actor):
    return viewer(actor.person, actor.company, actor.role)


def talks(of, count, *, gap=timedelta(seconds=20)):
    """Conversations with companies, each with one text, `gap` apart, the newest last."""
    made = []
    for n in range(count):
        other = company(f"Firm {n}")
        talk = pair_conversation(of.company.id, other.id, now=NOON)
        say(replace(of.call(), conversation=talk, now=NOON + gap * n), body={"text": f"hello {n}"})
        made.append(talk)
    return made


def test_the_newest_conversation_stands_first_with_its_last_words():
    two = pair()
    say(two.supplier.call(), body={"text": "460 it is"})
    row = inbox.newest(sees(two.buyer))[0][0]
    assert (row.id, row.name, row.excerpt, row.unread, row.excerpt_mine) == (two.conversation, "Minggu", "460 it is", 1, False)


def test_what_our_own_side_wrote_is_never_unread():
    two = pair()
    say(two.buyer.call(), body={"text": "hello"})
    colleague = two.colleague(two.buyer, "sales")
    assert inbox.newest(sees(colleague))[0][0].unread == 0
    assert inbox.newest(sees(two.supplier))[0][0].unread == 1


def test_reading_clears_the_count():
    two = pair()
    for n in range(3):
        say(two.supplier.call(), body={"text": str(n)})
    assert inbox.count_unread(sees(two.buyer)) == 1
    receipts.mark(two.conversation, two.buyer.person.id, 2)
    assert inbox.newest(sees(two.buyer))[0][0].unread == 1
    receipts.mark(two.conversation, two.buyer.person.id, 3)
    assert inbox.count_unread(sees(two.buyer)) == 0
    assert inbox.unread(sees(two.buyer)) == []


def test_pages_follow_each_other_without_gap_or_double_also_when_many_changed_in_the_same_minute():
    ana = actor("Ana", "Haichuan")
    made = talks(ana, 23, gap=timedelta(seconds=7))
    with clock.use(NOON + timedelta(minutes=10)):
        for talk in (made[3], made[11]):  # spoken again within the minute their party row lags
            say(replace(ana.call(), conversation=talk, now=NOON + timedelta(seconds=7 * made.index(talk) + 50)), body={"text": "again"})
    seen, cursor, heads = [], "", []
    for _ in range(10):
        rows, cursor = inbox.newest(sees(ana), cursor=cursor, limit=5)
        seen += [row.id for row in rows]
        heads += [row.head_at for row in rows]
        if not cursor:
            break
    assert sorted(seen) == sorted(made)
    assert heads == sorted(heads, reverse=True)


def test_another_company_sees_nothing_of_it():
    two = pair()
    say(two.buyer.call(), body={"text": "hello"})
    cy = outsider(two.conversation)
    assert inbox.newest(sees(cy))[0] == []
    assert inbox.chosen(sees(cy), [two.conversation]) == []


def test_a_talk_between_colleagues_is_marked_so():
    ana = actor("Ana", "Haichuan")
    wu = person("Wu")
    member(ana.company, wu, "finance")
    talk = direct_conversation(ana.person.id, wu.id, now=NOON)
    say(replace(ana.call(), conversation=talk, company=None, role=None), body={"text": "pay today?"})
    row = inbox.with_colleagues(sees(ana))[0]
    assert (row.name, row.colleague, row.other_person) == ("Wu", True, wu.id)


def test_a_forged_cursor_begins_at_the_top():
    two = pair()
    for cursor in ("x", "2026-01-01~", f"~{two.conversation}", "\x00~", "9" * 500):
        assert [row.id for row in inbox.newest(sees(two.buyer), cursor=cursor)[0]] == [two.conversation]


def test_two_statements_for_few_and_many():
    ana = actor("Ana", "Haichuan")
    for count in (3, 40):
        talks(ana, count)
        with CaptureQueriesContext(connection) as queries:
            inbox.newest(sees(ana), limit=50)
        assert len(queries) == 2


def test_entries_of_before_one_came_are_not_quoted():
    two = pair()
    say(two.supplier.call(), body={"text": "secret"})
    receipts.mark(two.conversation, two.buyer.person.id, 0)
    from guanxi.talk.table import Position

    Position.objects.of(two.conversation).filter(person_id=two.buyer.person.id).update(from_seq=1)
    assert Entry.objects.of(two.conversation).count() == 1
    assert inbox.newest(sees(two.buyer))[0][0].excerpt == ""
