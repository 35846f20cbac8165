"""The payments that fill the stages of an order's price."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from guanxi.base.db import ConversationManager
from guanxi.base.ids import new_id
from guanxi.deals.order.table import Stage


class Payment(models.Model):
    """One try to fill a stage through a provider. held = paid - released - returned, at every moment (quality.md M7)."""

    home: ClassVar[str] = "conversation"

    id = models.UUIDField(primary_key=True, default=new_id)
    conversation_id = models.UUIDField()
    order = models.ForeignKey("deals.Order", on_delete=models.PROTECT, related_name="payments")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="payments")
    provider = models.CharField(max_length=20)
    reference = models.CharField(max_length=80, default="")  # the provider's own id
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10, default="starting")  # starting, pending, held, failed, expired, closed
    paid = models.BigIntegerField(default=0)
    released = models.BigIntegerField(default=0)
    returned = models.BigIntegerField(default=0)
    next_step = models.JSONField(default=dict)  # where the payer goes, as the provider said
    payer_id = models.UUIDField()
    payer_name = models.CharField(max_length=60)
    started_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)

    objects = ConversationManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation_id", "stage"], condition=Q(state__in=("starting", "pending")), name="one_payment_on_its_way"),
            models.UniqueConstraint(fields=["conversation_id", "stage"], condition=Q(state="held"), name="one_payment_held"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_positive"),
            models.CheckConstraint(condition=Q(released__gte=0, returned__gte=0, paid__gte=F("released") + F("returned")), name="hold_ends_once"),
            models.CheckConstraint(condition=Q(paid__in=(0, F("amount"))), name="paid_whole_or_not"),
            models.CheckConstraint(condition=Q(state__in=("starting", "pending", "held", "failed", "expired", "closed")), name="known_payment_state"),
        ]
        indexes = [models.Index(fields=["provider", "reference"], name="payment_reference")]


class Payout(models.Model):
    """What we asked a provider to do with held money: `release` to the supplier or `refund` to the buyer. asked, done; minor units."""

    home: ClassVar[str] = "conversation"

    id = models.UUIDField(primary_key=True, default=new_id)
    conversation_id = models.UUIDField()
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="payouts")
    order_id = models.UUIDField()
    company_id = models.UUIDField()  # who gets it
    kind = models.CharField(max_length=10)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10, default="asked")
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    objects = ConversationManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payout_positive"),
            models.CheckConstraint(condition=Q(kind__in=("release", "refund")), name="known_payout_kind"),
            models.CheckConstraint(condition=Q(state="asked", done_at=None) | Q(state="done", done_at__isnull=False), name="payout_done_at"),
        ]
        indexes = [
            models.Index(fields=["conversation_id", "order_id"], name="payout_order"),
            models.Index(fields=["company_id", "asked_at"], name="payout_company"),
        ]
