"""The database: version, durability, clock, room, tables, hints."""

from collections.abc import Iterable

import psycopg
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from guanxi.base import clock as ours
from guanxi.base.doctor.finding import Finding, good, judged

OLDEST = 150000
DRIFT = 2.0  # seconds
HINT_LIMIT = 3.0  # seconds


def _show(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [name])
        return str(cursor.fetchone()[0])


def server() -> Iterable[Finding]:
    """Version and encoding."""
    number, text, encoding = int(_show("server_version_num")), _show("server_version"), _show("server_encoding")
    yield judged("version", number >= OLDEST, f"PostgreSQL {text}", why="Older servers lack what our tables use.", remedy="Use PostgreSQL 15 or newer.")
    remedy = "Create the database anew with ENCODING 'UTF8' and restore into it."
    yield judged("encoding", encoding == "UTF8", encoding, why="Chinese text cannot be kept otherwise.", remedy=remedy)


def durability() -> Iterable[Finding]:
    """What makes an acknowledged act survive a power cut."""
    for name in ("fsync", "full_page_writes", "synchronous_commit"):
        why = "An act that was confirmed could be lost when the power goes."
        yield judged(name, _show(name) not in ("off", "local"), _show(name), why=why, remedy=f"ALTER SYSTEM SET {name} = on, then reload.")
    yield judged(
        "data checksums", _show("data_checksums") == "on", _show("data_checksums"),
        why="A disk that answers wrongly goes unnoticed.", remedy="Stop the server and run pg_checksums --enable.", otherwise="look",
    )  # fmt: skip


def clock() -> Iterable[Finding]:
    """Our clock beside the database's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        drift = abs((cursor.fetchone()[0] - ours.now()).total_seconds())
    why = "Deadlines and logs would disagree."
    yield judged("clock", drift < DRIFT, f"{drift:.2f} s apart from the database", why=why, remedy="Let both machines follow NTP.", otherwise="look")


def zone() -> Iterable[Finding]:
    """Moments are kept with their zone, so the server's own only matters to people who look into the tables."""
    yield good("time zone", f"{_show('TimeZone')} in this connection; dates of trade end at 24:00 {settings.TIME_ZONE}")


def extensions() -> Iterable[Finding]:
    """None is needed; what is there is no harm."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(string_agg(extname, ', ' ORDER BY extname), '') FROM pg_extension WHERE extname <> 'plpgsql'")
        there = cursor.fetchone()[0]
    yield good("extensions", there or "none, and none is needed")


def room() -> Iterable[Finding]:
    """Connections: eight threads a web process, four a gateway, eight the worker, and some for people."""
    most = int(_show("max_connections"))
    needed = 9 * settings.WEB_PROCESSES + 5 * settings.GATEWAY_PROCESSES + 12
    remedy = "Raise max_connections, or put PgBouncer in between (docs/operate/running.md)."
    yield judged("connections", most >= needed, f"{most} allowed, about {needed} needed", why="Requests would wait.", remedy=remedy)


def migrations() -> Iterable[Finding]:
    """Tables as this version expects them."""
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    yield judged("migrations", missing == 0, f"{missing} missing", why="The code expects newer tables.", remedy="Run `guanxi migrate`.")


def hints() -> Iterable[Finding]:
    """A NOTIFY must reach a LISTEN: through a pooler in transaction mode it does not."""
    name = "guanxi_doctor"
    with psycopg.connect(settings.DATABASE_DIRECT_URL, autocommit=True) as link:
        link.execute(f"LISTEN {name}")
        link.execute(f"NOTIFY {name}")
        arrived = any(True for _ in link.notifies(timeout=HINT_LIMIT, stop_after=1))
    remedy = "Set DATABASE_DIRECT_URL to the server itself, past the pooler."
    found = judged("hints", arrived, "lost", why="New messages would appear up to 5 s late.", remedy=remedy)
    yield good("hints", "arrive") if arrived else found
