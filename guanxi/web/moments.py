"""Days, times and time left in words (ui.md section 6). Shown in Asia/Shanghai, counted from `base.clock`."""

from datetime import date, datetime, timedelta

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from guanxi.base import clock
from guanxi.base.clock import HOME

SOON = timedelta(hours=48)
LAST = timedelta(hours=4)
ZH_WEEKDAYS = "一二三四五六日"
EN_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
EN_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(moment: datetime | date) -> str:
    """In a sentence: `11月19日`, `19 Nov`; with the year when it is another one."""
    at = _home_day(moment)
    other = at.year != clock.today().year
    if _chinese():
        return (f"{at.year}年" if other else "") + f"{at.month}月{at.day}日"
    return f"{at.day} {EN_MONTHS[at.month - 1]}" + (f" {at.year}" if other else "")


def short_day(moment: datetime | date) -> str:
    """In a table: `11-19`, `2025-12-03`; `19 Nov`, `3 Dec 2025`."""
    at = _home_day(moment)
    if not _chinese():
        return day(at)
    return f"{at:%m-%d}" if at.year == clock.today().year else f"{at:%Y-%m-%d}"


def weekday(moment: datetime | date) -> str:
    """`周六`, `Sat`."""
    n = _home_day(moment).weekday()
    return f"周{ZH_WEEKDAYS[n]}" if _chinese() else EN_WEEKDAYS[n]


def time(moment: datetime) -> str:
    """`09:43`."""
    return f"{moment.astimezone(HOME):%H:%M}"


def when(moment: datetime) -> str:
    """In a list, as short as it can be: `09:43` · `昨天` · `周六` · `11-19` · `2025-12-03`."""
    ago = (clock.today() - _home_day(moment)).days
    if ago == 0:
        return time(moment)
    if ago == 1:
        return _("Yesterday")
    return weekday(moment) if 1 < ago < 7 else short_day(moment)


def moment(at: datetime) -> str:
    """In full: `今天 09:43` · `昨天 18:00` · `11-19 15:30`."""
    ago = (clock.today() - _home_day(at)).days
    head = {0: _("Today"), 1: _("Yesterday"), -1: _("Tomorrow")}.get(ago) or short_day(at)
    return f"{head} {time(at)}"


def day_line(at: datetime | date) -> str:
    """Between the days of a talk: `今天`, `昨天`, `11月18日 周三`."""
    ago = (clock.today() - _home_day(at)).days
    if ago in (0, 1):
        return _("Today") if ago == 0 else _("Yesterday")
    return f"{day(at)} {weekday(at)}" if _chinese() else f"{weekday(at)} {day(at)}"


def until_day(end: datetime) -> str:
    """The last day of a validity that ends at 24:00: a moment at midnight belongs to the day before."""
    return day(end - timedelta(microseconds=1))


def time_left(until: datetime) -> str:
    """`剩 7 天` · `剩 1 天 6 小时` · `剩 2 小时` · `剩 25 分钟` · `已超 2 小时`."""
    left = until - clock.now()
    if left < timedelta(0):
        return _late(-left)
    if left >= SOON:
        days = left.days
        return ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}
    return _left_by_hours(left)


def urgency(until: datetime) -> str:
    """How a clock is drawn: '' above 48 h, `soon`, `last` below 4 h, `over`."""
    left = until - clock.now()
    if left < timedelta(0):
        return "over"
    return "last" if left < LAST else "soon" if left < SOON else ""


def iso(moment: datetime) -> str:
    """For machines: the `datetime` attribute."""
    return moment.isoformat()


def _left_by_hours(left: timedelta) -> str:
    hours, minutes = left.seconds // 3600, left.seconds % 3600 // 60
    if left.days and hours:
        return _("%(days)d d %(hours)d h left") % {"days": left.days, "hours": hours}
    if left.days:
        return ngettext("%(days)d day left", "%(days)d days left", left.days) % {"days": left.days}
    if hours:
        return _("%(hours)d h left") % {"hours": hours}
    return _("%(minutes)d min left") % {"minutes": max(1, minutes)}


def _late(over: timedelta) -> str:
    if over.days:
        return ngettext("%(days)d day late", "%(days)d days late", over.days) % {"days": over.days}
    if over.seconds >= 3600:
        return _("%(hours)d h late") % {"hours": over.seconds // 3600}
    return _("%(minutes)d min late") % {"minutes": max(1, over.seconds // 60)}


def _home_day(moment: datetime | date) -> date:
    return moment.astimezone(HOME).date() if isinstance(moment, datetime) else moment


def _chinese() -> bool:
    return (get_language() or "").startswith("zh")


FILTERS = {
    "day": day,
    "short_day": short_day,
    "weekday": weekday,
    "time": time,
    "when": when,
    "moment": moment,
    "day_line": day_line,
    "until_day": until_day,
    "time_left": time_left,
    "urgency": urgency,
    "iso": iso,
}
