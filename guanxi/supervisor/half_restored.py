"""A restore that was cut off (kill -9, power) leaves a note in DATA_DIR: until it is run again nothing is served from half of an archive."""

import json
from pathlib import Path
from typing import cast

from guanxi.supervisor.trouble import Trouble

NAME = "half-restored"


def note(data: Path, *, file: Path, database: str) -> None:
    """A restore of this archive begins, into this empty database."""
    data.mkdir(parents=True, exist_ok=True)
    (data / NAME).write_text(json.dumps({"file": str(file), "database": database}))


def forget(data: Path) -> None:
    """It is whole, or undone."""
    (data / NAME).unlink(missing_ok=True)


def stands(data: Path, *, database: str) -> bool:
    """Whether one was cut off here. Raises Trouble when it was about another database: that of now may be somebody's."""
    if not (data / NAME).exists():
        return False
    if said(data)["database"] != database:
        raise Trouble(f"A restore into another database was cut off in {data}.", remedy=f"Set DATA_DIR to a new folder, or delete {data / NAME}.")
    return True


def refuse(data: Path) -> None:
    """Raises Trouble when one was cut off here, whatever the database."""
    if (data / NAME).exists():
        file = said(data)["file"]
        raise Trouble(f"A restore of {file} was cut off here.", remedy=f"Run `guanxi restore {file}` once more: it begins anew.")


def said(data: Path) -> dict[str, str]:
    """The note; an unreadable one is of no database."""
    try:
        return cast("dict[str, str]", json.loads((data / NAME).read_text()))
    except ValueError:
        return {"file": "FILE", "database": ""}
