"""Reads the log for every device and notes what is to be sent: one push a talk or deal and round, the newest. In quiet hours it waits for the morning."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from guanxi.notify.choice.acts import wishes
from guanxi.notify.choice.rules import Wish, is_quiet
from guanxi.notify.push import keys
from guanxi.notify.push.fresh import Fresh, new
from guanxi.notify.push.rules import NUDGE, may_go, wanted
from guanxi.notify.push.table import Push, Subscription

MOST = 500
LOOKED_BACK = timedelta(hours=14)  # longer than a night of quiet hours
KEPT = timedelta(days=7)
# Most devices are quiet most of the time: one statement finds those in whose conversations something happened.
LIVELY = """
    SELECT s.id, s.person_id FROM notify_subscription s WHERE s.key = %s AND (
        EXISTS (SELECT 1 FROM talk_party t JOIN talk_conversation c ON c.id = t.conversation_id WHERE t.person_id = s.person_id AND t.left_at IS NULL
            AND t.active_at >= s.looked_at - interval '4 minutes' AND c.head_at >= s.looked_at - interval '2 minutes')
        OR EXISTS (SELECT 1 FROM people_membership m JOIN talk_party t ON t.company_id = m.company_id JOIN talk_conversation c ON c.id = t.conversation_id
            WHERE m.person_id = s.person_id AND m.ended_at IS NULL AND t.left_at IS NULL
            AND t.active_at >= s.looked_at - interval '4 minutes' AND c.head_at >= s.looked_at - interval '2 minutes')
    ) ORDER BY s.looked_at LIMIT %s
"""


def gather(now: datetime) -> int:
    """How many pushes were noted. Run by two workers at once it notes each once."""
    key = keys.public()
    Subscription.objects.filter(looked_at__lt=now - LOOKED_BACK).update(looked_at=now - LOOKED_BACK)
    with connection.cursor() as cursor:
        cursor.execute(LIVELY, [key, MOST])
        lively: dict[UUID, UUID] = dict(cursor.fetchall())
    wished = wishes(set(lively.values()))
    rows = new(list(lively), key=key, now=now) if lively else []
    noted = Push.objects.bulk_create([noted_as(row, now) for row in chosen(rows, wished, now)], ignore_conflicts=True)
    awake = [one for one, person in lively.items() if not is_quiet(wished.get(person, Wish()), now)]
    Subscription.objects.filter(pk__in=awake, looked_at__lt=now).update(looked_at=now)
    return len(noted)


def chosen(rows: list[Fresh], wished: dict[UUID, Wish], now: datetime) -> list[Fresh]:
    """Of each talk and each deal the newest that its device wants now; a mention or a nudge before the rest of its talk."""
    best: dict[tuple[UUID, UUID, UUID | None], Fresh] = {}
    for row in sorted(rows, key=lambda one: (not one.called and one.kind != NUDGE, -one.seq)):
        if goes(row, wished.get(row.person, Wish()), now):
            best.setdefault((row.subscription, row.conversation, row.about), row)
    return list(best.values())


def goes(row: Fresh, wish: Wish, now: datetime) -> bool:
    """By kind and by the hour."""
    by_kind = wanted(wish, row.kind, about_deal=row.about is not None, turn=row.turn, called=row.called, talk=row.talk, muted=row.muted)
    return by_kind and may_go(wish, row.turn, row.due_at, now)


def noted_as(row: Fresh, now: datetime) -> Push:
    return Push(subscription_id=row.subscription, person_id=row.person, conversation_id=row.conversation, seq=row.seq, about=row.about, due_at=now, made_at=now)


def forget(now: datetime) -> int:
    """What is older than a week; how many."""
    return Push.objects.filter(made_at__lt=now - KEPT).delete()[0]
