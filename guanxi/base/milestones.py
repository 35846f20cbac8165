"""When something an operator cares about last happened: backup, proof, check, retention. `doctor` and `/metrics` look here."""

from datetime import datetime
from typing import Any

from guanxi.base.table import Milestone


def note(name: str, *, now: datetime, **body: Any) -> None:
    """It happened now; what it was like replaces what stood there."""
    Milestone.objects.update_or_create(name=name, defaults={"at": now, "body": body})


def find(name: str) -> Milestone | None:
    """The last time, or None when it never happened."""
    return Milestone.objects.filter(name=name).first()
