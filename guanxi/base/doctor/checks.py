"""`guanxi doctor`: everything an operator would otherwise find out by searching. Nothing is changed by looking."""

from collections.abc import Callable, Iterable

from django.db import DatabaseError, connection

from guanxi.base.doctor import database, kept, outside, parts, place
from guanxi.base.doctor.finding import Finding, good

Check = Callable[[], Iterable[Finding]]

HERE: tuple[Check, ...] = (place.settings, place.python, place.folders, place.limits, place.public_address, kept.version)
DATABASE: tuple[Check, ...] = (
    database.server, database.durability, database.clock, database.zone, database.extensions, database.room, database.migrations, database.hints,
)  # fmt: skip
WORK: tuple[Check, ...] = (parts.queue, parts.money, parts.processes)
KEPT: tuple[Check, ...] = (kept.dates, kept.found, kept.storage, kept.papers)
OUTSIDE: tuple[Check, ...] = (outside.proxies, outside.sender, outside.providers, outside.push, outside.public)


def examine() -> list[Finding]:
    """Every finding; what needs a database is left out when there is none."""
    found = [finding for check in HERE for finding in check()]
    reached = reach()
    found.append(reached)
    if not reached.bad:
        found += [finding for check in (*DATABASE, *WORK, *KEPT, *OUTSIDE) for finding in _tried(check)]
    return found


def reach() -> Finding:
    """The first thing that must work."""
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        words = str(error).strip().splitlines()[0]
        remedy = "Start `guanxi serve`, or set DATABASE_URL to a PostgreSQL server that answers; DATA_DIR/log/postgres.log tells more."
        return Finding("database", "bad", f"does not answer ({words})", "Everything is kept there.", remedy)
    return good("database", "answers")


def _tried(check: Check) -> list[Finding]:
    try:
        return list(check())
    except DatabaseError as error:
        words = str(error).strip().splitlines()[0]
        return [Finding(check.__name__, "bad", f"could not be looked at ({words})", "The tables or rights are not as expected.", "Run `guanxi migrate`.")]
