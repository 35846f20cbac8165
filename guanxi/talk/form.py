"""What a noun offers to its doors: for each act, how its input is read. One reader for page fields and JSON."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from guanxi.talk.call import Call


@dataclass(frozen=True, slots=True)
class Form:
    """`read(data, call)` gives the keyword arguments of `act`; it raises Invalid with the fields that are wrong."""

    act: Callable[..., dict[str, Any]]
    read: Callable[[dict[str, Any], Call], dict[str, Any]]
