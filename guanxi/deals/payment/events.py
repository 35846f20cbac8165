"""News from providers at our door: kept raw before they are understood, verified, then settled. Also the payer of the sandbox."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog

from guanxi.base.errors import ActError, Limited, NotFound
from guanxi.base.ids import find_id, new_id
from guanxi.base.limits import hit
from guanxi.deals.payment import acts, hearing, provider
from guanxi.deals.payment.table import Payment
from guanxi.pay.port import Answer, Event, Unverified, find_provider, number_of
from guanxi.pay.providers.sandbox import payer
from guanxi.pay.table import ProviderEvent
from guanxi.talk.call import by_actor
from guanxi.talk.run import run

MOST = 64 * 1024  # bytes of a notification; no provider sends more than a few
UNVERIFIED_AN_HOUR = 200

log = structlog.get_logger(__name__)


def receive(name: str, raw: bytes, headers: Mapping[str, str], *, now: datetime) -> Answer:
    """A provider's call as it came, headers in any case. Never raises for what a stranger sends."""
    try:
        one = find_provider(name)
    except NotFound:
        return Answer(404)
    if len(raw) > MOST:
        return Answer(413)
    try:
        event = one.read({key.lower(): value for key, value in headers.items()}, raw, now=now)
    except Unverified as reason:
        return refuse(name, raw, str(reason), now=now)
    kept, done = keep(name, event.id, raw, now=now)
    if done:
        return one.answer(kept=True)
    try:
        settle(event, kept, now=now)
    except ActError as error:
        log.warning("event.waits", provider=name, error=error.code)
        return one.answer(kept=False)
    return one.answer(kept=True)


def refuse(name: str, raw: bytes, reason: str, *, now: datetime) -> Answer:
    """Nothing is believed; what came is kept, as long as it is not a flood."""
    log.warning("event.unverified", provider=name, reason=reason)
    try:
        hit(f"hook:{name}", limit=UNVERIFIED_AN_HOUR, seconds=3600, now=now)
    except Limited:
        return Answer(429)
    row = ProviderEvent(id=new_id(), provider=name, event_id=f"unverified:{hashlib.sha256(raw).hexdigest()}", raw=raw, verified=False,
                        received_at=now, outcome="refused", handled_at=now)  # fmt: skip
    ProviderEvent.objects.bulk_create([row], ignore_conflicts=True)
    return Answer(400)


def keep(name: str, event_id: str, raw: bytes, *, now: datetime) -> tuple[UUID, bool]:
    """Store the event raw, in a transaction of its own; its row, and whether it was handled before."""
    row = ProviderEvent(id=new_id(), provider=name, event_id=event_id, raw=raw, verified=True, received_at=now)
    ProviderEvent.objects.bulk_create([row], ignore_conflicts=True)
    found = ProviderEvent.objects.values_list("id", "handled_at").get(provider=name, event_id=event_id)
    return found[0], found[1] is not None


def settle(event: Event, kept: UUID | None, *, now: datetime) -> str:
    """Hand the news to the conversation they belong to; suspense when there is none. Raises Busy."""
    conversation = find_id(event.attach)
    try:
        if conversation is None:
            raise NotFound
        return str(run(acts.settle, by_actor("provider", conversation, now=now), event=event, kept=kept)["outcome"])
    except NotFound:
        outcome = hearing.suspend(event, "unknown", now=now)
        hearing.close_event(kept, outcome, now=now)
        return outcome


def play(conversation: UUID, payment_id: UUID, outcome: str, *, now: datetime) -> dict[str, Any]:
    """The payer acts at the sandbox, and what the sandbox says about it arrives here. Raises NotFound, Refused.

    `outcome`: approve, fail, delay, duplicate, wrong_amount. The payment is started first when no worker has done so yet.
    """
    payment = Payment.objects.find(conversation, payment_id)
    if payment is None or "play" not in find_provider(payment.provider).capabilities:
        raise NotFound
    if payment.state == "starting":
        provider.start(conversation, {"payment": str(payment_id)}, key="", now=now)
    notices = payer.decide(number_of(payment_id), outcome, now=now)
    answers = [receive(payment.provider, notice.raw, notice.headers, now=now).status for notice in notices]
    return {"payment": str(payment_id), "answers": answers}
