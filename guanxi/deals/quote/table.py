"""Offers: numbered versions of one negotiation; quotes by the supplier, counter-offers by either side."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from guanxi.base.db import ConversationManager
from guanxi.base.ids import new_id


class Quote(models.Model):
    """One offer, frozen. `goods`, `freight`, `tax` (added tax: 0 when prices include it) and `total` in minor units.

    `terms`: lines [{n, name, spec, unit, quantity, price | null, total}], tax_rate, tax_in, lead_days, stages [{name, percent, days}], note.
    """

    home: ClassVar[str] = "conversation"

    id = models.UUIDField(primary_key=True, default=new_id)
    conversation_id = models.UUIDField()
    deal_id = models.UUIDField()
    version = models.PositiveIntegerField()
    side = models.CharField(max_length=8)  # whose offer: buyer, supplier
    by_person = models.UUIDField()
    by_name = models.CharField(max_length=60)
    state = models.CharField(max_length=10, default="open")
    terms = models.JSONField()
    currency = models.CharField(max_length=3)
    goods = models.BigIntegerField()
    freight = models.BigIntegerField()
    tax = models.BigIntegerField()
    total = models.BigIntegerField()
    valid_until = models.DateTimeField()
    seq = models.BigIntegerField()
    at = models.DateTimeField()

    objects = ConversationManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation_id", "deal_id", "version"], name="version_once"),
            models.UniqueConstraint(fields=["conversation_id", "deal_id"], condition=Q(state="open"), name="one_open_offer"),
            models.UniqueConstraint(fields=["conversation_id", "deal_id"], condition=Q(state="accepted"), name="one_accepted_offer"),
            models.CheckConstraint(condition=Q(total=F("goods") + F("freight") + F("tax")), name="offer_adds_up"),
            models.CheckConstraint(condition=Q(goods__gt=0, freight__gte=0, tax__gte=0), name="offer_positive"),
            models.CheckConstraint(condition=Q(side__in=("buyer", "supplier")), name="known_offer_side"),
            models.CheckConstraint(
                condition=Q(state__in=("open", "countered", "accepted", "declined", "withdrawn", "expired", "superseded", "lost")), name="known_offer_state"
            ),
        ]


class QuoteDraft(models.Model):
    """An offer as a company typed it and did not send yet: one a deal, shared by its colleagues. `basis`: the version it answers, 0 before any."""

    home: ClassVar[str] = "conversation"

    id = models.UUIDField(primary_key=True, default=new_id)
    conversation_id = models.UUIDField()
    deal_id = models.UUIDField()
    company_id = models.UUIDField()
    basis = models.PositiveIntegerField(default=0)
    typed = models.JSONField(default=dict)
    by_person = models.UUIDField()
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField()

    objects = ConversationManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation_id", "deal_id", "company_id"], name="one_draft_a_company")]
