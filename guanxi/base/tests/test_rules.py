"""A machine is checked when it is made, moves by its rows alone, and says why not."""

import pytest

from guanxi.base.errors import Refused
from guanxi.base.rules import Machine, Rule

DOOR = {"shut": "It is shut.", "open": "It is open.", "gone": "It is gone."}


def door(rules: list[Rule], ends: tuple[str, ...] = ("gone",)) -> Machine:
    return Machine("door", start="shut", ends=ends, rules=rules, refusals=DOOR, wrong="Not for you.")


def test_moves_and_buttons_come_from_the_same_rows() -> None:
    shut = Rule("shut", ("open",), "shut", ("owner", "guest"))
    machine = door([Rule("open", ("shut",), "open", ("owner",)), shut, Rule("burn", ("open",), "gone", ("fire",))])
    assert machine.move("shut", "open", by="owner") == "open"
    assert machine.open_moves("open", "guest") == ["shut"]
    assert machine.open_moves("gone", "owner") == []


def test_the_state_refuses_before_the_side() -> None:
    machine = door([Rule("open", ("shut",), "open", ("owner",)), Rule("burn", ("open",), "gone", ("fire",))])
    with pytest.raises(Refused, match=r"It is open\.") as state:
        machine.move("open", "open", by="guest")
    with pytest.raises(Refused, match=r"Not for you\.") as side:
        machine.move("shut", "open", by="guest")
    assert (state.value.code, side.value.code) == ("door-open", "door-not-yours")


@pytest.mark.parametrize(
    ("rules", "ends", "words"),
    [
        ([Rule("open", ("ajar",), "open", ("owner",))], (), "out of reach"),
        ([Rule("open", ("shut",), "gone", ("owner",)), Rule("back", ("gone",), "shut", ("owner",))], ("gone",), "out of an end"),
        ([Rule("open", ("shut",), "open", ("owner",))], ("gone",), "unknown ends"),
        ([Rule("open", ("shut",), "melted", ("owner",))], (), "no words"),
    ],
)
def test_a_wrong_machine_is_not_made(rules: list[Rule], ends: tuple[str, ...], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        door(rules, ends)
