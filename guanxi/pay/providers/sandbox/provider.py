"""The sandbox as a provider: what the trade asks of it. Runs only where the operator named it (a demo)."""

import json
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F

from guanxi.base.ids import new_id
from guanxi.pay.port import Answer, Charge, Event, Final, NextStep, Outgoing, Provider, Started
from guanxi.pay.providers.sandbox import notice
from guanxi.pay.providers.sandbox.table import SandboxCharge, SandboxMove

TAKEN = {"release": "released", "refund": "refunded"}


def provider() -> Provider:
    """What guanxi.ports points to."""
    return Sandbox()


class Sandbox:
    """Keeps charges and moves in its own ledger; every request is idempotent by its number."""

    name = notice.NAME
    merchant = notice.MERCHANT
    capabilities = frozenset({"hold", "release", "refund", "play"})

    def start(self, charge: Charge, *, now: datetime) -> Started:
        """Open the charge; the payer goes to a page of the sandbox."""
        fields = {"attach": charge.attach, "title": charge.title[:120], "amount": charge.amount, "currency": charge.currency}
        row, made = SandboxCharge.objects.get_or_create(number=charge.number, defaults={**fields, "expires_at": charge.expires_at})
        if not made and (row.amount, row.currency, row.attach) != (charge.amount, charge.currency, charge.attach):
            raise Final("number-used")
        return Started(reference_of(row), NextStep("redirect", {"url": f"/sandbox/{row.number}"}))

    def fetch(self, number: str, *, now: datetime) -> Event | None:
        """What the ledger says of a charge."""
        row = SandboxCharge.objects.filter(number=number).first()
        return None if row is None else news_of(row)

    def cancel(self, number: str, *, now: datetime) -> Event | None:
        """Close an open charge; a paid one stays paid and says so."""
        SandboxCharge.objects.filter(number=number, state="open").update(state="closed")
        return self.fetch(number, now=now)

    def release(self, outgoing: Outgoing, *, now: datetime) -> Event:
        """To the seller."""
        return take_out(outgoing, kind="release", now=now)

    def refund(self, outgoing: Outgoing, *, now: datetime) -> Event:
        """Back to the payer."""
        return take_out(outgoing, kind="refund", now=now)

    def read(self, headers: Mapping[str, str], raw: bytes, *, now: datetime) -> Event:
        """Verify and parse a notification."""
        return notice.read(headers, raw, now=now)

    def again(self, raw: bytes) -> Event:
        """A notification that was verified when it came, read once more. Raises ValueError, KeyError, TypeError."""
        return notice.parse(json.loads(raw))

    def answer(self, *, kept: bool) -> Answer:
        """200 when kept; anything else makes the sandbox come again."""
        return Answer(200, b"ok") if kept else Answer(503, b"again")


def reference_of(row: SandboxCharge) -> str:
    """The sandbox's own name for a charge."""
    return f"sb_{row.id.hex}"


def news_of(row: SandboxCharge) -> Event | None:
    """The event of a charge that came to an end; None for an open one."""
    if row.state == "open":
        return None
    kind = "paid" if row.state == "paid" else "failed"
    return event_of(row, kind=kind, number=row.number, amount=row.paid if kind == "paid" else row.amount, at=row.paid_at or row.expires_at)


def event_of(row: SandboxCharge, *, kind: str, number: str, amount: int, at: datetime) -> Event:
    """One event about a charge; the same news has the same id."""
    return Event(
        provider=notice.NAME, id=f"{kind}_{number}", kind=kind, number=number, attach=row.attach, amount=amount, currency=row.currency,
        merchant=notice.MERCHANT, reference=reference_of(row), at=at,
    )  # fmt: skip


@transaction.atomic
def take_out(outgoing: Outgoing, *, kind: str, now: datetime) -> Event:
    """Move held money out of a charge, once a number. Raises Final when the charge does not hold so much or the number was another's."""
    row = SandboxCharge.objects.select_for_update().filter(number=outgoing.charge).first()
    if row is None or row.currency != outgoing.currency:
        raise Final("unknown-charge")
    move = SandboxMove.objects.filter(kind=kind, number=outgoing.number).first()
    if move is not None and (move.charge_id, move.amount) != (row.id, outgoing.amount):
        raise Final("number-used")
    if move is None:
        if outgoing.amount <= 0 or outgoing.amount > row.paid - row.released - row.refunded:
            raise Final("not-enough-held")
        SandboxCharge.objects.filter(pk=row.pk).update(**{TAKEN[kind]: F(TAKEN[kind]) + outgoing.amount})
        move = SandboxMove.objects.create(id=new_id(), charge=row, kind=kind, number=outgoing.number, amount=outgoing.amount, currency=row.currency, at=now)
    return event_of(row, kind=TAKEN[kind], number=move.number, amount=move.amount, at=move.at)
