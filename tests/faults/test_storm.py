"""The short form of the storm: F1, F4, F8, F10 in twelve seconds. `make storm MINUTES=n SEED=s` spoils the whole product for longer."""

import os
import random

import pytest

from tests.faults.history import Operation, Stored, differences
from tests.faults.storm import Storm


@pytest.mark.fault
@pytest.mark.django_db(transaction=True)
def test_f01_f04_f08_f10_nothing_acknowledged_is_lost_doubled_or_out_of_order_while_processes_die(capsys: pytest.CaptureFixture[str]) -> None:
    storm = Storm(seed=int(os.environ.get("SEED") or random.randrange(10**6)), seconds=12)
    storm.run()
    with capsys.disabled():
        print(f"\n{storm.summary()}")
    assert not storm.wrong, storm.wrong[:20]
    assert storm.entries > 200
    assert storm.faults.get("kill", 0) >= 2
    assert any(one.tries > 1 for one in storm.log.operations), "a lost answer was asked again by its key"
    assert storm.live > 0


def ok(text: str, seq: int, began: float, ended: float, writer: int = 1) -> Operation:
    return Operation(writer, "c", text, began, ended, "ok", seq)


@pytest.mark.parametrize(
    ("operations", "entries", "head", "found"),
    [
        ([ok("a", 1, 0, 1)], [], 0, "T1"),
        ([ok("a", 1, 0, 1)], [(1, "b")], 1, "T1"),
        ([ok("a", 1, 0, 1)], [(1, "a"), (2, "a")], 2, "T3"),
        ([ok("a", 2, 0, 1)], [(2, "a")], 2, "T2"),
        ([ok("a", 1, 0, 1)], [(1, "a")], 2, "T2"),
        ([ok("a", 2, 0, 1), ok("b", 1, 0.5, 3)], [(1, "b"), (2, "a")], 2, "T4"),
        ([ok("a", 2, 0, 1), ok("b", 1, 2, 3, writer=2)], [(1, "b"), (2, "a")], 2, "T5"),
        ([Operation(1, "c", "a", 0, 1, "refused")], [(1, "a")], 1, "refused"),
        ([], [(1, "a")], 1, "nobody"),
    ],
)
def test_the_checker_finds_what_must_not_be(operations: list[Operation], entries: list[tuple[int, str]], head: int, found: str) -> None:
    assert any(found in words for words in differences(operations, {"c": Stored(head, entries)}))


def test_the_checker_accepts_a_history_that_may_be() -> None:
    operations = [ok("a", 1, 0, 1), Operation(1, "c", "b", 1, 2), Operation(2, "c", "gone", 1, 2), ok("c", 2, 0.5, 3, writer=2), ok("d", 4, 4, 5)]
    assert differences(operations, {"c": Stored(4, [(1, "a"), (2, "c"), (3, "b"), (4, "d")])}) == []
