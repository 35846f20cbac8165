"""The second, simple model: what writers saw, compared with what is stored. Knows nothing of how the server works.

An operation is one text under one key. `ok`: acknowledged with a seq. `refused`: the server said no for good. `unknown`: the writer
gave up without an answer; it may be stored once, or not at all.
"""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Operation:
    """Times in seconds of one clock: `began` before the first try, `ended` after the answer."""

    writer: int
    conversation: str
    text: str
    began: float
    ended: float = 0.0
    outcome: str = "unknown"
    seq: int = 0
    tries: int = 0


@dataclass(slots=True)
class Stored:
    """A conversation as the database has it at the end."""

    head: int
    entries: list[tuple[int, str]] = field(default_factory=list)


def differences(operations: list[Operation], stored: dict[str, Stored]) -> list[str]:
    """What is wrong, in words; empty when the history is one that may be."""
    wrong: list[str] = []
    for conversation, now in stored.items():
        mine = [one for one in operations if one.conversation == conversation]
        wrong += [f"{conversation}: {words}" for words in (*numbers(now), *promises(mine, now), *order_of_writers(mine), *order_of_time(mine))]
    return wrong


def numbers(now: Stored) -> list[str]:
    """T2: 1..n without a gap, and the head is n."""
    seqs = [seq for seq, _ in now.entries]
    wrong = [] if seqs == list(range(1, len(seqs) + 1)) else [f"T2 seqs are not 1..{len(seqs)}"]
    return wrong + ([] if now.head == len(seqs) else [f"T2 head {now.head}, entries {len(seqs)}"])


def promises(mine: list[Operation], now: Stored) -> list[str]:
    """T1, T3: acknowledged is there at its seq, nothing twice, refused never, and nothing that nobody wrote."""
    at = dict(now.entries)
    count = Counter(text for _, text in now.entries if text)  # without words: an entry no writer is asked about
    wrong = [f"T3 {text!r} is stored {times} times" for text, times in count.items() if times > 1]
    wrong += [f"T1 acknowledged {one.text!r} is not at {one.seq}" for one in mine if one.outcome == "ok" and at.get(one.seq) != one.text]
    wrong += [f"refused {one.text!r} is stored" for one in mine if one.outcome == "refused" and count[one.text]]
    return wrong + [f"{text!r} was written by nobody" for text in count.keys() - {one.text for one in mine}]


def order_of_writers(mine: list[Operation]) -> list[str]:
    """T4: what one writer had acknowledged, one after the other, stands in that order."""
    last: dict[int, Operation] = {}
    wrong = []
    for one in sorted((one for one in mine if one.outcome == "ok"), key=lambda one: one.began):
        before = last.get(one.writer)
        if before is not None and before.seq >= one.seq:
            wrong.append(f"T4 {before.text!r} at {before.seq}, later {one.text!r} at {one.seq}")
        last[one.writer] = one
    return wrong


def order_of_time(mine: list[Operation]) -> list[str]:
    """T5: acknowledged before another began means a smaller seq."""
    earliest = float("inf")
    wrong = []
    for one in sorted((one for one in mine if one.outcome == "ok"), key=lambda one: -one.seq):
        if earliest < one.began:
            wrong.append(f"T5 {one.text!r} began after a later seq was acknowledged")
        earliest = min(earliest, one.ended)
    return wrong
