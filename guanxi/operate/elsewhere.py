"""Another database and another folder of files for a while: the place where an archive is proved."""

import contextlib
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connections

from guanxi.base.db import conninfo
from guanxi.supervisor.trouble import Trouble

PREFIX = "guanxi_scratch_"
OLD_SECONDS = 6 * 3600  # no proof takes so long; machine time, since this is no business time
LEFT_BEHIND = """
SELECT datname FROM pg_database d WHERE starts_with(datname, %s) AND split_part(datname, '_', 3) < %s
AND NOT EXISTS (SELECT 1 FROM pg_stat_activity a WHERE a.datname = d.datname)
"""
OURS_THERE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = current_user AND pid <> pg_backend_pid()"


@contextlib.contextmanager
def scratch() -> Iterator[str]:
    """A new, empty database on the same server and an empty folder; both are gone afterwards. Its name. Raises Trouble without the right to make one."""
    name = f"{PREFIX}{int(time.time())}_{secrets.token_hex(3)}"
    folder = Path(tempfile.mkdtemp(prefix="guanxi-scratch-"))
    maintenance = conninfo("scratch")
    _forget_old(maintenance)
    try:
        _run(maintenance, f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        try:
            with standing_in(name, folder):
                yield name
        finally:
            _drop(maintenance, name)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def standing_in(name: str, files: Path) -> Iterator[None]:
    """Django's connection, and what `conninfo` gives, lead to the database `name` of the same server; uploads are looked for in `files`."""
    known = connections["default"].settings_dict
    before = known["NAME"], settings.MEDIA_ROOT
    connections["default"].close()
    known["NAME"], settings.MEDIA_ROOT = name, files
    try:
        yield
    finally:
        connections["default"].close()
        known["NAME"], settings.MEDIA_ROOT = before


def _forget_old(where: dict[str, str]) -> None:
    """A proof that was killed left its database behind: nobody else would ever delete it."""
    with psycopg.connect(**where, autocommit=True) as link:  # type: ignore[arg-type]
        for (name,) in link.execute(LEFT_BEHIND, (PREFIX, str(int(time.time()) - OLD_SECONDS))).fetchall():
            with contextlib.suppress(psycopg.Error):
                link.execute(f'DROP DATABASE IF EXISTS "{name}"')


def _drop(where: dict[str, str], name: str) -> None:
    """Our own connections end first. WITH (FORCE) would also end autovacuum's, which an ordinary role may not; a plain DROP has it stop by itself."""
    with psycopg.connect(**where, autocommit=True) as link:  # type: ignore[arg-type]
        link.execute(OURS_THERE, (name,))
        link.execute(f'DROP DATABASE IF EXISTS "{name}"')


def _run(where: dict[str, str], statement: str) -> None:
    try:
        with psycopg.connect(**where, autocommit=True) as link:  # type: ignore[arg-type]
            link.execute(statement)
    except psycopg.errors.InsufficientPrivilege as error:
        remedy = "ALTER ROLE ... CREATEDB, or run the proof with DATA_DIR set to a new folder and without DATABASE_URL: it then uses a server of its own."
        raise Trouble("This database role may not make a scratch database.", remedy=remedy) from error
