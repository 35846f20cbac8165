"""`guanxi upgrade`: backup, migrate, look whether all is well; when it is not, the tables are again as they were, sessions included.

Runs with the server stopped: nothing anybody does can fall between the backup and the way back.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import structlog
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from guanxi import __version__
from guanxi.base import clock, milestones
from guanxi.base.doctor import checks
from guanxi.operate import archive, backup, restore
from guanxi.supervisor import prepare
from guanxi.supervisor.trouble import Trouble

log = structlog.get_logger(__name__)
PAGES = ("/healthz", "/signin", "/api/v1/openapi.json")
OTHERS = (
    "SELECT count(*), min(application_name) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE %s"
)


@dataclass
class Outcome:
    """How it ended, with a line for each thing that was done or found."""

    well: bool
    words: str
    lines: list[str] = field(default_factory=list)


def upgrade(*, files: bool = True, look: Callable[[], list[str]] | None = None) -> Outcome:
    """Everything above. `look` finds what is wrong afterwards; by default `faults`. Raises Trouble before anything was changed."""
    require_alone()
    missing, known = len(pending()), bad()
    target = backup.folder() / f"before-upgrade-{clock.now():%Y%m%d-%H%M%S}.tar"
    made = backup.make(target, whole=True, files=files)
    lines = [f"backup: {backup.told(made)}"]
    try:
        prepare.migrate()
        prepare.gather_static()  # the pages that are looked at need it; an older version gathers its own again
        found = look() if look else faults(known)
    except BaseException as error:  # whatever it was, Ctrl-C included: the way back is the same
        found = [f"{type(error).__name__}: {str(error).strip().splitlines()[0] if str(error).strip() else 'no word'}"]
    if found:
        go_back(made.file)
        log.error("operate.upgrade", well=False, version=__version__, migrations=missing, found=found[:5])
        words = "the upgrade failed; the tables are as they were. Start the old version again."
        return Outcome(False, words, [*lines, *(f"found: {words}" for words in found), f"kept: {made.file}"])
    milestones.note("upgrade", now=clock.now(), version=__version__, migrations=missing)
    log.info("operate.upgrade", well=True, version=__version__, migrations=missing)
    return Outcome(True, f"version {__version__} is in place, {missing} migrations applied. Start it with `guanxi serve`.", lines)


def require_alone() -> None:
    """Raises Trouble while another process of ours uses the database."""
    with connection.cursor() as cursor:
        cursor.execute(OTHERS, ["guanxi%"])
        count, name = cursor.fetchone()
    if count:
        raise Trouble(f"{count} connections of Guanxi are open ({name}).", remedy="Stop every `guanxi serve` and `guanxi worker` first.")


def pending() -> list[object]:
    """Migrations still to apply. Raises Trouble for tables of a newer version."""
    executor = MigrationExecutor(connection)
    unknown = sorted(set(executor.loader.applied_migrations) - set(executor.loader.graph.nodes))
    if ours := [node for node in unknown if node not in executor.loader.replacements]:
        raise Trouble(f"The tables belong to a newer version: it knows {ours[0][0]}.{ours[0][1]}.", remedy="Start that version, or a newer one.")
    return list(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def bad() -> set[str]:
    """Names of what the doctor finds bad."""
    return {finding.name for finding in checks.examine() if finding.bad}


def faults(known: set[str]) -> list[str]:
    """What forbids to serve this version: missing tables, bad findings that were not `known`, differences, pages that do not answer."""
    found = [f"{len(missing)} migrations are still missing"] if (missing := pending()) else []
    found += [f"doctor: {finding.name}: {finding.what}" for finding in checks.examine() if finding.bad and finding.name not in known]
    return found + differences() + pages()


def differences() -> list[str]:
    """`guanxi check`; what the last one found before is not this version's fault."""
    from guanxi.check import differences as look

    last = milestones.find("check")
    found = [f"check: {difference}" for difference in look()]
    return found if len(found) > (last.body.get("differences", 0) if last else 0) else []


def pages() -> list[str]:
    """A few pages, asked for inside this process: the code imports, templates compile, tables answer."""
    from django.test import Client

    client = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
    found = []
    for path in PAGES:
        status = client.get(path, secure=settings.SECURE).status_code
        if status != 200:
            found.append(f"{path} answers {status}")
    return found


def go_back(file: Path) -> None:
    """The tables from the archive, under the migrations they had; uploads were never touched."""
    connection.close()
    restore.empty_database()
    restore.fill(file, archive.verify(file))
