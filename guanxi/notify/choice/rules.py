"""Whether a message may leave now. Imports no Django."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

MONEY = frozenset({"pay", "repay", "repaid", "bank_check", "bank_settle", "bank_repay", "bank_got", "receive", "dispute", "propose"})
URGENT = timedelta(hours=24)
HOME = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class Wish:
    """`turns` and `money`: told when it is my turn, about money or about the rest. Quiet from `quiet_from` to `quiet_to` on the clock of `zone`."""

    turns: bool = True
    money: bool = True
    quiet_from: time | None = None
    quiet_to: time | None = None
    zone: str = HOME


def may_leave(wish: Wish, turn: str, due_at: datetime | None, now: datetime) -> bool:
    """Money that runs out within a day goes also in quiet hours: it cannot wait for the morning."""
    money = turn in MONEY
    if not (wish.money if money else wish.turns):
        return False
    urgent = money and due_at is not None and due_at - now < URGENT
    return urgent or not is_quiet(wish, now)


def is_quiet(wish: Wish, now: datetime) -> bool:
    """Whether his clock stands within his quiet hours, over midnight too."""
    if wish.quiet_from is None or wish.quiet_to is None:
        return False
    here = now.astimezone(ZoneInfo(wish.zone)).time()
    if wish.quiet_from <= wish.quiet_to:
        return wish.quiet_from <= here < wish.quiet_to
    return here >= wish.quiet_from or here < wish.quiet_to
