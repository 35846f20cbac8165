"""Does every held amount have a live order, and does every sum have its rows? Each difference is a line for a person (quality.md M7, M8, D4)."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection

# Each query gives (conversation, what, said, counted) for what does not agree.
QUERIES = {
    "escrow is not what the payments of its order hold": """
        SELECT o.conversation_id, o.number, COALESCE(a.balance, 0), COALESCE(p.held, 0) FROM deals_order o
        LEFT JOIN pay_account a ON a.conversation_id = o.conversation_id AND a.code = 'escrow:' || o.id::text AND a.currency = o.currency
        LEFT JOIN (SELECT conversation_id, order_id, sum(paid - released - returned)::bigint AS held FROM deals_payment GROUP BY 1, 2) p
               ON p.conversation_id = o.conversation_id AND p.order_id = o.id
        WHERE {here} AND COALESCE(a.balance, 0) <> COALESCE(p.held, 0)""",
    "money is held for an order that has ended": """
        SELECT o.conversation_id, o.number, p.paid - p.released - p.returned, 0 FROM deals_payment p
        JOIN deals_order o ON o.id = p.order_id AND o.conversation_id = p.conversation_id
        WHERE {here} AND o.state <> 'placed' AND p.paid - p.released - p.returned <> 0""",
    "an escrow account has no order": """
        SELECT a.conversation_id, a.code, a.balance, 0 FROM pay_account a
        LEFT JOIN deals_order o ON o.conversation_id = a.conversation_id AND a.code = 'escrow:' || o.id::text
        WHERE {here_a} AND a.code LIKE 'escrow:%%' AND o.id IS NULL""",
    "stages do not sum to the total": """
        SELECT o.conversation_id, o.number, o.total, sum(s.amount - s.surplus)::bigint FROM deals_order o
        JOIN deals_stage s ON s.order_id = o.id AND s.conversation_id = o.conversation_id
        WHERE {here} GROUP BY o.id HAVING sum(s.amount - s.surplus) <> o.total""",
    "what was released is not what receipts and disputes say": """
        SELECT o.conversation_id, o.number, o.released, COALESCE(r.released, 0) + COALESCE(d.released, 0) FROM deals_order o
        LEFT JOIN (SELECT order_id, sum(released)::bigint AS released FROM deals_receipt GROUP BY 1) r ON r.order_id = o.id
        LEFT JOIN (SELECT order_id, sum(released)::bigint AS released FROM deals_dispute GROUP BY 1) d ON d.order_id = o.id
        WHERE {here} AND o.released <> COALESCE(r.released, 0) + COALESCE(d.released, 0)""",
    "what went back is not what receipts and disputes say": """
        SELECT o.conversation_id, o.number, o.returned, COALESCE(r.returned, 0) + COALESCE(d.returned, 0) FROM deals_order o
        LEFT JOIN (SELECT order_id, sum(returned)::bigint AS returned FROM deals_receipt GROUP BY 1) r ON r.order_id = o.id
        LEFT JOIN (SELECT order_id, sum(refunded)::bigint AS returned FROM deals_dispute GROUP BY 1) d ON d.order_id = o.id
        WHERE {here} AND o.returned <> COALESCE(r.returned, 0) + COALESCE(d.returned, 0)""",
    "a dispute does not freeze what is held": """
        SELECT o.conversation_id, o.number, d.frozen, COALESCE(p.held, 0) FROM deals_dispute d
        JOIN deals_order o ON o.id = d.order_id AND o.conversation_id = d.conversation_id
        LEFT JOIN (SELECT order_id, sum(paid - released - returned)::bigint AS held FROM deals_payment GROUP BY 1) p ON p.order_id = o.id
        WHERE {here} AND d.state <> 'closed' AND d.frozen <> COALESCE(p.held, 0)""",
    "an order and its dispute do not know each other": """
        SELECT o.conversation_id, o.number, COALESCE(o.dispute_id::text, ''), COALESCE(d.id::text, '') FROM deals_order o
        LEFT JOIN deals_dispute d ON d.order_id = o.id AND d.conversation_id = o.conversation_id AND d.state <> 'closed'
        WHERE {here} AND o.dispute_id IS DISTINCT FROM d.id""",
    "what was released is not what payments say": """
        SELECT o.conversation_id, o.number, o.released, COALESCE(sum(p.released), 0)::bigint FROM deals_order o
        LEFT JOIN deals_payment p ON p.order_id = o.id AND p.conversation_id = o.conversation_id
        WHERE {here} GROUP BY o.id HAVING o.released <> COALESCE(sum(p.released), 0)""",
    "held stages are not held payments": """
        SELECT o.conversation_id, o.number, COALESCE(s.held, 0), COALESCE(p.held, 0) FROM deals_order o
        LEFT JOIN (SELECT order_id, sum(amount)::bigint AS held FROM deals_stage WHERE state = 'held' GROUP BY 1) s ON s.order_id = o.id
        LEFT JOIN (SELECT order_id, sum(paid)::bigint AS held FROM deals_payment WHERE state = 'held' GROUP BY 1) p ON p.order_id = o.id
        WHERE {here} AND COALESCE(s.held, 0) <> COALESCE(p.held, 0)""",
    "what is owed is not what providers were asked for": """
        SELECT a.conversation_id, a.code, a.balance, COALESCE(sum(p.amount), 0)::bigint FROM pay_account a
        LEFT JOIN deals_payout p ON p.conversation_id = a.conversation_id AND p.currency = a.currency AND p.state = 'asked'
             AND a.code = CASE p.kind WHEN 'release' THEN 'payable:' ELSE 'refundable:' END || p.company_id::text
        WHERE {here_a} AND (a.code LIKE 'payable:%%' OR a.code LIKE 'refundable:%%') GROUP BY a.id HAVING a.balance <> COALESCE(sum(p.amount), 0)""",
    "received is not what the book says": """
        SELECT o.conversation_id, o.number, o.received, COALESCE(a.balance, 0) FROM deals_order o
        LEFT JOIN pay_account a ON a.conversation_id = o.conversation_id AND a.code = 'received:' || o.id::text AND a.currency = o.currency
        WHERE {here} AND o.received <> COALESCE(a.balance, 0)""",
    "received is not what transfers counted and refunds took": """
        SELECT o.conversation_id, o.number, o.received, COALESCE(t.counted, 0) - COALESCE(r.owed, 0) FROM deals_order o
        LEFT JOIN (SELECT order_id, sum(counted)::bigint AS counted FROM deals_banktransfer GROUP BY 1) t ON t.order_id = o.id
        LEFT JOIN (SELECT order_id, sum(amount)::bigint AS owed FROM deals_bankrefund WHERE counted GROUP BY 1) r ON r.order_id = o.id
        WHERE {here} AND o.received <> COALESCE(t.counted, 0) - COALESCE(r.owed, 0)""",
    "what stages received is not what transfers counted": """
        SELECT o.conversation_id, o.number, COALESCE(s.received, 0), COALESCE(t.counted, 0) FROM deals_order o
        LEFT JOIN (SELECT order_id, sum(received)::bigint AS received FROM deals_stage GROUP BY 1) s ON s.order_id = o.id
        LEFT JOIN (SELECT order_id, sum(counted)::bigint AS counted FROM deals_banktransfer GROUP BY 1) t ON t.order_id = o.id
        WHERE {here} AND COALESCE(s.received, 0) <> COALESCE(t.counted, 0)""",
    "money nobody settled is not what the book says": """
        SELECT o.conversation_id, o.number, COALESCE(t.open, 0), COALESCE(a.balance, 0) FROM deals_order o
        LEFT JOIN pay_account a ON a.conversation_id = o.conversation_id AND a.code = 'unsettled:' || o.id::text AND a.currency = o.currency
        LEFT JOIN (SELECT order_id, sum(got)::bigint AS open FROM deals_banktransfer WHERE state IN ('short', 'over') GROUP BY 1) t ON t.order_id = o.id
        WHERE {here} AND COALESCE(t.open, 0) <> COALESCE(a.balance, 0)""",
    "what is owed back is not what the book says": """
        SELECT o.conversation_id, o.number, COALESCE(r.open, 0), COALESCE(a.balance, 0) FROM deals_order o
        LEFT JOIN pay_account a ON a.conversation_id = o.conversation_id AND a.code = 'repayable:' || o.id::text AND a.currency = o.currency
        LEFT JOIN (SELECT order_id, sum(amount - done)::bigint AS open FROM deals_bankrefund GROUP BY 1) r ON r.order_id = o.id
        WHERE {here} AND COALESCE(r.open, 0) <> COALESCE(a.balance, 0)""",
    "a supplier's account is not what his orders received": """
        SELECT a.conversation_id, a.code, a.balance, COALESCE(m.sum, 0)::bigint FROM pay_account a
        LEFT JOIN (SELECT o.conversation_id, o.supplier_id, o.currency, sum(COALESCE(t.got, 0) - COALESCE(r.done, 0)) AS sum FROM deals_order o
                   LEFT JOIN (SELECT order_id, sum(got) AS got FROM deals_banktransfer GROUP BY 1) t ON t.order_id = o.id
                   LEFT JOIN (SELECT order_id, sum(done) AS done FROM deals_bankrefund GROUP BY 1) r ON r.order_id = o.id GROUP BY 1, 2, 3) m
               ON m.conversation_id = a.conversation_id AND a.code = 'bank:' || m.supplier_id::text AND m.currency = a.currency
        WHERE {here_a} AND a.code LIKE 'bank:%%' AND a.balance <> COALESCE(m.sum, 0)""",
    "shipments do not sum to what the lines say": """
        SELECT l.conversation_id, o.number || ' ' || l.n, l.shipped, COALESCE(m.q, 0) FROM deals_orderline l
        JOIN deals_order o ON o.id = l.order_id AND o.conversation_id = l.conversation_id
        LEFT JOIN (SELECT s.order_id, (x->>'n')::int AS n, sum((x->>'quantity')::numeric) AS q
                   FROM deals_shipment s, jsonb_array_elements(s.lines) x GROUP BY 1, 2) m ON m.order_id = l.order_id AND m.n = l.n
        WHERE {here} AND l.shipped + l.lost <> COALESCE(m.q, 0)""",
    "receipts do not sum to what the lines say": """
        SELECT l.conversation_id, o.number || ' ' || l.n, l.received, COALESCE(m.q, 0) FROM deals_orderline l
        JOIN deals_order o ON o.id = l.order_id AND o.conversation_id = l.conversation_id
        LEFT JOIN (SELECT r.order_id, (x->>'n')::int AS n, sum((x->>'quantity')::numeric) AS q
                   FROM deals_receipt r, jsonb_array_elements(r.lines) x GROUP BY 1, 2) m ON m.order_id = l.order_id AND m.n = l.n
        WHERE {here} AND l.received <> COALESCE(m.q, 0)""",
}


def differences(conversations: Iterable[UUID] | None = None) -> list[str]:
    """Every query's rows as words."""
    ids = None if conversations is None else list(conversations)
    return [f"{row[0]} {row[1]}: {words} ({row[2]}, {row[3]})" for words, query in QUERIES.items() for row in ask(query, ids)]


def ask(query: str, ids: list[UUID] | None) -> list[tuple[Any, ...]]:
    """The rows of one query, over these conversations or over all."""
    here = {"here": "TRUE", "here_a": "TRUE"} if ids is None else {"here": "o.conversation_id = ANY(%s)", "here_a": "a.conversation_id = ANY(%s)"}
    with connection.cursor() as cursor:
        cursor.execute(query.format(**here), [] if ids is None else [ids])
        return cursor.fetchall()
