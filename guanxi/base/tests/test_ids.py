"""Ids sort by their time; numbers for people carry a check sign and are claimed once."""

import pytest

from guanxi.base.ids import ALPHABET, check_sign, claim_number, draw_number, find_id, new_id
from guanxi.base.table import Number
from tests.make import NOON


def test_ids_are_version_seven_and_sort_by_time() -> None:
    drawn = [new_id() for _n in range(100)]
    assert {one.version for one in drawn} == {7}
    assert drawn == sorted(drawn)


@pytest.mark.parametrize("text", ["", "x", "123", "\x00", "0" * 33, "ffffffff-ffff-ffff-ffff-ffffffffffff0", None, 7])
def test_bad_ids_are_nobody(text: object) -> None:
    assert find_id(text) is None


def test_a_number_says_its_day_and_checks_itself() -> None:
    number = draw_number("DD", NOON)
    prefix, day, rest = number.split("-")
    assert (prefix, day, len(rest)) == ("DD", "261123", 6)
    assert set(rest) <= set(ALPHABET)
    assert check_sign(day + rest[:-1]) == rest[-1]


def test_one_wrong_sign_or_two_swapped_are_noticed() -> None:
    number = draw_number("DD", NOON).replace("-", "")[2:]
    body, sign = number[:-1], number[-1]
    other = "7" if body[8] != "7" else "8"
    assert check_sign(body[:8] + other + body[9:]) != sign
    if body[7] != body[8]:
        assert check_sign(body[:7] + body[8] + body[7] + body[9:]) != sign


@pytest.mark.django_db
def test_a_claimed_number_is_claimed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["DD-261123-AAAAAA", "DD-261123-AAAAAA", "DD-261123-BBBBBB"])
    monkeypatch.setattr("guanxi.base.ids.draw_number", lambda prefix, at: next(drawn))
    assert claim_number("DD", NOON) == "DD-261123-AAAAAA"
    assert claim_number("DD", NOON) == "DD-261123-BBBBBB"
    assert Number.objects.count() == 2
