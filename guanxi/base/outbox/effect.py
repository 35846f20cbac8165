"""Run one effect by its name."""

from datetime import datetime
from importlib import import_module
from typing import Any, Protocol
from uuid import UUID

from guanxi.effects import EFFECTS


class Effect(Protocol):
    """What an effect looks like: safe to run twice with the same key."""

    def __call__(self, conversation: UUID, body: dict[str, Any], *, key: str, now: datetime) -> None: ...


def find_effect(name: str) -> Effect:
    """The function behind a name. Raises KeyError for a name that is not in guanxi/effects.py."""
    module, _, function = EFFECTS[name].partition(":")
    return getattr(import_module(module), function)


def run_effect(name: str, conversation: UUID, body: dict[str, Any], *, key: str, now: datetime) -> None:
    """Do it. Whatever it raises is tried again by the job queue."""
    find_effect(name)(conversation, body, key=key, now=now)
