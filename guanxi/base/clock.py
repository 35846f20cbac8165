"""The one source of business time. Never SQL now(), never datetime.now() elsewhere."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HOME = ZoneInfo("Asia/Shanghai")

_source: Callable[[], datetime] = lambda: datetime.now(UTC)  # noqa: E731


def now() -> datetime:
    """This moment, aware, UTC."""
    return _source()


def machine_time() -> datetime:
    """What the machine's own clock says, whatever business time is: for log lines."""
    return datetime.now(UTC)


@contextmanager
def use(source: Callable[[], datetime] | datetime) -> Iterator[None]:
    """Another clock for a while: a function, or one frozen moment."""
    global _source
    before = _source
    _source = source if callable(source) else lambda: source
    try:
        yield
    finally:
        _source = before


def today() -> date:
    """The business day, in Shanghai."""
    return now().astimezone(HOME).date()


def end_of_day(day: date) -> datetime:
    """A date ends at 24:00 Asia/Shanghai, that is, when the next day begins."""
    return datetime.combine(day + timedelta(days=1), time(), HOME).astimezone(UTC)
