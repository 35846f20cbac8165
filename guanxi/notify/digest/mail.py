"""Who wants it, what stands in it, once a day. No price and no private word: titles, names and clocks."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guanxi.base.errors import Busy
from guanxi.deals.deal.line import OTHER, TURNS
from guanxi.notify.choice.acts import stop_token
from guanxi.notify.choice.table import Choice
from guanxi.people import sender

MORNING = time(8)
DAY = timedelta(hours=20)  # so that eight o'clock comes every day, also after a late one
MOST = 100
LINES = 10
WAITING = """
    SELECT ch.person_id, d.title, d.turn, d.due_at, other.name FROM notify_choice ch
    JOIN people_membership m ON m.person_id = ch.person_id AND m.ended_at IS NULL
    JOIN deals_deal d ON d.turn_company = m.company_id AND d.state = 'live'
    JOIN people_company other ON other.id = CASE WHEN d.buyer_id = m.company_id THEN d.supplier_id ELSE d.buyer_id END
    WHERE ch.person_id = ANY(%s) ORDER BY ch.person_id, d.due_at NULLS LAST
"""
UNREAD = """
    SELECT ch.person_id, count(*) FROM notify_choice ch
    JOIN talk_party us ON us.left_at IS NULL AND (us.person_id = ch.person_id OR us.company_id IN (
        SELECT m.company_id FROM people_membership m WHERE m.person_id = ch.person_id AND m.ended_at IS NULL))
    JOIN talk_conversation c ON c.id = us.conversation_id
    LEFT JOIN talk_position po ON po.conversation_id = c.id AND po.person_id = ch.person_id
    WHERE ch.person_id = ANY(%s) AND c.head > GREATEST(COALESCE(po.read_seq, 0), COALESCE(po.from_seq, 0)) AND NOT COALESCE(po.muted, false)
    GROUP BY ch.person_id
"""
PEOPLE = "SELECT id, email, language FROM people_person WHERE id = ANY(%s) AND email IS NOT NULL AND closed_at IS NULL AND is_active AND NOT demo"


@dataclass(slots=True)
class Page:
    """What one person gets."""

    address: str
    language: str
    unread: int = 0
    duties: list[tuple[str, str, datetime | None, str]] = field(default_factory=list)


def send_all(*, now: datetime) -> int:
    """Everybody whose morning it is; how many mails left. Nothing to say, no mail. Each is claimed before it leaves, so that it comes once."""
    due = [row for row in Choice.objects.filter(digest=True).order_by("digest_at")[: MOST * 10] if is_due(row, now)][:MOST]
    pages = gather([row.person_id for row in due]) if due else {}
    return sum(send(row, pages[row.person_id], now) for row in due if row.person_id in pages)


def is_due(row: Choice, now: datetime) -> bool:
    """From eight in his morning on, once a day."""
    here = now.astimezone(ZoneInfo(row.zone)).time()
    return here >= MORNING and (row.digest_at is None or now - row.digest_at > DAY)


def gather(people: list[UUID]) -> dict[UUID, Page]:
    """Three statements for all of them."""
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE, [people])
        pages = {person: Page(email, language) for person, email, language in cursor.fetchall()}
        cursor.execute(WAITING, [list(pages)])
        duties = defaultdict(list)
        for person, *duty in cursor.fetchall():
            duties[person].append(tuple(duty))
        cursor.execute(UNREAD, [list(pages)])
        unread = dict(cursor.fetchall())
    for person, page in pages.items():
        page.duties, page.unread = duties[person], unread.get(person, 0)
    return pages


def send(row: Choice, page: Page, now: datetime) -> bool:
    """Claim the day, then send; what could not be sent is tried again in the next round."""
    before = row.digest_at
    if not Choice.objects.filter(pk=row.pk, digest=True, digest_at=before).update(digest_at=now) or not (page.duties or page.unread):
        return False
    stop = f"{settings.PUBLIC_URL}/n/{stop_token(row.person_id)}"
    try:
        with translation.override(page.language):
            headers = {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
            sender.send(page.address, _("Guanxi: your day"), words(page, row.zone, stop), headers=headers)
    except Busy:
        Choice.objects.filter(pk=row.pk, digest_at=now).update(digest_at=before)
        return False
    return True


def words(page: Page, zone: str, stop: str) -> str:
    """The text."""
    lines = []
    for title, turn, due_at, other in page.duties[:LINES]:
        until = f" · {date_format(due_at.astimezone(ZoneInfo(zone)), 'MONTH_DAY_FORMAT')}" if due_at else ""
        lines.append(f"- {other}: {TURNS.get(turn, OTHER).yours}. {title}{until}")
    if len(page.duties) > LINES:
        more = len(page.duties) - LINES
        lines.append(ngettext("and %(num)s more", "and %(num)s more", more) % {"num": more})
    if page.unread:
        lines.append(ngettext("%(num)s talk holds something new.", "%(num)s talks hold something new.", page.unread) % {"num": page.unread})
    return "\n".join([*lines, "", f"{settings.PUBLIC_URL}/work", "", _("No daily mail any more: {address}").format(address=stop)])
