"""Changes of an order by mutual consent: numbered proposals; the one that is accepted makes the order's next version."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from guanxi.base.db import ConversationManager
from guanxi.base.ids import new_id
from guanxi.deals.order.table import Order


class Change(models.Model):
    """One proposal, frozen. `terms`: lines [{n, name, spec, unit, quantity, price, total}] as they would be, was (what they are: quantity and price
    by line, freight, total, ship_by), stages [{name, percent, days}] of what is not paid, or none; money in minor units.
    """

    home: ClassVar[str] = "conversation"

    id = models.UUIDField(primary_key=True, default=new_id)
    conversation_id = models.UUIDField()
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="changes")
    n = models.PositiveIntegerField()
    side = models.CharField(max_length=8)
    by_person = models.UUIDField()
    by_name = models.CharField(max_length=60)
    state = models.CharField(max_length=10, default="open")
    terms = models.JSONField()
    goods = models.BigIntegerField()
    freight = models.BigIntegerField()
    tax = models.BigIntegerField()
    total = models.BigIntegerField()
    ship_by = models.DateTimeField()
    note = models.CharField(max_length=500, default="", blank=True)
    expires_at = models.DateTimeField()
    at = models.DateTimeField()

    objects = ConversationManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation_id", "order", "n"], name="change_once"),
            models.UniqueConstraint(fields=["conversation_id", "order"], condition=Q(state="open"), name="one_open_change"),
            models.CheckConstraint(condition=Q(total=F("goods") + F("freight") + F("tax")), name="change_adds_up"),
            models.CheckConstraint(condition=Q(goods__gt=0, freight__gte=0, tax__gte=0), name="change_positive"),
            models.CheckConstraint(condition=Q(state__in=("open", "accepted", "declined", "withdrawn", "replaced", "expired")), name="known_change_state"),
        ]
