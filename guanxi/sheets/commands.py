"""`guanxi import-prices` and `guanxi import-lines`: read a file and print what was understood."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from guanxi.sheets.prices import Prices, read_prices
from guanxi.sheets.purchase import Purchase, read_lines
from guanxi.sheets.sheet import MOST_BYTES, Unreadable

Add = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]


Store = Callable[[str, Prices], dict[str, int]]


def add(command: Add, store: Store) -> None:
    """The two commands with their options. `store` takes the products of a list into the catalogue of the company with this handle."""
    one = command("import-prices", lambda asked: import_prices(asked, store), "read a price list: products and rejected rows")
    one.add_argument("file", type=Path, metavar="FILE", help="XLSX, XLSM, XLS, CSV, TSV or text")
    one.add_argument("--company", metavar="HANDLE", required=True, help="whose catalogue it is")
    one.add_argument("--dry-run", action="store_true", help="only say what would be stored")
    one.add_argument("--json", action="store_true", help="for machines")
    two = command("import-lines", import_lines, "read a purchase list: lines of an enquiry and rejected rows")
    two.add_argument("file", type=Path, metavar="FILE", help="XLSX, XLSM, XLS, CSV, TSV or text, also as people say it")
    two.add_argument("--json", action="store_true", help="for machines")


def import_prices(asked: argparse.Namespace, store: Store) -> int:
    """0 when the file was read and, without --dry-run, its products stored; 1 when that cannot be."""
    if asked.dry_run:
        return _say(asked, read_prices)
    stored: dict[str, int] = {}

    def read_and_store(data: bytes) -> Prices:
        got = read_prices(data)
        stored.update(store(asked.company, got))
        return got

    code = _say(asked, read_and_store)
    if code == 0 and not asked.json:
        sys.stdout.write(", ".join(f"{many} {kind}" for kind, many in stored.items()) + "\n")
    return code


def import_lines(asked: argparse.Namespace) -> int:
    """0 when the file was read, 1 when it cannot be read."""
    return _say(asked, read_lines)


def _say(asked: argparse.Namespace, read: Callable[[bytes], Prices | Purchase]) -> int:
    try:
        with asked.file.open("rb") as file:
            got = read(file.read(MOST_BYTES + 1))
    except OSError as error:
        return _refuse(f"{asked.file}: {error.strerror}")
    except Unreadable as error:
        return _refuse(f"{asked.file.name}: {error}")
    said = got.as_dict(asked.file.name)
    sys.stdout.write((json.dumps(said, ensure_ascii=False, indent=1) if asked.json else _short(said)) + "\n")
    return 0


def _short(said: dict[str, Any]) -> str:
    kind = "products" if "products" in said else "lines"
    rows = [f"{row.get('sheet') or ''} row {row['row']}: {row['reason']}".strip() for row in said["rejected"]]
    return "\n".join([f"{said['file']}: {len(said[kind])} {kind}, {len(rows)} rows rejected", *rows])


def _refuse(words: str) -> int:
    sys.stderr.write(f"guanxi: {words}\n")
    return 1
