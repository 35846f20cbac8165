"""`guanxi restore FILE`: an archive into an empty place. The tables are made by the migrations the archive names, filled in one
transaction, compared with the archive's own figures, and only then brought up to this version. What fails leaves the place empty.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import structlog
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from guanxi.base import clock, milestones
from guanxi.operate import archive, figures, tables
from guanxi.operate.archive import OTHER, Manifest
from guanxi.supervisor import half_restored, prepare
from guanxi.supervisor.trouble import Trouble

log = structlog.get_logger(__name__)
SPARE = 64 * 1024**2  # bytes that stay free on the disk of the files


def restore(file: Path) -> Manifest:
    """Everything back, in an empty place. Raises Trouble; the place is as empty as before then."""
    manifest = archive.verify(file)
    data, database = Path(settings.DATA_DIR), "{NAME}@{HOST}:{PORT}".format(**connection.settings_dict)
    if half_restored.stands(data, database=database):
        undo()  # what was cut off here was nobody's yet
    require_empty()
    half_restored.note(data, file=file, database=database)
    try:
        fill(file, manifest)
        unpack_files(file, manifest)
        prepare.migrate()
    except BaseException:
        undo()
        half_restored.forget(data)
        raise
    half_restored.forget(data)
    milestones.note("restore", now=clock.now(), file=str(file), made_at=manifest.made_at)
    log.info("operate.restore", file=str(file), made_at=manifest.made_at)
    return manifest


def fill(file: Path, manifest: Manifest) -> None:
    """The tables as they were when the archive was made, under its own schema. Raises Trouble when a figure differs."""
    make_schema(manifest)
    try:
        with transaction.atomic():
            load(file, manifest)
    except (DatabaseError, psycopg.Error) as error:
        words = str(error).strip().splitlines()[0]
        raise Trouble(f"{file} does not fit its own tables: {words}", remedy=OTHER) from error
    if wrong := differences(manifest):
        raise Trouble(f"{file} was restored, but {wrong[0]}.", remedy=OTHER)


def require_empty() -> None:
    """Raises Trouble unless there is no table and no upload: nothing that is there is ever overwritten."""
    with connection.cursor() as cursor:
        found = tables.columns(cursor)
    root = Path(settings.MEDIA_ROOT)
    if found:
        remedy = "Set DATA_DIR to a new folder, or DATABASE_URL to a new database."
        raise Trouble(f"The database is not empty: it has {len(found)} tables.", remedy=remedy)
    if root.exists() and any(root.iterdir()):
        raise Trouble(f"{root} is not empty.", remedy="Move the folder away, or set DATA_DIR to a new one.")


def make_schema(manifest: Manifest) -> None:
    """The tables by the very migrations the archive was made under. Raises Trouble for an archive of a newer version."""
    executor = MigrationExecutor(connection)
    wanted = {(app, name) for app, name in manifest.migrations}
    unknown = sorted(wanted - set(executor.loader.graph.nodes))
    if unknown:
        words = f"This archive was made by version {manifest.version}, which knows {unknown[0][0]}.{unknown[0][1]}; this is an older one."
        raise Trouble(words, remedy="Restore it with that version or a newer one.")
    executor.migrate([node for node in sorted(wanted) if not any(child.key in wanted for child in executor.loader.graph.node_map[node].children)])


def load(file: Path, manifest: Manifest) -> None:
    """Rows into every table, parents first; triggers of ours rest meanwhile, keys are checked before the end."""
    with connection.cursor() as cursor:
        known = tables.columns(cursor)
        order = [name for name in tables.in_order(cursor) if name != tables.APPLIED]
        for name in order:
            cursor.execute(f"ALTER TABLE {tables.quoted(name)} DISABLE TRIGGER USER")
        cursor.execute(f"TRUNCATE {', '.join(map(tables.quoted, order))}")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for name, blocks in packed_tables(file, manifest, order):
            copy_in(cursor, name, manifest.columns[name], known, blocks)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name in order:
            cursor.execute(f"ALTER TABLE {tables.quoted(name)} ENABLE TRIGGER USER")
        set_sequences(cursor)


def packed_tables(file: Path, manifest: Manifest, order: list[str]) -> Iterator[tuple[str, Iterator[bytes]]]:
    """(table, plain blocks), parents first. A tar is read from its beginning for every table: they are few, and skipping is quick."""
    wanted = [name for name in order if f"tables/{name}.copy.gz" in manifest.parts]
    for table in wanted:
        name = f"tables/{table}.copy.gz"
        with archive.part(file, name) as blocks:
            yield table, archive.unpacked(name, blocks, manifest.parts[name])


def copy_in(cursor: Any, table: str, names: list[str], known: dict[str, list[str]], blocks: Iterator[bytes]) -> None:
    """COPY these rows. Raises Trouble for columns the table does not have."""
    if strange := [name for name in names if name not in known[table]]:
        raise Trouble(f"The archive's {table} has a column {strange[0]!r} that its migrations do not make.", remedy=OTHER)
    with cursor.copy(f"COPY {tables.quoted(table)} ({', '.join(map(tables.quoted, names))}) FROM STDIN") as rows:
        for block in blocks:
            rows.write(block)


def set_sequences(cursor: Any) -> None:
    """The job queue numbers its rows: the next number follows the highest restored."""
    cursor.execute(tables.SEQUENCES)
    for sequence, table, column in cursor.fetchall():
        name, own = tables.quoted(table), tables.quoted(column)
        cursor.execute(f"SELECT setval(%s::regclass, coalesce(max({own}), 0) + 1, false) FROM {name}", [sequence])  # noqa: S608 names of our own tables


def differences(manifest: Manifest) -> list[str]:
    """Where the tables differ from what the archive says of them: rows of each table, heads, book totals."""
    found = []
    with connection.cursor() as cursor:
        for name in manifest.tables:
            told, here = manifest.parts[f"tables/{name}.copy.gz"].rows, figures.one(cursor, f"SELECT count(*) FROM {tables.quoted(name)}")[0]  # noqa: S608
            if told != here:
                found.append(f"{name} has {here} rows where the manifest says {told}")
        now = figures.take(cursor)
    return found + [f"{name}: {now.get(name)} where the manifest says {told}" for name, told in manifest.figures.items() if now.get(name) != told]


def unpack_files(file: Path, manifest: Manifest) -> None:
    """The uploads, in a folder beside that takes the name at the end. Raises Trouble when the disk has no room for them."""
    root = Path(settings.MEDIA_ROOT)
    beside = root.with_name(root.name + ".restoring")
    root.parent.mkdir(parents=True, exist_ok=True)
    needed = sum(part.size for name, part in manifest.parts.items() if name.startswith("files/"))
    if needed + SPARE > shutil.disk_usage(root.parent).free:
        raise Trouble(f"The files need {needed / 1024**3:.1f} GB on the disk of {root.parent}.", remedy="Free space, or set DATA_DIR to a larger disk.")
    shutil.rmtree(beside, ignore_errors=True)
    for name, _size, blocks in archive.members(file):
        if name.startswith("files/"):
            target = beside / name.removeprefix("files/")
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
            with target.open("xb") as out:
                target.chmod(0o640)
                out.writelines(blocks)
    if beside.exists():
        if root.exists():
            root.rmdir()  # looked at before: it is empty
        beside.rename(root)


def undo() -> None:
    """The place was empty; it is again."""
    connection.close()
    empty_database()
    root = Path(settings.MEDIA_ROOT)
    shutil.rmtree(root, ignore_errors=True)
    shutil.rmtree(root.with_name(root.name + ".restoring"), ignore_errors=True)


def empty_database() -> None:
    """No table is left."""
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
