"""Tests: what was sent, in order."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sent:
    """One message."""

    address: str
    subject: str
    text: str
    headers: Mapping[str, str]


SENT: list[Sent] = []


def send(address: str, subject: str, text: str, headers: Mapping[str, str]) -> None:
    """Keep it."""
    SENT.append(Sent(address, subject, text, headers))
