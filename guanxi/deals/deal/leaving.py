"""The last one of a company closes his account: not while a deal still waits for it."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import Refused
from guanxi.deals.deal.table import Deal


def hand_over(*, company: UUID, leaver: UUID, heir: UUID | None, now: datetime) -> None:
    """Called in the transaction in which somebody leaves (guanxi.ports). Raises Refused when nobody is left to finish what is under way."""
    if heir is None and Deal.objects.filter(Q(buyer_id=company) | Q(supplier_id=company), state="live").exists():
        raise Refused("live-deals", _("Your company has deals under way, and nobody else works for it. Finish them, or hand the company over first."))
