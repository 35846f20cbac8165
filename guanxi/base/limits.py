"""How often: a row a scope and window, counted in one statement of its own transaction."""

from datetime import UTC, datetime, timedelta
from threading import Lock

from django.db import connection
from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import Limited
from guanxi.base.ids import new_id

COUNT = """
    INSERT INTO base_limit (id, scope, "window", hits) VALUES (%s, %s, %s, 1)
    ON CONFLICT (scope, "window") DO UPDATE SET hits = base_limit.hits + 1 RETURNING hits
"""


DRAW = """
    INSERT INTO base_limit (id, scope, "window", hits) VALUES (%s, %s, %s, %s)
    ON CONFLICT (scope, "window") DO UPDATE SET hits = base_limit.hits + %s RETURNING hits
"""


def window_of(now: datetime, seconds: int) -> datetime:
    """When the window that holds `now` began."""
    stamp = int(now.timestamp())
    return datetime.fromtimestamp(stamp - stamp % seconds, UTC)


def hit(scope: str, *, limit: int, seconds: int, now: datetime) -> int:
    """Count one more; the number left. Raises Limited above `limit` in the window of `seconds`."""
    start = window_of(now, seconds)
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [new_id(), scope[:200], start])
        hits = cursor.fetchone()[0]
    if hits > limit:
        left = int((start + timedelta(seconds=seconds) - now).total_seconds())
        raise Limited(_("Too many tries. Try again in {minutes} min."), retry_after=max(1, left))
    return limit - hits


def sweep(now: datetime) -> int:
    """Forget windows older than two days; how many."""
    from guanxi.base.table import Limit

    return Limit.objects.filter(window__lt=now - timedelta(days=2)).delete()[0]


class Allowance:
    """A limit asked often: each process draws hits from the row in handfuls, so that most questions cost no statement.

    Never more than `limit` in a window over all processes; a handful drawn by a process that dies is lost.
    """

    def __init__(self, *, limit: int, seconds: int, handful: int = 20) -> None:
        self.limit, self.seconds, self.handful = limit, seconds, handful
        self.drawn: dict[str, tuple[datetime, int, int]] = {}  # scope -> window, hits in hand, left in the row
        self.guard = Lock()

    def take(self, scope: str, now: datetime) -> tuple[int, int]:
        """One hit: how many are left in this window at most, and the seconds until the next. Raises Limited."""
        start = window_of(now, self.seconds)
        reset = max(1, int((start + timedelta(seconds=self.seconds) - now).total_seconds()))
        with self.guard:
            window, hand, left = self.drawn.get(scope, (start, 0, self.limit))
            if window != start or hand == 0:
                hand, left = self._draw(scope, start, reset)
            self.drawn[scope] = (start, hand - 1, left)
            if len(self.drawn) > 10_000:
                self.drawn = {key: value for key, value in self.drawn.items() if value[0] == start}
        return left + hand - 1, reset

    def _draw(self, scope: str, start: datetime, reset: int) -> tuple[int, int]:
        with connection.cursor() as cursor:
            cursor.execute(DRAW, [new_id(), scope[:200], start, self.handful, self.handful])
            hits = cursor.fetchone()[0]
        hand = min(self.handful, self.limit - (hits - self.handful))
        if hand <= 0:
            raise Limited(_("Too many tries. Try again in {minutes} min."), retry_after=reset)
        return hand, max(0, self.limit - hits)
