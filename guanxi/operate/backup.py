"""`guanxi backup`: everything in one file while people go on writing. All tables are read in one snapshot; files come after it.

A file is on the disk before its row is committed, so that every row of the snapshot finds its file.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import structlog
from django.conf import settings

from guanxi import __version__
from guanxi.base import clock, milestones
from guanxi.base.db import conninfo
from guanxi.operate import archive, figures, tables
from guanxi.operate.archive import Manifest, Writer

log = structlog.get_logger(__name__)
PREFIX = "guanxi-"


@dataclass(frozen=True)
class Made:
    """An archive that is complete on the disk."""

    file: Path
    manifest: Manifest
    seconds: float

    @property
    def bytes(self) -> int:
        return self.file.stat().st_size

    @property
    def rows(self) -> int:
        return sum(part.rows for part in self.manifest.parts.values())


def folder() -> Path:
    """Where archives go when no name is given."""
    return Path(settings.DATA_DIR) / "backups"


def default_file() -> Path:
    """A name that says when."""
    return folder() / f"{PREFIX}{clock.now():%Y%m%d-%H%M%S}.tar"


def make(file: Path | None = None, *, whole: bool = False, files: bool = True) -> Made:
    """Write the archive. `whole` keeps sessions too (for the way back of an upgrade), `files` are the uploads. Raises Trouble."""
    begun = time.monotonic()
    target = file or default_file()
    with archive.writing(target) as writer:
        manifest = dump(writer, whole=whole)
        manifest.with_files = files
        if files:
            manifest.missing_files = add_files(writer, Path(settings.MEDIA_ROOT))
        writer.finish(manifest)
    made = Made(target, manifest, round(time.monotonic() - begun, 2))
    told = {"bytes": made.bytes, "rows": made.rows, "files": len(manifest.files), "seconds": made.seconds}
    milestones.note("backup", now=clock.now(), file=str(target), **told)
    log.info("operate.backup", file=str(target), **told)
    return made


def dump(writer: Writer, *, whole: bool) -> Manifest:
    """Every table and the figures, as of one moment."""
    with psycopg.connect(**conninfo("backup"), autocommit=True) as link, link.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL TimeZone = 'UTC'")
        known = tables.columns(cursor)
        left_out = {} if whole else {name: why for name, why in tables.LEFT_OUT.items() if name in known}
        manifest = Manifest(
            made_at=clock.now().isoformat(), version=__version__, postgres=str(figures.one(cursor, "SHOW server_version")[0]),
            migrations=figures.migrations(cursor), columns={name: names for name, names in known.items() if name not in left_out and name != tables.APPLIED},
            figures=figures.take(cursor), left_out=left_out,
        )  # fmt: skip
        for name, names in manifest.columns.items():
            writer.add_table(name, copied(cursor, name, names, whole=whole))
        cursor.execute("COMMIT")
    return manifest


def copied(cursor: psycopg.Cursor, table: str, names: list[str], *, whole: bool) -> Callable[[Callable[[bytes], object]], int]:
    """A function that writes the table's rows and returns their number."""

    def fill(write: Callable[[bytes], object]) -> int:
        with cursor.copy(f"COPY ({tables.select(table, names, whole=whole)}) TO STDOUT") as rows:
            for block in rows:
                write(bytes(block))
        return cursor.rowcount

    return fill


def add_files(writer: Writer, root: Path) -> list[str]:
    """Every upload that lies complete under `root`; names of those that vanished while we looked."""
    return [path for path, file in uploads(root) if not writer.add_file(path, file)]


def uploads(root: Path) -> Iterator[tuple[str, Path]]:
    """(path relative to `root`, where it is), without what is still being written."""
    for file in sorted(root.rglob("*")):
        path = file.relative_to(root).as_posix()
        if file.is_file() and not file.is_symlink() and file.suffix != ".part" and archive.allowed(f"files/{path}"):
            yield path, file


def keep(count: int) -> list[Path]:
    """Delete all but the newest `count` archives of our own naming in our own folder; which."""
    ours = sorted(folder().glob(f"{PREFIX}*.tar"), reverse=True)
    for old in ours[max(1, count) :]:
        old.unlink()
        old.with_suffix(".report.json").unlink(missing_ok=True)
    return ours[max(1, count) :]


def told(made: Made) -> str:
    """One line for a person."""
    size: Any = made.bytes / 1024**2
    return f"{made.file}: {size:.1f} MB, {made.rows} rows of {len(made.manifest.tables)} tables, {len(made.manifest.files)} files, {made.seconds:.1f} s"
