"""A read written once answers as the query it stands for."""

import pytest
from django.db import connection
from django.db.models import Count, F, QuerySet
from django.test.utils import CaptureQueriesContext

from guanxi.base.ids import new_id
from guanxi.base.table import Outbox
from guanxi.base.written import by, written
from guanxi.people.table import Membership
from tests.make import NOON, company, member, person

pytestmark = pytest.mark.django_db


def effects(count: int) -> list[Outbox]:
    talk = new_id()
    return [Outbox.objects.create(conversation_id=talk, n=n, effect="rfq.close", body={"n": n}, due_at=NOON) for n in range(count)]


@written
def waiting(talk: object, least: object) -> QuerySet[Outbox]:
    return Outbox.objects.filter(conversation_id=talk, n__gte=least, effect="rfq.close").annotate(twice=F("n") * 2).order_by("n")


@written
def pairs(ids: object) -> QuerySet[Outbox, tuple]:
    return Outbox.objects.filter(id__among=ids).order_by("n").values_list("n", "body")


@written
def members(company: object) -> QuerySet[Membership]:
    return Membership.objects.filter(company_id=company).select_related("person", "company").annotate(people=Count("company__memberships"))


def test_it_gives_the_same_rows_as_the_query() -> None:
    rows = effects(4)
    found = waiting(rows[0].conversation_id, 2)
    assert found == rows[2:]
    assert [(row.body, row.due_at, row.twice) for row in found] == [({"n": 2}, NOON, 4), ({"n": 3}, NOON, 6)]
    assert waiting(new_id(), 0) == []


def test_each_call_has_arguments_of_its_own() -> None:
    one, other = effects(2), effects(3)
    assert [len(waiting(rows[0].conversation_id, 0)) for rows in (one, other, one)] == [2, 3, 2]


def test_one_statement_a_call_and_a_list_is_one_argument() -> None:
    rows = effects(3)
    pairs([])
    with CaptureQueriesContext(connection) as asked:
        assert pairs([row.id for row in rows]) == [(0, {"n": 0}), (1, {"n": 1}), (2, {"n": 2})]
        assert pairs([]) == []
    assert len(asked) == 2


def test_foreign_keys_are_followed() -> None:
    mine = member(company(), person())
    with CaptureQueriesContext(connection) as asked:
        (found,) = members(mine.company_id)
        assert (found.person, found.company) == (mine.person, mine.company)
        assert found.people == 1
    assert len(asked) == 1


def test_rows_in_heaps() -> None:
    heaps = by(lambda n: n % 2, [1, 2, 3])
    assert (heaps[1], heaps[0], heaps[7]) == ([1, 3], [2], [])
