"""The webhooks of a company and what was sent: for its owner and admins."""

from uuid import UUID

from django.db.models import QuerySet

from guanxi.base.errors import NotFound
from guanxi.notify.webhook.table import Delivery, Webhook
from guanxi.people import roles
from guanxi.people.viewer import Viewer


def mine(viewer: Viewer) -> QuerySet[Webhook]:
    """Those of the company one acts for. Raises NotFound without one, Refused for a lower role."""
    if viewer.company is None:
        raise NotFound
    roles.require(viewer.role, "manage")
    return Webhook.objects.filter(company_id=viewer.company)


def one(viewer: Viewer, webhook: UUID) -> Webhook:
    """Raises NotFound for one of another company."""
    found = mine(viewer).filter(pk=webhook).first()
    if found is None:
        raise NotFound
    return found


def deliveries(row: Webhook) -> QuerySet[Delivery]:
    """What was sent there in the last 30 days, or will be."""
    return Delivery.objects.filter(webhook=row)
