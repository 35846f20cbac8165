"""A company's measured answers and deliveries in words: every figure with the count it rests on."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guanxi.deals.review.response import Response


def words(found: Response) -> list[tuple[str, str]]:
    """(what, figure and count) for `ui.facts`; nothing for a supplier nobody asked or bought from in 90 days."""
    rows = []
    if found.enquiries:
        count = ngettext("from %(n)s enquiry in 90 days", "from %(n)s enquiries in 90 days", found.enquiries) % {"n": found.enquiries}
        time = spoken(found.reply_time) if found.reply_time is not None else _("too few") if found.soon_share is None else "–"
        rows += [(_("First reply"), f"{time} · {count}"), (_("Answered within 24 h"), f"{percent(found.soon_share)} · {count}")]
    for name, counted, figure in (
        (_("Shipped on time"), found.due, found.on_time_share), (_("Disputed"), found.orders, found.dispute_share),
    ):  # fmt: skip
        if counted:
            count = ngettext("from %(n)s order in 90 days", "from %(n)s orders in 90 days", counted) % {"n": counted}
            rows.append((name, f"{percent(figure)} · {count}"))
    return rows


def brief(found: Response) -> str:
    """One line beside an offer: the two figures a buyer compares by, and what they rest on."""
    told = [] if found.reply_time is None else [_("replies in %(time)s") % {"time": spoken(found.reply_time)}]
    told += [] if found.on_time_share is None else [_("on time %(share)s") % {"share": percent(found.on_time_share)}]
    if not told:
        return _("too few to measure")
    return " · ".join(told) + " " + _("(%(enquiries)s enquiries, %(orders)s orders, 90 days)") % {"enquiries": found.enquiries, "orders": found.due}


def percent(share: int | None) -> str:
    return _("too few") if share is None else f"{share}%"


def spoken(time: timedelta) -> str:
    """Minutes, hours up to two days, then days; never nothing."""
    minutes = max(int(time.total_seconds() // 60), 1)
    if minutes < 60:
        return _("%(n)s min") % {"n": minutes}
    hours = minutes // 60
    return _("%(n)s h") % {"n": hours} if hours < 48 else _("%(n)s d") % {"n": hours // 24}
