"""Mute and pin: one's own, in reach only, and the list follows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.base.errors import NotFound, Refused
from guanxi.talk import inbox
from guanxi.talk.position.acts import MOST_PINNED, hear
from guanxi.talk.table import Entry, Position
from guanxi.talk.text.acts import say
from tests.make import outsider, pair, viewer
from tests.signed import signed

pytestmark = pytest.mark.django_db


def sees(actor):
    return viewer(actor.person, actor.company, actor.role)


def test_muted_talk_counts_no_more_but_still_shows_that_something_is_new():
    two = pair()
    say(two.supplier.call(), body={"text": "hello"})
    assert hear(two.buyer.call(), muted=True) == {"conversation": str(two.conversation), "muted": True, "pinned": False}
    row = inbox.newest(sees(two.buyer))[0][0]
    assert (row.muted, row.unread, inbox.count_unread(sees(two.buyer))) == (True, 1, 0)
    assert inbox.newest(sees(two.colleague(two.buyer, "sales")))[0][0].muted is False
    hear(two.buyer.call(), muted=False)
    assert inbox.count_unread(sees(two.buyer)) == 1
    assert Entry.objects.of(two.conversation).count() == 1


def test_pinned_talk_stands_first_and_only_once():
    two = pair()
    say(two.supplier.call(), body={"text": "hello"})
    hear(two.buyer.call(), pinned=True)
    assert inbox.newest(sees(two.buyer)) == ([], "")
    assert [row.id for row in inbox.pinned(sees(two.buyer))] == [two.conversation]
    page = signed(two.buyer).get("/m").content.decode()
    assert page.count("data-row=") == 1
    assert "data-pinned" in page


def test_a_switch_keeps_the_other_and_the_read_position():
    two = pair()
    Position.objects.create(conversation_id=two.conversation, person_id=two.buyer.person.id, read_seq=7, from_seq=3)
    hear(two.buyer.call(), pinned=True)
    hear(two.buyer.call(), muted=True)
    row = Position.objects.get()
    assert (row.read_seq, row.from_seq, row.muted, row.pinned) == (7, 3, True, True)


def test_a_stranger_sets_nothing():
    two = pair()
    with pytest.raises(NotFound):
        hear(outsider(two.conversation).call(), muted=True)
    assert Position.objects.count() == 0
    assert signed(outsider(two.conversation)).post(f"/c/{two.conversation}/position/hear", {"as": "", "muted": "1"}).status_code == 404


def test_a_pin_out_of_reach_shows_nothing():
    two = pair()
    hear(two.buyer.call(), pinned=True)
    cy = outsider(two.conversation)
    Position.objects.create(conversation_id=two.conversation, person_id=cy.person.id, pinned=True)
    assert inbox.pinned(sees(cy)) == []


def test_above_thirty_pins_one_must_go_first():
    two = pair()
    for _ in range(MOST_PINNED):
        Position.objects.create(conversation_id=pair().conversation, person_id=two.buyer.person.id, pinned=True)
    with pytest.raises(Refused) as no:
        hear(two.buyer.call(), pinned=True)
    assert no.value.code == "too-many-pins"
    hear(two.buyer.call(), muted=True)


@pytest.mark.parametrize("given", [{"muted": "2"}, {"pinned": "yes"}, {"muted.a": "1"}])
def test_odd_switches_are_invalid(given):
    two = pair()
    assert signed(two.buyer).post(f"/c/{two.conversation}/position/hear", {"as": str(two.buyer.company.id), **given}).status_code == 422
    assert Position.objects.count() == 0


def test_the_list_takes_the_same_statements_with_pins():
    two = pair()
    counts = []
    for more in (1, 12):
        for _ in range(more):
            say(two.supplier.call(), body={"text": "hello"})
        with CaptureQueriesContext(connection) as queries:
            inbox.pinned(sees(two.buyer)), inbox.newest(sees(two.buyer))
        counts.append(len(queries))
    assert counts == [3, 3]
