"""Whoever acts first for a company answers for it, until a colleague takes over."""

import pytest

from guanxi.talk.table import Party
from guanxi.talk.text.acts import say
from tests.make import pair

pytestmark = pytest.mark.django_db


def answers(conversation, company):
    return Party.objects.of(conversation).get(company_id=company.id).responsible_id


def test_the_first_who_writes_for_the_other_side_answers_for_it() -> None:
    two = pair()
    assert answers(two.conversation, two.supplier.company) is None
    say(two.supplier.call(), body={"text": "你好"})
    assert answers(two.conversation, two.supplier.company) == two.supplier.person.id


def test_a_colleague_who_writes_later_changes_nothing() -> None:
    two = pair()
    say(two.supplier.call(), body={"text": "你好"})
    say(two.colleague(two.supplier, "sales").call(), body={"text": "我也在"})
    say(two.buyer.call(), body={"text": "好"})
    assert answers(two.conversation, two.supplier.company) == two.supplier.person.id
    assert answers(two.conversation, two.buyer.company) == two.buyer.person.id
