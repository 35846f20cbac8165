"""Before the first request: tables up to date, static files gathered, and in a demo its world. Quick when nothing changed."""

import hashlib
import importlib
import importlib.util
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guanxi.supervisor.place import Place
from guanxi.supervisor.trouble import Trouble

if TYPE_CHECKING:
    from django.db.migrations.executor import MigrationExecutor
    from django.db.models import Manager

UNUSED = ["ext", "*-4.js", "*-4.min.js", "htmx-2.js"]  # of django-htmx's files we serve one
MIGRATING = 727_001  # any number, the same everywhere: two starts at once migrate one after the other


def everything(here: Place) -> None:
    """Leaves DATA_DIR/run/prepared when all is well; ends the process with a word on standard error otherwise."""
    done = here.data / "run" / "prepared"
    done.unlink(missing_ok=True)
    migrate()
    gather_static()
    if here.demo:
        build_demo(here.data)
    done.write_text("")


def migrate() -> bool:
    """Applies what is missing, ours and procrastinate's; whether there was anything. Additive migrations let old code run on."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    if not _missing(MigrationExecutor(connection)):
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATING])
        try:
            if missing := _missing(MigrationExecutor(connection)):
                print(f"guanxi: {len(missing)} migrations", file=sys.stderr, flush=True)
                call_command("migrate", verbosity=0, interactive=False)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATING])
    return True


def _missing(executor: "MigrationExecutor") -> list[Any]:
    return executor.migration_plan(executor.loader.graph.leaf_nodes())


def gather_static() -> bool:
    """collectstatic, unless the very same files were gathered before; whether it ran."""
    from django.conf import settings
    from django.core.management import call_command

    stamp = Path(settings.STATIC_ROOT) / ".stamp"
    now = _static_files()
    if stamp.exists() and stamp.read_text() == now:
        return False
    call_command("collectstatic", verbosity=0, interactive=False, clear=True, ignore_patterns=UNUSED)
    stamp.write_text(now)
    return True


def _static_files() -> str:
    """Name, size and time of every file that would be gathered."""
    from django.contrib.staticfiles.finders import get_finders

    total = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            seen = Path(storage.path(name)).stat()
            total.update(f"{name} {seen.st_size} {seen.st_mtime_ns}\n".encode())
    return total.hexdigest()


def build_demo(data: Path) -> None:
    """The demo world in an empty database, in one transaction; run/signins.txt is what the start prints."""
    if importlib.util.find_spec("guanxi.demo") is None:
        return
    demo = importlib.import_module("guanxi.demo")
    if not _people().exists():
        print("guanxi: building the demo world", file=sys.stderr, flush=True)
        demo.build()
    lines = [f"{who.email:<28} {who.name} · {who.company} · {who.title}" for who in demo.people()]
    (data / "run" / "signins.txt").write_text("".join(f"{line}\n" for line in lines))


def demand_demo(data: Path, *, reset: bool) -> None:
    """`guanxi demo`: builds the world now. Raises Trouble where people have real accounts: nothing there is ever deleted."""
    if _people().filter(demo=False).exists():
        raise Trouble("This database holds real accounts; the demo world is not built here.", remedy="Set DATA_DIR or DATABASE_URL to another place.")
    if _people().exists() and not reset:
        raise Trouble("The demo world is there already.", remedy="`guanxi demo --reset` builds it anew.")
    if _people().exists():
        _empty()
    (data / "run").mkdir(exist_ok=True)
    build_demo(data)


def _empty() -> None:
    """Every table anew: append-only tables refuse to be emptied row by row, as they should. Uploaded files go as well."""
    from django.conf import settings
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
    migrate()


def _people() -> "Manager[Any]":
    from guanxi.people.table import Person

    return Person._default_manager
