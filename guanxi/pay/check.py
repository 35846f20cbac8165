"""Does the book agree with itself, and with what providers say? Every difference is a line for a person (quality.md M1, M9, M17, M18)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from guanxi.base import clock

UNDER_WAY = timedelta(hours=1)  # news may be on their way for so long before their absence is a difference

STORED = """
    SELECT COALESCE(f.conversation_id, a.conversation_id), COALESCE(f.code, a.code), COALESCE(f.currency, a.currency),
           COALESCE(a.balance, 0), COALESCE(f.sum, 0)
    FROM (SELECT * FROM pay_account WHERE {here}) a
    FULL JOIN (
        SELECT conversation_id, code, currency, sum(delta)::bigint AS sum FROM (
            SELECT conversation_id, debit AS code, currency, CASE WHEN debit ~ '^(clearing|bank):' THEN amount ELSE -amount END AS delta
            FROM pay_transfer WHERE {here}
            UNION ALL
            SELECT conversation_id, credit, currency, CASE WHEN credit ~ '^(clearing|bank):' THEN -amount ELSE amount END FROM pay_transfer WHERE {here}
        ) moves GROUP BY conversation_id, code, currency
    ) f ON f.conversation_id = a.conversation_id AND f.code = a.code AND f.currency = a.currency
    WHERE COALESCE(a.balance, 0) <> COALESCE(f.sum, 0)
"""
TRIAL = """
    SELECT conversation_id, currency, sum(CASE WHEN code ~ '^(clearing|bank):' THEN balance ELSE -balance END)::bigint AS total
    FROM pay_account WHERE {here} GROUP BY conversation_id, currency
    HAVING sum(CASE WHEN code ~ '^(clearing|bank):' THEN balance ELSE -balance END) <> 0
"""
# Row by row: what the sandbox moved under a number of ours, and what stands in the book under the same number.
SANDBOX = """
    SELECT t.number, t.kind, t.amount, t.currency, t.at, o.amount, o.currency, s.amount
    FROM (SELECT m.number, m.kind, m.amount, m.currency, m.at, c.attach FROM pay_sandbox_move m JOIN pay_sandbox_charge c ON c.id = m.charge_id {theirs}) t
    FULL JOIN (
        SELECT replace(movement_id::text, '-', '') AS number, amount, currency, debit LIKE 'clearing:%%' AS came
        FROM pay_transfer WHERE (debit = 'clearing:sandbox' OR credit = 'clearing:sandbox') AND {here}
    ) o ON o.number = t.number AND o.came = (t.kind = 'capture')
    LEFT JOIN pay_suspense s ON s.payment_id::text = regexp_replace(t.number, '(.{{8}})(.{{4}})(.{{4}})(.{{4}})(.{{12}})', '\\1-\\2-\\3-\\4-\\5')
        AND s.provider = 'sandbox' AND s.settled_at IS NULL AND s.amount = t.amount AND t.kind = 'capture'
    WHERE t.amount IS DISTINCT FROM o.amount OR t.currency IS DISTINCT FROM o.currency
"""


def differences(conversations: Iterable[UUID] | None = None, *, now: datetime | None = None) -> list[str]:
    """Stored balances against the fold of transfers, the trial balance, and our clearing account against the sandbox's own ledger."""
    ids = None if conversations is None else list(conversations)
    return balances(ids) + trial(ids) + sandbox(ids, now=now or clock.now())


def balances(ids: list[UUID] | None) -> list[str]:
    """Stored balances that are not the fold of their transfers."""
    return [f"{row[0]} {row[1]} {row[2]}: stored {row[3]}, transfers say {row[4]}" for row in ask(STORED, ids, times=3)]


def trial(ids: list[UUID] | None) -> list[str]:
    """Conversations where what we have is not what we owe."""
    return [f"{row[0]} {row[1]}: what is held and what is owed differ by {row[2]}" for row in ask(TRIAL, ids, times=1)]


def sandbox(ids: list[UUID] | None, *, now: datetime) -> list[str]:
    """Moves the two ledgers do not share: ours only, differing, and theirs only unless in suspense or just now on its way."""
    found = []
    for number, kind, theirs, _currency, at, ours, _ours_currency, suspended in ask(SANDBOX, ids, times=1, attach=True):
        if ours is None and (suspended is not None or now - at < UNDER_WAY):
            continue
        found.append(f"sandbox {kind or 'unknown'} {number or ''}: theirs {theirs}, ours {ours}")
    return found


def suspended(now: datetime) -> list[tuple[str, int, str, int]]:
    """Open suspense with its age in days: (reason, amount, currency, days). A person settles it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reason, amount, currency, at FROM pay_suspense WHERE settled_at IS NULL ORDER BY at")
        return [(reason, amount, currency, (now - at).days) for reason, amount, currency, at in cursor.fetchall()]


def ask(query: str, ids: list[UUID] | None, *, times: int, attach: bool = False) -> list[tuple[Any, ...]]:
    """The query over these conversations, or over all."""
    here = "TRUE" if ids is None else "conversation_id = ANY(%s)"
    params: list[Any] = [] if ids is None else [ids] * times
    parts = {"here": here}
    if attach:
        parts["theirs"] = "" if ids is None else "WHERE c.attach = ANY(%s)"
        params = [] if ids is None else [[one.hex for one in ids], *params]
    with connection.cursor() as cursor:
        cursor.execute(query.format(**parts), params)
        return cursor.fetchall()
