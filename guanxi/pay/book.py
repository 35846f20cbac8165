"""Double entry inside one conversation: post, balances, folds, trial balance (quality.md M1-M8, M13, M17).

Every function that writes runs inside a turn: the conversation's lock is held. Amounts are minor units of one currency.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from guanxi.base.ids import new_id
from guanxi.pay.table import Account, Transfer

ASSETS = ("clearing", "bank")  # what a provider holds for us, and what lies at a supplier's own bank; all other accounts say whom it belongs to

LOCK = "SELECT code, balance FROM pay_account WHERE conversation_id = %s AND currency = %s AND code = ANY(%s) ORDER BY code FOR UPDATE"
CHANGE = """
    WITH v AS (SELECT * FROM unnest(%s::uuid[], %s::text[], %s::bigint[]) AS v(id, code, delta)), changed AS (
        UPDATE pay_account a SET balance = a.balance + v.delta FROM v WHERE a.conversation_id = %s AND a.currency = %s AND a.code = v.code RETURNING a.code
    )
    INSERT INTO pay_account (id, conversation_id, code, currency, balance)
    SELECT v.id, %s, v.code, %s, v.delta FROM v WHERE v.code <> ALL(%s)
"""
FOLD = """
    SELECT code, currency, sum(delta)::bigint FROM (
        SELECT debit AS code, currency, CASE WHEN debit ~ '^(clearing|bank):' THEN amount ELSE -amount END AS delta FROM pay_transfer WHERE {where}
        UNION ALL
        SELECT credit, currency, CASE WHEN credit ~ '^(clearing|bank):' THEN -amount ELSE amount END FROM pay_transfer WHERE {where}
    ) moves GROUP BY code, currency
"""


class Overdrawn(Exception):
    """A posting would take an account below zero."""


@dataclass(frozen=True, slots=True)
class Move:
    """`amount` > 0 in minor units, from the account it leaves to the account it reaches in the sense of debit and credit."""

    debit: str
    credit: str
    amount: int


@dataclass(frozen=True, slots=True)
class Movement:
    """What one act's transfers share. `about` is the order, `at` the business time."""

    id: UUID
    currency: str
    act: str
    about: UUID
    at: datetime
    recorded_at: datetime | None = None


def clearing(provider: str) -> str:
    """What this provider holds for us."""
    return f"clearing:{provider}"


def escrow(order: UUID) -> str:
    """What is held for an order."""
    return f"escrow:{order}"


def payable(company: UUID) -> str:
    """What is released to a supplier and not yet paid out."""
    return f"payable:{company}"


def refundable(company: UUID) -> str:
    """What goes back to a buyer and is not yet on its way."""
    return f"refundable:{company}"


def bank(supplier: UUID) -> str:
    """What a buyer paid into the supplier's own account, less what he got back of it. Money of nobody here."""
    return f"bank:{supplier}"


def received(order: UUID) -> str:
    """What of that counts towards an order's price."""
    return f"received:{order}"


def unsettled(order: UUID) -> str:
    """What of it fits no stage and waits to be settled."""
    return f"unsettled:{order}"


def repayable(order: UUID) -> str:
    """What of it the supplier owes back."""
    return f"repayable:{order}"


def is_asset(code: str) -> bool:
    """Whether a debit makes this account grow."""
    return code.partition(":")[0] in ASSETS


def post(conversation: UUID, moves: Sequence[Move], *, movement: Movement) -> None:
    """Write the transfers of one movement and the balances they change.

    Raises Overdrawn when an account would go below zero, ValueError for an amount that is not a positive whole number.
    """
    if any(type(move.amount) is not int or move.amount <= 0 for move in moves):
        raise ValueError("amounts are positive whole minor units")
    change(conversation, movement.currency, deltas(moves))
    Transfer.objects.bulk_create(
        Transfer(
            id=new_id(), conversation_id=conversation, movement_id=movement.id, debit=move.debit, credit=move.credit, amount=move.amount,
            currency=movement.currency, act=movement.act, about=movement.about, at=movement.at, recorded_at=movement.recorded_at or movement.at,
        )
        for move in moves
    )  # fmt: skip


def deltas(moves: Iterable[Move]) -> dict[str, int]:
    """How each account's balance changes, in the sign of the account."""
    total: dict[str, int] = {}
    for move in moves:
        total[move.debit] = total.get(move.debit, 0) + (move.amount if is_asset(move.debit) else -move.amount)
        total[move.credit] = total.get(move.credit, 0) + (-move.amount if is_asset(move.credit) else move.amount)
    return total


def change(conversation: UUID, currency: str, changes: dict[str, int]) -> None:
    """Lock the accounts in the order of their codes, then change them; new ones are opened."""
    codes = sorted(changes)
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [conversation, currency, codes])
        known = dict(cursor.fetchall())
        if below := [code for code in codes if known.get(code, 0) + changes[code] < 0]:
            raise Overdrawn(f"{below[0]} would go below zero")
        ids, by = [new_id() for _code in codes], [changes[code] for code in codes]
        cursor.execute(CHANGE, [ids, codes, by, conversation, currency, conversation, currency, list(known)])


def reverse(conversation: UUID, transfer: Transfer, *, movement: UUID, act: str, at: datetime) -> Transfer:
    """A correction: the opposite transfer, naming the one it takes back. The database allows one a transfer."""
    change(conversation, transfer.currency, deltas([Move(transfer.credit, transfer.debit, transfer.amount)]))
    return Transfer.objects.create(
        conversation_id=conversation, movement_id=movement, debit=transfer.credit, credit=transfer.debit, amount=transfer.amount,
        currency=transfer.currency, act=act, about=transfer.about, reverses=transfer.id, at=at, recorded_at=at,
    )  # fmt: skip


def posted(conversation: UUID, movement: UUID) -> bool:
    """Whether this movement stands in the book already."""
    return Transfer.objects.of(conversation).filter(movement_id=movement).exists()


def balance(conversation: UUID, code: str, currency: str) -> int:
    """The stored balance, 0 for an account nobody opened."""
    return Account.objects.of(conversation).filter(code=code, currency=currency).values_list("balance", flat=True).first() or 0


def balances(conversation: UUID) -> dict[tuple[str, str], int]:
    """All stored balances by (code, currency)."""
    return {(code, currency): amount for code, currency, amount in Account.objects.of(conversation).values_list("code", "currency", "balance")}


def fold(conversation: UUID, *, until: datetime | None = None, recorded_until: datetime | None = None) -> dict[tuple[str, str], int]:
    """The balances as the transfers tell them: up to a business time, or as they were known at a recording time (M13)."""
    where, params = "conversation_id = %s", [conversation]
    for column, moment in (("at", until), ("recorded_at", recorded_until)):
        if moment is not None:
            where += f" AND {column} <= %s"
            params.append(moment)  # type: ignore[arg-type]
    with connection.cursor() as cursor:
        cursor.execute(FOLD.format(where=where), params + params)
        return {(code, currency): int(amount) for code, currency, amount in cursor.fetchall()}


def trial_by_balances(conversation: UUID) -> dict[str, int]:
    """What we have less what we owe, by currency, from stored balances: zero when the book is right (M17)."""
    total: dict[str, int] = {}
    for (code, currency), amount in balances(conversation).items():
        total[currency] = total.get(currency, 0) + (amount if is_asset(code) else -amount)
    return total


def trial_by_transfers(conversation: UUID) -> dict[str, int]:
    """The same figure by another way: what came in and went out at providers and banks less what was credited to somebody (M17)."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT currency,
                      sum(amount) FILTER (WHERE debit ~ '^(clearing|bank):') AS came, sum(amount) FILTER (WHERE credit ~ '^(clearing|bank):') AS went,
                      sum(amount) FILTER (WHERE credit !~ '^(clearing|bank):') AS owed, sum(amount) FILTER (WHERE debit !~ '^(clearing|bank):') AS settled
               FROM pay_transfer WHERE conversation_id = %s GROUP BY currency""",
            [conversation],
        )
        return {row[0]: int((row[1] or 0) - (row[2] or 0) - (row[3] or 0) + (row[4] or 0)) for row in cursor.fetchall()}
