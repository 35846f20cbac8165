"""The owner of a company hears that a receiver was switched off."""

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from guanxi.base.errors import Busy
from guanxi.notify.webhook.table import Webhook
from guanxi.people import sender
from guanxi.people.table import Membership

MOST = 50


def tell_owners(now: datetime) -> int:
    """Once each; what could not be sent is tried again with the next round. How many were told."""
    silent = list(Webhook.objects.filter(state="off", told_at=None, off_at__isnull=False).order_by("off_at")[:MOST])
    rows = Membership.objects.filter(company_id__in={row.company_id for row in silent}, role="owner", ended_at=None).select_related("person", "company")
    owners = {row.company_id: row for row in rows}
    return sum(tell(row, owners.get(row.company_id), now=now) for row in silent)


def tell(row: Webhook, owner: Membership | None, *, now: datetime) -> bool:
    """Claim, then send. Demo people have no mailbox; what is off stands on the page too."""
    if not Webhook.objects.filter(pk=row.pk, state="off", told_at=None).update(told_at=now):
        return False
    address = owner.person.phone or owner.person.email if owner and not owner.person.demo else None
    if owner is None or not address:
        return False
    with translation.override(owner.person.language):
        text = _("{name}: the webhook to {host} was switched off because it did not answer for days. {address}").format(
            name=owner.company.name, host=urlsplit(row.url).hostname, address=f"{settings.PUBLIC_URL}/me/webhooks/{row.id}"
        )
        try:
            sender.send(address, _("Guanxi: {name}").format(name=_("a webhook is off")), text)
        except Busy:
            Webhook.objects.filter(pk=row.pk, told_at=now).update(told_at=None)
            return False
    return True
