"""Add, rotate, test, switch on, remove: acts of a company's owner and admins. Answers with a secret take no key."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guanxi.base import limits
from guanxi.base.db import advance
from guanxi.base.errors import NotFound, Refused
from guanxi.notify.webhook import events, sign, target
from guanxi.notify.webhook.table import Delivery, Webhook
from guanxi.people import secrets
from guanxi.people.companies.acts import locked
from guanxi.talk.call import Call

MOST = 10
PER_HOUR = 60
OFF = _("This webhook is off. Switch it on first.")


def add(call: Call, *, url: object, kinds: object) -> dict[str, Any]:
    """{webhook, secret}: the only time the secret is shown. Raises Invalid for an address we would never post to."""
    call.require("manage")
    where, wishes = target.read(url), events.read(kinds)
    with transaction.atomic():
        company = locked(call, power="manage")
        if Webhook.objects.filter(company_id=company.id).count() >= MOST:
            raise Refused("too-many-webhooks", _("You have {most} webhooks. Remove one you no longer use."), most=MOST)
        row = Webhook.objects.create(
            company_id=company.id, url=where.url, kinds=wishes, salt=secrets.draw(), made_by_id=call.by, made_at=call.now,
            looked_at=call.now, busy_until=call.now, pause_until=call.now,
        )  # fmt: skip
    return {"webhook": str(row.id), "secret": sign.secret(row, row.salt)}


def rotate(call: Call, *, webhook: UUID) -> dict[str, Any]:
    """{webhook, secret}: a new secret; the one before signs beside it for a day, older ones no more."""
    limits.hit(f"webhook:{call.company}", limit=PER_HOUR, seconds=3600, now=call.now)
    with transaction.atomic():
        row = held(call, webhook)
        row.old_salt, row.old_until, row.salt = row.salt, call.now + sign.BOTH, secrets.draw()
        row.save(update_fields=["salt", "old_salt", "old_until"])
    return {"webhook": str(row.id), "secret": sign.secret(row, row.salt)}


def remove(call: Call, *, webhook: UUID) -> dict[str, Any]:
    """Gone with all its deliveries; what is on its way may still arrive."""
    with transaction.atomic():
        held(call, webhook).delete()
    return {"webhook": str(webhook)}


def send_test(call: Call, *, webhook: UUID) -> dict[str, Any]:
    """{webhook, delivery}: an event that says nothing, sent like all others. Raises Refused when it is off."""
    limits.hit(f"webhook:{call.company}", limit=PER_HOUR, seconds=3600, now=call.now)
    with transaction.atomic():
        row = held(call, webhook)
        if row.state == "off":
            raise Refused("webhook-off", OFF)
        Webhook.objects.filter(pk=row.pk).update(pause_until=call.now)  # somebody looks: do not let him wait
        made = Delivery.objects.create(webhook=row, kind=events.TEST, at=call.now, due_at=call.now, made_at=call.now)
    return {"webhook": str(row.id), "delivery": str(made.id)}


def switch_on(call: Call, *, webhook: UUID) -> dict[str, Any]:
    """It hears of what happens from now on; what it missed is read by seq. Raises Refused when it is on."""
    with transaction.atomic():
        row = held(call, webhook)
        if row.state == "on":
            raise Refused("webhook-on", _("This webhook is on already."))
        advance(row, to="on", looked_at=call.now, pause_until=call.now, fails=0, failing_since=None, off_at=None, told_at=None)
    return {"webhook": str(row.id)}


def redeliver(call: Call, *, webhook: UUID, delivery: UUID) -> dict[str, Any]:
    """The same event under the same id once more, from the first pause. Raises Refused while it is still being tried."""
    limits.hit(f"webhook:{call.company}", limit=PER_HOUR, seconds=3600, now=call.now)
    with transaction.atomic():
        row = held(call, webhook)
        if row.state == "off":
            raise Refused("webhook-off", OFF)
        found = Delivery.objects.filter(webhook=row, pk=delivery).first()
        if found is None:
            raise NotFound
        if found.state == "waiting":
            raise Refused("delivery-waits", _("This is still being tried by itself."))
        advance(found, to="waiting", tries=0, due_at=call.now)
        Webhook.objects.filter(pk=row.pk).update(pause_until=call.now)
    return {"webhook": str(row.id), "delivery": str(found.id)}


def held(call: Call, webhook: UUID) -> Webhook:
    """One of the caller's company, under its lock. Raises NotFound for any other, Refused for a lower role."""
    company = locked(call, power="manage")
    row = Webhook.objects.select_for_update(no_key=True).filter(pk=webhook, company_id=company.id).first()
    if row is None:
        raise NotFound
    return row
