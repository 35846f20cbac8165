"""Goods on their way and arrived: shipments with their quantities, receipts with what they released."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from guanxi.base.db import ConversationManager
from guanxi.base.ids import new_id


class Shipment(models.Model):
    """One load. `lines` [{n, quantity}] as shipped; `photos` upload ids."""

    home: ClassVar[str] = "conversation"

    id = models.UUIDField(primary_key=True, default=new_id)
    conversation_id = models.UUIDField()
    order = models.ForeignKey("deals.Order", on_delete=models.PROTECT, related_name="shipments")
    n = models.PositiveIntegerField()
    carrier = models.CharField(max_length=60)
    waybill = models.CharField(max_length=60, default="", blank=True)
    note = models.CharField(max_length=500, default="", blank=True)
    lines = models.JSONField()
    photos = models.JSONField(default=list)
    by_person = models.UUIDField()
    at = models.DateTimeField()

    objects = ConversationManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation_id", "order", "n"], name="shipment_once")]


class Receipt(models.Model):
    """Goods confirmed, by the buyer or by the clock. `released` in minor units, in proportion to what was accepted; `returned` to the buyer,
    when less came than was ordered and the tolerance allows it. `wrong` [{n, short, damaged}]; `photos` upload ids."""

    home: ClassVar[str] = "conversation"

    id = models.UUIDField(primary_key=True, default=new_id)
    conversation_id = models.UUIDField()
    order = models.ForeignKey("deals.Order", on_delete=models.PROTECT, related_name="receipts")
    n = models.PositiveIntegerField()
    lines = models.JSONField()
    released = models.BigIntegerField()
    returned = models.BigIntegerField(default=0, db_default=0)
    wrong = models.JSONField(default=list, db_default=[])
    photos = models.JSONField(default=list, db_default=[])
    note = models.CharField(max_length=500, default="", blank=True)
    by_clock = models.BooleanField(default=False)
    by_person = models.UUIDField(null=True)
    at = models.DateTimeField()

    objects = ConversationManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation_id", "order", "n"], name="receipt_once"),
            models.CheckConstraint(condition=Q(released__gte=0, returned__gte=0), name="receipt_not_negative"),
        ]
