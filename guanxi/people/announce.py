"""Tells the live parts, after the commit, that people or devices changed; and the rest, before it, that somebody leaves."""

from collections.abc import Iterable
from datetime import datetime
from importlib import import_module
from uuid import UUID

from django.db import transaction

from guanxi import ports


def people_changed(companies: Iterable[UUID]) -> None:
    """Sockets of these companies look again who may listen. The caller has raised their `people_version`."""
    changed = list(companies)
    transaction.on_commit(lambda: import_module(ports.LIVE).people_changed(changed))


def devices_changed(devices: Iterable[UUID]) -> None:
    """Sockets of these devices and tokens look again whether they are signed in still, and for which company they act."""
    changed = list(devices)
    if changed:
        transaction.on_commit(lambda: import_module(ports.LIVE).devices_changed(changed))


def sessions_ended(sessions: Iterable[UUID]) -> None:
    """What belongs to these devices and tokens ends with them, in this transaction."""
    ended = list(sessions)
    for path in ports.ENDING if ended else ():
        import_module(path).sessions_ended(ended)


def member_changed(person: UUID) -> None:
    """He left a company or has another role there: what he was told for it ends, in this transaction."""
    for path in ports.ENDING:
        import_module(path).member_changed(person)


def leaving(*, company: UUID, leaver: UUID, heir: UUID | None, now: datetime) -> None:
    """What he answered for goes to `heir`, in this transaction."""
    for path in ports.LEAVING:
        import_module(path).hand_over(company=company, leaver=leaver, heir=heir, now=now)


def closing(person: UUID, *, now: datetime) -> None:
    """What he takes part in by himself goes on without him, in this transaction and while his name stands."""
    for path in ports.CLOSING:
        import_module(path).account_closed(person, now=now)
