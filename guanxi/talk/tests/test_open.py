"""The first word to a company: how many a day."""

from datetime import timedelta

import pytest
from django.utils import translation

from guanxi.base.errors import Limited
from guanxi.talk.open import pair_conversation
from guanxi.talk.table import Conversation, Pair
from tests.make import NOON, company

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def two_a_day(settings):
    settings.DEMO, settings.NEW_PARTNERS_A_DAY = False, 2


def test_a_loud_speaker_is_stopped_and_friends_are_not():
    loud, others = company("Loud"), [company(f"Stranger {n}") for n in range(3)]
    known = [pair_conversation(loud.id, other.id, now=NOON) for other in others[:2]]
    with translation.override("en"), pytest.raises(Limited, match="2 new companies today"):
        pair_conversation(loud.id, others[2].id, now=NOON)
    assert (Pair.objects.count(), Conversation.objects.count()) == (2, 2)
    assert pair_conversation(loud.id, others[0].id, now=NOON) == known[0]
    assert pair_conversation(others[2].id, loud.id, now=NOON), "whoever is written to is not counted"
    assert pair_conversation(loud.id, company("Later").id, now=NOON + timedelta(days=1))


def test_a_demo_counts_nobody(settings):
    settings.DEMO = True
    one = company("Replay")
    for n in range(4):
        pair_conversation(one.id, company(f"Customer {n}").id, now=NOON)
    assert Pair.objects.count() == 4
