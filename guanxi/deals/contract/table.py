"""The contract of an order: one text that both sides confirm."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from guanxi.base.db import ConversationManager
from guanxi.base.ids import new_id


class Contract(models.Model):
    """One version. `state` offered, agreed, declined, replaced; `text` is frozen, `hash` its SHA-256 (`text.digest`).

    Who drew it up has confirmed it by that; the other side confirms or declines. `by_*` and `agreed_*` record who did and when.
    """

    home: ClassVar[str] = "conversation"

    id = models.UUIDField(primary_key=True, default=new_id)
    conversation_id = models.UUIDField()
    order = models.ForeignKey("deals.Order", on_delete=models.PROTECT, related_name="contracts")
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default="offered")
    text = models.JSONField()
    hash = models.CharField(max_length=64)
    by_company = models.UUIDField()
    by_person = models.UUIDField()
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField()
    agreed_person = models.UUIDField(null=True)
    agreed_name = models.CharField(max_length=80, default="", blank=True)
    agreed_at = models.DateTimeField(null=True)

    objects = ConversationManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation_id", "order", "version"], name="contract_version_once"),
            models.UniqueConstraint(fields=["conversation_id", "order"], condition=Q(state__in=("offered", "agreed")), name="one_live_contract"),
            models.CheckConstraint(condition=Q(state__in=("offered", "agreed", "declined", "replaced")), name="known_contract_state"),
            models.CheckConstraint(condition=~Q(state__in=("offered", "declined")) | Q(agreed_at=None), name="agreed_by_somebody"),
            models.CheckConstraint(condition=~Q(state="agreed") | Q(agreed_at__isnull=False), name="agreed_at_some_time"),
        ]
