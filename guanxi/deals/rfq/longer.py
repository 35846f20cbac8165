"""An enquiry goes on: more time, open again, once more as a draft, shown by its link or not."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.base.clock import HOME
from guanxi.base.db import advance
from guanxi.base.errors import Invalid
from guanxi.deals.rfq import copies
from guanxi.deals.rfq.acts import get, locked, new, watch
from guanxi.deals.rfq.draft import plain, read
from guanxi.deals.rfq.rules import RFQ
from guanxi.deals.rfq.table import Invite, Rfq, RfqLine
from guanxi.talk.call import Call
from guanxi.talk.turn import Turns, turns

COPY_DAYS = 3  # until the deadline of a copy


def extend(call: Call, *, rfq_id: UUID, deadline: datetime) -> dict[str, Any]:
    """More time to quote; every supplier hears it. Gives {rfq}. Raises Invalid for a deadline that is not later."""
    return _go_on(call, rfq_id, deadline, act="extend", kind="rfq.extended", states=("invited", "quoted"))


def reopen(call: Call, *, rfq_id: UUID, deadline: datetime) -> dict[str, Any]:
    """Closed or expired without an award: quotes are taken again, also of those who had not answered in time. Gives {rfq}."""
    return _go_on(call, rfq_id, deadline, act="reopen", kind="rfq.reopened", states=("invited", "quoted", "expired"))


def _go_on(call: Call, rfq_id: UUID, deadline: datetime, *, act: str, kind: str, states: tuple[str, ...]) -> dict[str, Any]:
    get(call, rfq_id)
    every = copies.rooms(rfq_id, *states)
    with turns(call, every[: copies.TOGETHER]) as at:
        call.require("buy")
        rfq = locked(call, rfq_id)
        after = RFQ.move(rfq.state, act, by="buyer")
        if act == "extend" and rfq.deadline_at and deadline <= rfq.deadline_at:
            raise Invalid({"deadline": _("Choose a later day than the deadline that stands.")})
        advance(rfq, to=after, deadline_at=deadline, updated_at=call.now)
        copies.say_longer(at, rfq, kind=kind)
        _beyond(at, rfq, kind, every[copies.TOGETHER :])
        at.result = {"rfq": str(rfq_id)}
    return at.result


def _beyond(at: Turns, rfq: Rfq, kind: str, left: list[UUID]) -> None:
    """The clock watches the new deadline; suppliers beyond the first ten hear it one by one."""
    first = next(iter(at.by_id.values()), None)
    if first:
        watch(first, rfq)
        for room in left:
            first.effect("rfq.follow", {"rfq": str(rfq.id), "room": str(room), "kind": kind})


def follow(call: Call, *, rfq_id: UUID, kind: str) -> dict[str, Any]:
    """By the clock: one copy that the act did not reach; nothing when it knows the deadline or the enquiry ended."""
    return _said(call, rfq_id, lambda at, rfq: copies.say_longer(at, rfq, kind=kind))


def remind(call: Call, *, rfq_id: UUID) -> dict[str, Any]:
    """By the clock: the deadline is near; nothing for who has answered or was reminded of it (quality.md M21)."""
    return _said(call, rfq_id, copies.say_soon)


def _said(call: Call, rfq_id: UUID, say: Callable[[Turns, Rfq], None]) -> dict[str, Any]:
    with turns(call, [call.conversation] if call.conversation else []) as at:
        rfq = locked(call, rfq_id)
        if rfq.state == "open" and rfq.deadline_at and rfq.deadline_at > call.now:
            say(at, rfq)
    return at.result


def copy(call: Call, *, rfq_id: UUID) -> dict[str, Any]:
    """A new draft that says what this enquiry said, to the same suppliers. Gives {rfq}: the new one."""
    rfq = get(call, rfq_id)
    with turns(call, []) as at:
        call.require("buy")
        made = new(call, read(rfq.typed or as_typed(rfq, now=call.now), now=call.now, strict=False))
        at.result = {"rfq": str(made.id)}
    return at.result


def as_typed(rfq: Rfq, *, now: datetime) -> dict[str, Any]:
    """An enquiry that was sent, as its form would hold it; days that have passed are left out."""
    suppliers = Invite.objects.filter(rfq_id=rfq.id).order_by("id").values_list("supplier_id", flat=True)
    rows = RfqLine.objects.filter(rfq=rfq).order_by("n")
    lines = [
        {"name": row.name, "spec": row.spec, "quantity": plain(row.quantity), "unit": row.unit, "target_price": known(row.target_price)} for row in rows
    ]  # fmt: skip
    today = now.astimezone(HOME).date()
    return {
        "title": rfq.title, "currency": rfq.currency, "lines": lines, "place": rfq.place, "tax_rate": known(rfq.tax_rate),
        "tax_in": "in" if rfq.tax_in else "out", "invoice": rfq.invoice, "note": rfq.note, "files": list(rfq.files),
        "receivers": [str(one) for one in suppliers], "door_open": "on" if rfq.door_open else "off",
        "deadline": (today + timedelta(days=COPY_DAYS)).isoformat(),
        "deliver_by": rfq.deliver_by.isoformat() if rfq.deliver_by and rfq.deliver_by > today else "",
    }  # fmt: skip


def known(value: Decimal | None) -> str:
    """In a field; empty for nothing."""
    return "" if value is None else plain(value)


def publish(call: Call, *, rfq_id: UUID, door_open: bool) -> dict[str, Any]:
    """Whether the link and QR code show the enquiry to whoever has them, and let suppliers in. Gives {rfq}; not for a draft."""
    get(call, rfq_id)
    with turns(call, []) as at:
        call.require("buy")
        rfq = locked(call, rfq_id)
        RFQ.move(rfq.state, "publish", by="buyer")
        Rfq.objects.filter(pk=rfq.pk).update(door_open=door_open, updated_at=call.now)
        at.result = {"rfq": str(rfq_id)}
    return at.result
