"""What a payment provider is to us. Money is minor units and a currency; our numbers are the idempotency keys.

`number` names one request of ours, `attach` comes back with every event so that the conversation is found again.
Capabilities differ: a provider says in `capabilities` what it can do. How to add one: docs/how/add-a-payment-provider.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from typing import Any, Protocol
from uuid import UUID

from django.conf import settings

from guanxi.base.errors import NotFound
from guanxi.ports import PROVIDERS


class Unverified(Exception):
    """An event whose signature, time or form is not the provider's. Nothing is believed."""


class TryAgain(Exception):
    """The provider did not answer, or is not done yet: the same request with the same number may be sent again."""


class Final(Exception):
    """The provider refuses for good. `reason` is a word for programs."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Charge:
    """What a payer shall pay. `number` at most 32 signs."""

    number: str
    attach: str
    amount: int
    currency: str
    title: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class NextStep:
    """Where the payer goes: `redirect` {url}, `qr` {text}, `jsapi` {...}, `form` {...}, `none` {}."""

    kind: str
    value: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Started:
    """The provider knows the charge under `reference`."""

    reference: str
    next_step: NextStep


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Held money on its way out of a charge: to the seller (`release`) or back to the payer (`refund`)."""

    number: str
    charge: str
    attach: str
    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class Event:
    """Verified news. `kind` paid, failed, released, refunded; `number` the charge's or the outgoing's; `reference` the charge's at the provider."""

    provider: str
    id: str
    kind: str
    number: str
    attach: str
    amount: int
    currency: str
    merchant: str
    reference: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """The exact reply to a provider's call."""

    status: int
    body: bytes = b""


class Provider(Protocol):
    """All that the trade asks of a provider. Every method may be called twice with the same number and then gives the same."""

    name: str
    merchant: str
    capabilities: frozenset[str]  # hold, release, refund, play

    def start(self, charge: Charge, *, now: datetime) -> Started:
        """Open the charge. Raises TryAgain, Final."""
        ...

    def fetch(self, number: str, *, now: datetime) -> Event | None:
        """What is known of a charge: a `paid` or `failed` event, or None while it is open. Raises TryAgain."""
        ...

    def cancel(self, number: str, *, now: datetime) -> Event | None:
        """Close the charge, so that nobody can pay it any more. The `paid` event when somebody was faster. Raises TryAgain."""
        ...

    def release(self, outgoing: Outgoing, *, now: datetime) -> Event:
        """Pay held money out to the seller. Raises TryAgain while it is on its way, Final."""
        ...

    def refund(self, outgoing: Outgoing, *, now: datetime) -> Event:
        """Give held money back to the payer. Raises TryAgain while it is on its way, Final."""
        ...

    def read(self, headers: Mapping[str, str], raw: bytes, *, now: datetime) -> Event:
        """The event in a notification; headers in lower case. Raises Unverified."""
        ...

    def answer(self, *, kept: bool) -> Answer:
        """What the provider wants to hear: kept, or come again."""
        ...


def find_provider(name: str) -> Provider:
    """The provider of this name, when the operator uses it (settings.PROVIDERS). Raises NotFound."""
    if name not in settings.PROVIDERS or name not in PROVIDERS:
        raise NotFound
    return import_module(PROVIDERS[name]).provider()


def number_of(row: UUID) -> str:
    """Our number for a row of ours, as providers take it: 32 hexadecimal signs."""
    return row.hex
