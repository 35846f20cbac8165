"""Where a company's own programs want to hear of its deals, and what was sent there."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from guanxi.base.ids import new_id


class Webhook(models.Model):
    """One address of one company. Its secret is drawn from `salt` and never stored; `old_salt` signs too until `old_until`.

    `looked_at` is how far the log was read for it, `busy_until` whose turn it is to send, `pause_until` when its receiver may be tried again.
    """

    home: ClassVar[str] = "company"

    id = models.UUIDField(primary_key=True, default=new_id)
    company_id = models.UUIDField()
    url = models.CharField(max_length=500)
    kinds = models.JSONField(default=list)
    state = models.CharField(max_length=5, default="on")
    salt = models.CharField(max_length=64)
    old_salt = models.CharField(max_length=64, default="")
    old_until = models.DateTimeField(null=True)
    made_by_id = models.UUIDField()
    made_at = models.DateTimeField()
    looked_at = models.DateTimeField()
    busy_until = models.DateTimeField()
    pause_until = models.DateTimeField()
    fails = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    off_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(state__in=("on", "off")), name="known_webhook_state")]
        indexes = [
            models.Index(fields=["company_id", "-made_at"], name="webhook_of"),
            models.Index(fields=["busy_until"], name="webhook_on", condition=Q(state="on")),
            models.Index(fields=["off_at"], name="webhook_untold", condition=Q(state="off", told_at=None)),
        ]


class Delivery(models.Model):
    """One event on its way to one address: the ids of an entry, never its body. A test has no entry."""

    home: ClassVar[str] = "company"

    id = models.UUIDField(primary_key=True, default=new_id)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    kind = models.CharField(max_length=30)
    conversation_id = models.UUIDField(null=True)
    seq = models.BigIntegerField(null=True)
    about = models.UUIDField(null=True)
    by_company = models.UUIDField(null=True)
    at = models.DateTimeField()
    state = models.CharField(max_length=10, default="waiting")
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=20, default="")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["webhook", "conversation_id", "seq"], name="delivery_once"),
            models.CheckConstraint(condition=Q(state__in=("waiting", "done", "failed")), name="known_delivery_state"),
        ]
        indexes = [
            models.Index(fields=["webhook", "-made_at", "-id"], name="delivery_newest"),
            models.Index(fields=["webhook", "due_at"], name="delivery_waiting", condition=Q(state="waiting")),
            models.Index(fields=["made_at"], name="delivery_old"),
        ]
