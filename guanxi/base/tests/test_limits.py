"""Limits are rows: they count over processes and survive restarts; asking often costs few statements."""

from datetime import timedelta

import pytest

from guanxi.base.errors import Limited
from guanxi.base.limits import Allowance, hit, sweep
from guanxi.base.table import Limit
from tests.make import NOON

pytestmark = pytest.mark.django_db


def test_the_fourth_of_three_is_refused_until_the_window_ends() -> None:
    assert [hit("code:138", limit=3, seconds=600, now=NOON) for _n in range(3)] == [2, 1, 0]
    with pytest.raises(Limited) as refused:
        hit("code:138", limit=3, seconds=600, now=NOON + timedelta(seconds=30))
    assert refused.value.retry_after == 570
    assert hit("code:138", limit=3, seconds=600, now=NOON + timedelta(seconds=600)) == 2


def test_another_scope_counts_for_itself() -> None:
    hit("a", limit=1, seconds=60, now=NOON)
    assert hit("b", limit=1, seconds=60, now=NOON) == 0


def test_two_processes_share_an_allowance_and_never_exceed_it() -> None:
    processes = [Allowance(limit=50, seconds=60, handful=20) for _n in range(2)]
    given = 0
    for turn in range(200):
        try:
            processes[turn % 2].take("api:x", NOON)
        except Limited:
            continue
        given += 1
    assert 40 <= given <= 50


def test_a_handful_costs_one_statement(django_assert_num_queries) -> None:
    allowance = Allowance(limit=1000, seconds=60, handful=20)
    with django_assert_num_queries(1):
        for _n in range(20):
            allowance.take("api:y", NOON)


def test_old_windows_are_forgotten() -> None:
    hit("old", limit=9, seconds=60, now=NOON)
    hit("new", limit=9, seconds=60, now=NOON + timedelta(days=3))
    assert sweep(NOON + timedelta(days=3)) == 1
    assert Limit.objects.get().scope == "new"
