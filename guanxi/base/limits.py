"""How often: a row a scope and window, counted in one statement of its own transaction."""

from datetime import UTC, datetime, timedelta

from django.db import connection
from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import Limited
from guanxi.base.ids import new_id

COUNT = """
    INSERT INTO base_limit (id, scope, "window", hits) VALUES (%s, %s, %s, 1)
    ON CONFLICT (scope, "window") DO UPDATE SET hits = base_limit.hits + 1 RETURNING hits
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
