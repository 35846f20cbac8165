"""Answers name what they answer by its seq: shown to whoever reaches it, and gone with it."""

import pytest

from guanxi.base.errors import Invalid
from guanxi.talk.recall.acts import recall
from guanxi.talk.table import Entry, Position
from guanxi.talk.text import payload
from guanxi.talk.text.acts import say
from tests.make import pair
from tests.signed import signed

pytestmark = pytest.mark.django_db


def page(actor):
    return signed(actor).get(f"/c/{actor.conversation}").content.decode()


def test_the_answered_words_stand_above_the_answer():
    two = pair()
    say(two.buyer.call(), body={"text": "460?"})
    say(two.supplier.call(), body={"text": "fine", "reply": 1})
    assert Entry.objects.of(two.conversation).get(seq=2).body == {"text": "fine", "reply": 1}
    assert 'data-to="1"><span class="one-line">Ana: 460?</span>' in page(two.buyer)


def test_recalled_words_are_gone_from_the_answer_too():
    two = pair()
    say(two.buyer.call(), body={"text": "zephyr"})
    say(two.supplier.call(), body={"text": "fine", "reply": 1})
    recall(two.buyer.call(), seq=1)
    assert "zephyr" not in page(two.supplier)
    assert "Recalled a message" in page(two.supplier)


def test_whoever_came_later_does_not_see_what_is_answered():
    two = pair()
    say(two.buyer.call(), body={"text": "zephyr"})
    say(two.supplier.call(), body={"text": "fine", "reply": 1})
    Position.objects.create(conversation_id=two.conversation, person_id=two.buyer.person.id, from_seq=1)
    assert "zephyr" not in page(two.buyer)
    assert "An earlier message" in page(two.buyer)


def test_an_answer_to_what_was_not_said_is_refused():
    two = pair()
    with pytest.raises(Invalid):
        say(two.buyer.call(), body={"text": "hm", "reply": 1})
    assert Entry.objects.count() == 0


@pytest.mark.parametrize("more", [
    {"reply": True}, {"reply": 0}, {"reply": -1}, {"reply": "1"}, {"reply": 1.0}, {"reply": 2**60}, {"reply": None}, {"at": []}, {"at": "all"}, {"at": ["x"]},
    {"at": [1]}, {"at": ["all", "all"]}, {"at": ["019aa0d3-7c5e-7a10-9c1c-0c8f1f9a0001"] * 2}, {"at": {}}, {"other": 1},
    {"at": [f"019aa0d3-7c5e-7a10-9c1c-0c8f1f9a{n:04}" for n in range(21)]},
])  # fmt: skip
def test_odd_bodies_are_invalid(more):
    with pytest.raises(Invalid):
        payload({"text": "hm", **more})
