"""The operator's words of `guanxi`: their options, and what each prints. Django is imported only inside them."""

import argparse
import contextlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from guanxi.base.doctor.safety import refuse_unsafe
from guanxi.supervisor.trouble import Trouble

Run = Callable[[argparse.Namespace], int]
INSIDE = "inside: hashes of passwords and tokens, sealed second factors. Keep it as you keep the database."
SAME_KEY = "Set the same SECRET_KEY as before, then run `guanxi check` and `guanxi serve`."


def add(command: Callable[[str, Run, str], argparse.ArgumentParser]) -> None:
    """Every command of this folder, by `command(name, run, text)`."""
    one = command("backup", backup, "write everything into one file, while people go on writing")
    one.add_argument("file", nargs="?", type=Path, help="default: DATA_DIR/backups/guanxi-<time>.tar")
    one.add_argument("--keep", type=int, metavar="N", help="afterwards delete all but the newest N archives in DATA_DIR/backups")
    one = command("restore", restore, "bring an archive back, into an empty place only")
    one.add_argument("file", type=Path)
    one.add_argument("--check", action="store_true", help="prove it in a scratch database and write a report; nothing here is changed")
    one = command("upgrade", upgrade, "backup, migrate, look whether all is well; back to the old state when it is not")
    one.add_argument("--without-files", action="store_true", help="leave the uploads out of the backup: an upgrade does not touch them")
    one = command("createoperator", create_operator, "make somebody an operator of this place, who signs in with a password")
    one.add_argument("address", help="phone or e-mail")
    one.add_argument("--name", default="")
    one = command("erase", erase, "erase the personal data of somebody who asks for it")
    one.add_argument("person", nargs="?", help="phone, e-mail or id")
    one.add_argument("--again", type=Path, metavar="LOG", help="erase everybody named in this log of erasures: after a restore of an older backup")
    one.add_argument("--dry-run", action="store_true", help="say what would be erased and what stays; change nothing")
    one = command("export", export, "write everything a company did into one file, as its owner can fetch it")
    one.add_argument("--company", required=True, help="name, handle or id")
    one.add_argument("file", nargs="?", type=Path, help="default: DATA_DIR/exports/<handle>-<time>.zip")
    one = command("retention", retention, "delete what is older than it needs to be")
    one.add_argument("--dry-run", action="store_true", help="count only")


@contextlib.contextmanager
def ready() -> Iterator[None]:
    """The database answers and Django is set up."""
    from guanxi.supervisor.borrow import database

    with database():
        import django

        django.setup()
        from django.utils import translation

        from guanxi.base.errors import ActError

        try:
            with translation.override("en"):
                yield
        except ActError as error:
            raise Trouble(str(error), remedy="Nothing was changed.") from error


def say(first: str, *more: Iterable[Any]) -> None:
    """On standard output, for the person who typed: a line, and indented ones."""
    print("\n".join([first, *(f"  {line}" for lines in more for line in lines)]), flush=True)


def backup(asked: argparse.Namespace) -> int:
    with ready():
        from guanxi.operate import backup as work

        made = work.make(asked.file)
        told = made.manifest
        gone = (f"gone while we looked: {name}" for name in told.missing_files)
        deleted = [f"deleted: {old}" for old in (work.keep(asked.keep) if asked.keep else [])]
    say(f"guanxi: {work.told(made)}", (f"left out: {name} ({why})" for name, why in told.left_out.items()), gone, [INSIDE], deleted)
    return 0


def restore(asked: argparse.Namespace) -> int:
    if not asked.file.is_file():
        raise Trouble(f"{asked.file} is not there.", remedy="Name an archive that `guanxi backup` made.")
    with ready():
        return prove(asked) if asked.check else bring_back(asked)


def prove(asked: argparse.Namespace) -> int:
    from guanxi.operate.prove import prove as work

    report = work(asked.file.absolute())
    print("\n".join(report.lines()))
    return 1 if report.wrong else 0


def bring_back(asked: argparse.Namespace) -> int:
    from guanxi.operate import restore as work

    told = work.restore(asked.file.absolute())
    what = f"{told.figures['conversations']} conversations, {told.figures['entries']} entries, {len(told.files)} files"
    say(f"guanxi: as of {told.made_at}: {what}", (f"not restored: {why}" for why in told.left_out.values()), [SAME_KEY])
    return 0


def upgrade(asked: argparse.Namespace) -> int:
    from guanxi.supervisor.borrow import served

    if served():
        raise Trouble("Guanxi runs on this data folder.", remedy="Stop it first: what people do during an upgrade could not be kept if it had to be undone.")
    refuse_unsafe()
    with ready():
        from guanxi.operate import upgrade as work

        done = work.upgrade(files=not asked.without_files)
    say(f"guanxi: {done.words}", done.lines)
    return 0 if done.well else 1


def create_operator(asked: argparse.Namespace) -> int:
    with ready():
        from guanxi.operate import operator

        person = operator.create(asked.address, name=asked.name, password=operator.ask_password())
    say(f"guanxi: {person} is an operator now", ["The console is at /console; it asks for a second factor at the first visit."])
    return 0


def erase(asked: argparse.Namespace) -> int:
    if bool(asked.person) == bool(asked.again):
        raise Trouble("Whom?", remedy="Name one phone, e-mail or id, or a log with --again.")
    with ready():
        from guanxi.operate import erase as work

        plans = work.again(asked.again, dry=asked.dry_run) if asked.again else [work.erase(work.find(asked.person), dry=asked.dry_run)]
    for plan in plans:
        say(f"guanxi: {'would erase' if asked.dry_run else 'erased'} {plan.person}", plan.lines())
    return 0


def export(asked: argparse.Namespace) -> int:
    with ready():
        from guanxi.operate.export import command

        target = command.export(asked.company, asked.file)
    say(f"guanxi: {target}, {target.stat().st_size / 1e6:.1f} MB", ["Hand it to the company's owner alone."])
    return 0


def retention(asked: argparse.Namespace) -> int:
    with ready():
        from guanxi.operate import retention as work

        counts = work.sweep(dry=asked.dry_run)
    say(f"guanxi: {'would delete' if asked.dry_run else 'deleted'} {sum(counts.values())} rows", (f"{name}: {count}" for name, count in counts.items()))
    return 0
