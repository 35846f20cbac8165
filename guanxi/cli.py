"""`guanxi`: what an operator types. Django is imported only by the commands that need it."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence

from guanxi import __version__
from guanxi.base import figures
from guanxi.base.doctor.safety import refuse_unsafe
from guanxi.operate import commands as operate
from guanxi.sheets import Prices
from guanxi.sheets import commands as sheets
from guanxi.supervisor.place import place
from guanxi.supervisor.trouble import Trouble


def main(arguments: Sequence[str] | None = None) -> None:
    """Exit code 0 when all is well, 1 when something was found or went wrong, 2 for a word we do not know."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.settings")
    asked = parser().parse_args(arguments)
    try:
        code = asked.run(asked)
    except Trouble as trouble:
        print(f"guanxi: {trouble}", file=sys.stderr)
        code = 1
    sys.exit(code)


def parser() -> argparse.ArgumentParser:
    """Every command with its options."""
    top = argparse.ArgumentParser(prog="guanxi", description="Companies talk as people do in a messenger, and trade inside that talk.")
    top.add_argument("--version", action="version", version=f"guanxi {__version__}")
    commands = top.add_subparsers(metavar="COMMAND", required=True)
    _command(commands, "serve", serve, "run everything: database, web, gateway, job worker")
    _command(commands, "worker", worker, "run a job worker only (DATABASE_URL names the database)")
    _command(commands, "migrate", migrate, "bring the tables up to date")
    _command(commands, "check", check, "fold every deal and the book, and compare with what is stored")
    demo = _command(commands, "demo", build_demo, "build the demo world; refuses a database with real accounts")
    demo.add_argument("--reset", action="store_true", help="delete the demo world first")
    doctor = _command(commands, "doctor", examine, "look at settings, database, disk, parts: what, why, remedy")
    doctor.add_argument("--json", action="store_true", help="for machines")
    _command(commands, "vapid", vapid, "draw a key pair for web push and print it; nothing is stored")
    operate.add(lambda name, run, text: _command(commands, name, run, text))
    sheets.add(lambda name, run, text: _command(commands, name, run, text), store_prices)
    return top


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, run: Callable[[argparse.Namespace], int], text: str
) -> argparse.ArgumentParser:
    one = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
    one.set_defaults(run=run)
    return one


def serve(_asked: argparse.Namespace) -> int:
    from guanxi.supervisor.serve import serve as run

    return run()


def worker(_asked: argparse.Namespace) -> int:
    refuse_unsafe()
    figures.gather_for(place().data)
    _django()
    from guanxi.base.outbox import worker as jobs

    jobs.run()
    return 0


def migrate(_asked: argparse.Namespace) -> int:
    from guanxi.supervisor import prepare
    from guanxi.supervisor.borrow import database

    with database():
        _django()
        print("guanxi: the tables are up to date now" if prepare.migrate() else "guanxi: nothing to do")
    return 0


def check(_asked: argparse.Namespace) -> int:
    from guanxi.supervisor.borrow import database

    with database():
        _django()
        from guanxi.base import clock, milestones
        from guanxi.check import differences

        found = [str(difference) for difference in differences()]
        milestones.note("check", now=clock.now(), differences=len(found))
    print("\n".join([*found, f"guanxi check: {len(found)} differences"]))
    return 1 if found else 0


def build_demo(asked: argparse.Namespace) -> int:
    os.environ.setdefault("DEMO", "1")
    refuse_unsafe()
    from guanxi.supervisor import prepare
    from guanxi.supervisor.borrow import database

    with database():
        _django()
        prepare.migrate()
        prepare.demand_demo(place().data, reset=asked.reset)
    return 0


def examine(asked: argparse.Namespace) -> int:
    from guanxi.supervisor.borrow import database

    with database(needed=False):
        _django()
        from guanxi.base.doctor.checks import examine as look

        found = look()
    if asked.json:
        print(json.dumps([finding.as_dict() for finding in found], ensure_ascii=False, indent=1))
    else:
        print("\n".join(str(finding) for finding in found))
    return 1 if any(finding.bad for finding in found) else 0


def vapid(_asked: argparse.Namespace) -> int:
    _django()
    from guanxi.notify.push import keys

    private = keys.draw()
    print(f"VAPID_PRIVATE_KEY={private}")
    print(f"# public key: {keys.public_of(private)}")
    print("# Keep it with SECRET_KEY, in the environment of every process. Another key ends every subscription.")
    return 0


def store_prices(handle: str, got: Prices) -> dict[str, int]:
    """Into the shop of this company, as drafts, by its owner's leave: who runs the machine acts for him. Raises Trouble for an unknown handle."""
    from guanxi.supervisor.borrow import database

    with database():
        _django()
        from guanxi.catalog.imports.command import NoSuchShop, store

        try:
            return store(handle, got.products)
        except NoSuchShop:
            remedy = "look it up at the end of the company's address: /co/HANDLE"
            raise Trouble(f"no company has the handle {handle}; nothing was written", remedy=remedy) from None


def _django() -> None:
    import django

    django.setup()


if __name__ == "__main__":
    main()
