"""Which tables there are, in which order they can be filled, and what of them stays out of an archive."""

from typing import Any, Protocol

# Whoever holds an archive must not be able to act as somebody. Everything else that guards access is kept as a hash.
LEFT_OUT = {
    "django_session": "sessions: everybody signs in again after a restore",
    "people_signincode": "codes on their way: they live ten minutes",
    "procrastinate_workers": "job workers of the old place",
    "notify_subscription": "push: sessions end with a restore, and so does what belongs to them",
    "notify_push": "pushes on their way to those",
    "base_limit": "how often something was tried",
}
APPLIED = "django_migrations"  # the manifest's list of migrations; written by applying them
# (table, column) -> an SQL expression written instead of the column.
REPLACED = {("people_device", "session_key"): "'gone-' || replace(id::text, '-', '')"}

TABLES = """
    SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    GROUP BY c.relname ORDER BY c.relname
"""
NEEDS = """
    SELECT DISTINCT c.conrelid::regclass::text, c.confrelid::regclass::text FROM pg_constraint c
    WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace AND c.conrelid <> c.confrelid
"""
SEQUENCES = """
    SELECT s.oid::regclass::text, t.relname, a.attname FROM pg_class s
    JOIN pg_depend d ON d.objid = s.oid AND d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
    JOIN pg_class t ON t.oid = d.refobjid JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
    WHERE s.relkind = 'S' AND s.relnamespace = 'public'::regnamespace
"""


class Cursor(Protocol):
    """psycopg's own cursor or Django's."""

    def execute(self, query: Any, params: Any = None, /) -> Any: ...
    def fetchall(self) -> list[Any]: ...


def columns(cursor: Cursor) -> dict[str, list[str]]:
    """Table -> columns that hold data of their own, in their order."""
    cursor.execute(TABLES)
    return {name: list(names) for name, names in cursor.fetchall()}


def in_order(cursor: Cursor) -> list[str]:
    """Every table after those it points to; of a circle anyone first (its constraints wait for the commit)."""
    needs: dict[str, set[str]] = {name: set() for name in columns(cursor)}
    cursor.execute(NEEDS)
    for name, needed in cursor.fetchall():
        needs[name].add(needed)
    ordered: list[str] = []
    while needs:
        free = sorted(name for name, wanted in needs.items() if not wanted & needs.keys()) or sorted(needs)[:1]
        ordered += free
        for name in free:
            del needs[name]
    return ordered


def quoted(name: str) -> str:
    """As an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def select(table: str, names: list[str], *, whole: bool) -> str:
    """The rows as they go into an archive; `whole` leaves nothing out."""
    shown = [quoted(name) if whole or (table, name) not in REPLACED else f"{REPLACED[table, name]} AS {quoted(name)}" for name in names]
    return f"SELECT {', '.join(shown)} FROM {quoted(table)}"  # noqa: S608 names of our own tables
