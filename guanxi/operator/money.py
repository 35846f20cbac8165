"""The book as an operator reads it: trial balance by class and currency, movements of an order, the provider's statement beside ours."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import Refused
from guanxi.base.ids import find_id
from guanxi.base.table import Milestone
from guanxi.deals.order.table import Order
from guanxi.deals.payment import check as orders_check
from guanxi.deals.payment.provider import refusal
from guanxi.deals.payment.table import Payout
from guanxi.pay import check
from guanxi.pay.book import is_asset
from guanxi.pay.port import Event, find_provider
from guanxi.pay.table import ProviderEvent, Suspense, Transfer

PAGE = 100
LONG = timedelta(hours=2)  # a provider that has not confirmed money on its way for so long
TRIAL = """
    SELECT CASE WHEN code LIKE 'clearing:%' THEN code ELSE split_part(code, ':', 1) END, currency, sum(balance)::bigint, count(*)
    FROM pay_account GROUP BY 1, 2 ORDER BY 2, 1
"""
# Every move of the sandbox and of our clearing account with it, paired by number; what differs first.
STATEMENT = """
    SELECT COALESCE(t.number, o.number), COALESCE(t.kind, CASE WHEN o.came THEN 'capture' ELSE 'out' END), COALESCE(t.at, o.at), t.amount, o.amount,
        COALESCE(t.currency, o.currency), o.conversation_id, s.id, s.settled_at IS NOT NULL,
        t.amount IS DISTINCT FROM o.amount OR t.currency IS DISTINCT FROM o.currency AS differs
    FROM pay_sandbox_move t
    FULL JOIN (
        SELECT replace(movement_id::text, '-', '') AS number, amount, currency, at, conversation_id, debit LIKE 'clearing:%%' AS came
        FROM pay_transfer WHERE debit = 'clearing:sandbox' OR credit = 'clearing:sandbox'
    ) o ON o.number = t.number AND o.came = (t.kind = 'capture')
    LEFT JOIN pay_suspense s ON replace(s.payment_id::text, '-', '') = t.number AND s.provider = 'sandbox' AND s.amount = t.amount AND t.kind = 'capture'
    WHERE %s OR t.amount IS DISTINCT FROM o.amount OR t.currency IS DISTINCT FROM o.currency
    ORDER BY 10 DESC, 3 DESC LIMIT %s OFFSET %s
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One class of accounts: what we have stands in debit, what we owe in credit, minor units."""

    name: str
    currency: str
    debit: int
    credit: int
    accounts: int


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the statement beside ours. state: same, unknown (in suspense), closed (a person looked), differs."""

    number: str
    kind: str
    at: datetime
    theirs: int | None
    ours: int | None
    currency: str
    conversation: UUID | None
    state: str


@dataclass(frozen=True, slots=True)
class Late:
    """Money on its way; `reason` is the provider's word when it refused for good."""

    payout: Payout
    reason: str


def trial() -> list[Line]:
    """By class and currency; equal sums when the book is right (quality.md M17)."""
    with connection.cursor() as cursor:
        cursor.execute(TRIAL)
        rows = cursor.fetchall()
    return [
        Line(name, currency, amount if is_asset(name) else 0, 0 if is_asset(name) else amount, many)
        for name, currency, amount, many in rows
    ]


def sums(lines: list[Line]) -> dict[str, tuple[int, int]]:
    """Debit and credit of each currency."""
    found: dict[str, tuple[int, int]] = {}
    for line in lines:
        debit, credit = found.get(line.currency, (0, 0))
        found[line.currency] = (debit + line.debit, credit + line.credit)
    return found


def balanced() -> bool:
    """One statement: no conversation where what is held and what is owed differ."""
    return not check.trial(None)


def differences() -> list[str]:
    """What the checks of book and orders find, in words."""
    return [*check.differences(), *orders_check.differences()]


def statement(*, whole: bool, first: int = 0) -> list[Row]:
    """Row by row against the sandbox's own ledger; only what differs unless `whole`."""
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, [whole, PAGE + 1, first])
        return [
            Row(number, kind, at, theirs, ours, currency, conversation, _state(differs, suspense is not None, closed))
            for number, kind, at, theirs, ours, currency, conversation, suspense, closed, differs in cursor.fetchall()
        ]


def _state(differs: bool, suspended: bool, closed: bool) -> str:
    if not differs:
        return "same"
    return "closed" if closed else "unknown" if suspended else "differs"


def find_orders(words: str) -> list[Order]:
    """By number, or all of a conversation."""
    number, conversation = words.strip().upper(), find_id(words.strip().lower())
    if not number or "\x00" in number:
        return []
    return list(Order.objects.filter(Q(number=number) | Q(conversation_id=conversation)).order_by("-placed_at", "-id")[:PAGE])


def movements(conversation: UUID, order: UUID | None = None) -> list[Transfer]:
    """Oldest first."""
    rows = Transfer.objects.of(conversation)
    return list((rows.filter(about=order) if order else rows).order_by("at", "id")[: 5 * PAGE])


def suspense() -> list[Suspense]:
    """Unknown money that waits for a person, oldest first."""
    return list(Suspense.objects.filter(settled_at=None).order_by("at")[:PAGE])


def events() -> list[ProviderEvent]:
    """Verified messages nothing has handled. What they say stays unread here: it may hold names."""
    return list(ProviderEvent.objects.filter(handled_at=None).defer("raw").order_by("received_at")[:PAGE])


def late_payouts(now: datetime) -> list[Late]:
    """Asked for long and not confirmed, or refused by the provider for good, with its reason."""
    refused = {row.name: str(row.body.get("reason", "")) for row in Milestone.objects.filter(name__startswith="refused:")}
    ids = [find_id(name.partition(":")[2]) for name in refused]
    rows = Payout.objects.filter(Q(asked_at__lt=now - LONG) | Q(pk__in=ids), state="asked").order_by("asked_at")[:PAGE]
    return [Late(row, refused.get(refusal(row.id), "")) for row in rows]


def parse_again(row: ProviderEvent) -> Event:
    """A kept message as its provider reads it: it was verified when it came. Raises Refused when the provider cannot."""
    parse = getattr(find_provider(row.provider), "again", None)
    try:
        if parse is None or not row.verified:
            raise ValueError("this provider reads nothing twice")
        event: Event = parse(bytes(row.raw))
    except (ValueError, KeyError, TypeError) as error:
        raise Refused("unreadable", _("This message cannot be read again. Ask the provider what it was, then put it aside.")) from error
    return event
