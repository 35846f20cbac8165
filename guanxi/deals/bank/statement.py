"""The statement of account 对账单 of two companies: what one owes the other by their orders, from the book, row by row.

The balance is what the buyer still has to pay: orders add to it, money in escrow or on the supplier's account takes from it, what an order lost
(cancelled, returned, not delivered) takes from it, what came back adds to it. Below zero the supplier owes. Minor units, one account a currency and side.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from guanxi.base.clock import HOME
from guanxi.base.errors import Invalid, Refused, Words
from guanxi.people.roles import can

MOST_DAYS = 400
# Kind of the row, its effect on the balance and on what escrow holds, by what the two accounts of a transfer are.
BOOKED: dict[tuple[str, str], tuple[str, int, int]] = {
    ("clearing", "escrow"): ("held", -1, 1), ("escrow", "payable"): ("released", 0, -1), ("escrow", "refundable"): ("returned", 0, -1),
    ("bank", "received"): ("received", -1, 0), ("bank", "unsettled"): ("received", -1, 0), ("bank", "repayable"): ("received", -1, 0),
    ("repayable", "bank"): ("refunded", 1, 0), ("received", "repayable"): ("credited", -1, 0),
}  # fmt: skip
WORDS: dict[str, Words] = {
    "ordered": _("Order"), "ended": _("Order ended, not to be paid"), "held": _("Paid into escrow"), "released": _("Released from escrow"),
    "returned": _("Returned from escrow, off the price"), "received": _("Received by bank transfer"), "refunded": _("Paid back by bank transfer"),
    "credited": _("Off the price, to be paid back"),
}  # fmt: skip
ROWS = """
    SELECT at, kind, amount, currency, number, order_id, mine FROM (
        SELECT o.placed_at AS at, 'ordered' AS kind, o.total AS amount, o.currency, o.number, o.id AS order_id, o.buyer_id = %(company)s AS mine, 0 AS n
        FROM deals_order o WHERE o.conversation_id = %(where)s AND (o.buyer_id = %(company)s OR o.supplier_id = %(company)s)
        UNION ALL
        SELECT o.ended_at, 'ended', sum(s.amount - s.received)::bigint, o.currency, o.number, o.id, o.buyer_id = %(company)s, 2
        FROM deals_order o JOIN deals_stage s ON s.order_id = o.id AND s.conversation_id = o.conversation_id
        WHERE o.conversation_id = %(where)s AND s.state = 'cancelled' AND s.amount > s.received AND o.ended_at IS NOT NULL
              AND (o.buyer_id = %(company)s OR o.supplier_id = %(company)s) GROUP BY o.id
        UNION ALL
        SELECT t.at, split_part(t.debit, ':', 1) || '>' || split_part(t.credit, ':', 1), t.amount, t.currency, o.number, o.id, o.buyer_id = %(company)s, 1
        FROM pay_transfer t JOIN deals_order o ON o.id = t.about AND o.conversation_id = t.conversation_id
        WHERE t.conversation_id = %(where)s AND (o.buyer_id = %(company)s OR o.supplier_id = %(company)s)
    ) rows WHERE at < %(until)s ORDER BY at, n, number
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One line: `change` of the balance, `held` of escrow, and the balance after it."""

    at: datetime
    kind: str
    number: str
    order_id: UUID
    amount: int
    change: int
    held: int
    balance: int

    @property
    def words(self) -> str:
        return str(WORDS[self.kind])


@dataclass(slots=True)
class Account:
    """One currency, one side: `side` is what the company asking is there. Sums are of the period; `held` is in escrow at its end."""

    side: str
    currency: str
    opening: int = 0
    closing: int = 0
    held: int = 0
    rows: list[Row] = field(default_factory=list)
    sums: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Statement:
    """`first` and `last` day, both in Shanghai and both within."""

    first: date
    last: date
    accounts: list[Account]


def require(role: str | None) -> None:
    """Finance, admins and the owner; a viewer reads. Raises Refused."""
    if not (can(role, "money") or role == "viewer"):
        raise Refused("role-cannot-money", _("Money is for finance, admins and the owner of your company."))


def period(first: object, last: object, *, now: datetime) -> tuple[date, date]:
    """The days asked for, this month by default. Raises Invalid for what is no period, or too long a one."""
    today = now.astimezone(HOME).date()
    wrong: dict[str, Words] = {}
    days = []
    for name, given, usual in (("from", first, today.replace(day=1)), ("to", last, today)):
        try:
            days.append(date.fromisoformat(str(given)) if given else usual)
        except ValueError:
            wrong[name] = _("This must be a date.")
    if wrong:
        raise Invalid(wrong)
    begin, end = days
    if not date(2000, 1, 1) <= begin <= end <= date(2200, 1, 1) or end - begin > timedelta(days=MOST_DAYS):
        raise Invalid({"to": _("Choose a period of at most 400 days.")})
    return begin, end


def draw(conversation: UUID, company: UUID, first: date, last: date) -> Statement:
    """The statement as this company sees it, in one statement of SQL. The caller has made sure that it takes part in the conversation."""
    until = datetime.combine(last + timedelta(days=1), time(), HOME)
    with connection.cursor() as cursor:
        cursor.execute(ROWS, {"where": conversation, "company": company, "until": until})
        found = cursor.fetchall()
    return Statement(first, last, fold(found, begin=datetime.combine(first, time(), HOME)))


def fold(found: Iterable[tuple], *, begin: datetime) -> list[Account]:
    """Rows before `begin` make the opening balance, the others are shown; buying first, then selling."""
    accounts: dict[tuple[str, str], Account] = {}
    for at, kind, amount, currency, number, order_id, mine in found:
        known = effect(kind, amount)
        if known is None:
            continue
        side = "buyer" if mine else "supplier"
        account = accounts.setdefault((side, currency), Account(side, currency))
        name, change, held = known
        account.closing += change
        account.held += held
        if at < begin:
            account.opening = account.closing
        else:
            account.rows.append(Row(at, name, number, order_id, amount, change, held, account.closing))
            account.sums[name] = account.sums.get(name, 0) + amount
    return [accounts[key] for key in sorted(accounts)]


def effect(kind: str, amount: int) -> tuple[str, int, int] | None:
    """The row's name, and what it changes; None for what moves inside (payouts, settling)."""
    if kind in ("ordered", "ended"):
        return kind, amount if kind == "ordered" else -amount, 0
    debit, _arrow, credit = kind.partition(">")
    found = BOOKED.get((debit, credit))
    return (found[0], found[1] * amount, found[2] * amount) if found else None
