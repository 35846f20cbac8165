"""What an instance amounts to, said in a few numbers: taken inside the backup's snapshot, and again after a restore."""

from typing import Any

from guanxi.operate.tables import Cursor

HEADS = """
    SELECT count(*), coalesce(sum(head), 0)::bigint, coalesce(sum(('x' || substr(md5(id::text || ':' || head), 1, 15))::bit(60)::bigint), 0)::text
    FROM talk_conversation
"""
BOOK = """
    SELECT currency, count(*), sum(amount)::text FROM pay_transfer GROUP BY currency ORDER BY currency
"""
BALANCES = """
    SELECT currency, split_part(code, ':', 1), sum(balance)::text FROM pay_account GROUP BY 1, 2 ORDER BY 1, 2
"""
MIGRATIONS = "SELECT app, name FROM django_migrations ORDER BY id"


def take(cursor: Cursor) -> dict[str, Any]:
    """Conversations with the sum and a digest of their heads; per currency the transfers and what each class of account holds, minor units."""
    conversations, heads, digest = one(cursor, HEADS)
    cursor.execute("SELECT count(*) FROM talk_entry")
    entries = cursor.fetchall()[0][0]
    cursor.execute(BOOK)
    book: dict[str, Any] = {currency: {"transfers": count, "moved": total, "balances": {}} for currency, count, total in cursor.fetchall()}
    cursor.execute(BALANCES)
    for currency, kind, total in cursor.fetchall():
        book.setdefault(currency, {"transfers": 0, "moved": "0", "balances": {}})["balances"][kind] = total
    return {"conversations": conversations, "heads": heads, "heads_digest": digest, "entries": entries, "book": book}


def migrations(cursor: Cursor) -> list[list[str]]:
    """What was applied, in its order."""
    cursor.execute(MIGRATIONS)
    return [[app, name] for app, name in cursor.fetchall()]


def one(cursor: Cursor, query: str) -> tuple[Any, ...]:
    """The only row."""
    cursor.execute(query)
    return tuple(cursor.fetchall()[0])
