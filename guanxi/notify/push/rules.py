"""Whether an entry may be pushed now. Imports no Django."""

from datetime import datetime

from guanxi.notify.choice.rules import Wish, is_quiet, may_leave

NUDGE = "notice"  # the only notice that is pushed
MONEY = frozenset({"payment", "bank", "receipt", "dispute"})


def wanted(wish: Wish, kind: str, *, about_deal: bool, turn: str | None, called: bool, talk: bool, muted: bool) -> bool:
    """By kind alone, whatever the hour. What is one's turn passes through mute, a nudge and a mention by name too; other news does not."""
    if called:
        return True
    if kind == NUDGE:
        return wish.turns
    if not about_deal:
        return talk and not muted
    if turn is not None:
        return True  # may_leave knows which turns he wants
    return not muted and (wish.money if kind.split(".")[0] in MONEY else wish.turns)


def may_go(wish: Wish, turn: str | None, due_at: datetime | None, now: datetime) -> bool:
    """By the hour: quiet hours hold back everything but money that runs out within a day."""
    return may_leave(wish, turn, due_at, now) if turn is not None else not is_quiet(wish, now)
