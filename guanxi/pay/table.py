"""The book: accounts of a conversation and the transfers between them; and what providers told us."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from guanxi.base.db import ConversationManager
from guanxi.base.ids import new_id


class Account(models.Model):
    """Who owns what inside one conversation. `balance` in minor units: credits less debits for what we owe (escrow, payable,
    refundable), debits less credits for what a provider holds for us (clearing). It is never below zero and equals the fold of transfers."""

    home: ClassVar[str] = "conversation"

    id = models.UUIDField(primary_key=True, default=new_id)
    conversation_id = models.UUIDField()
    # clearing:<provider> escrow:<order> payable:<company> refundable:<company>; bank:<company> received:<order> unsettled:<order> repayable:<order>
    code = models.CharField(max_length=80)
    currency = models.CharField(max_length=3)
    balance = models.BigIntegerField(default=0)

    objects = ConversationManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation_id", "code", "currency"], name="account_once"),
            models.CheckConstraint(condition=Q(balance__gte=0), name="account_not_below_zero"),
        ]


class Transfer(models.Model):
    """One movement of money between two accounts; append-only. Transfers of one act share a movement (quality.md M1-M4)."""

    home: ClassVar[str] = "conversation"

    id = models.UUIDField(primary_key=True, default=new_id)
    conversation_id = models.UUIDField()
    movement_id = models.UUIDField()
    debit = models.CharField(max_length=80)
    credit = models.CharField(max_length=80)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    act = models.CharField(max_length=40)
    about = models.UUIDField()  # the order
    reverses = models.UUIDField(null=True)
    at = models.DateTimeField()  # business time
    recorded_at = models.DateTimeField()

    objects = ConversationManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="transfer_positive"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="transfer_between_two"),
            models.UniqueConstraint(fields=["conversation_id", "reverses"], condition=Q(reverses__isnull=False), name="reversed_once"),
            models.UniqueConstraint(fields=["conversation_id", "movement_id", "debit", "credit"], name="movement_once"),
        ]
        indexes = [models.Index(fields=["conversation_id", "about", "at"], name="transfer_about")]


class ProviderEvent(models.Model):
    """What a provider said, kept raw before it is understood; unique by (provider, event id) (quality.md M11)."""

    home: ClassVar[str] = "reference"

    id = models.UUIDField(primary_key=True, default=new_id)
    provider = models.CharField(max_length=20)
    event_id = models.CharField(max_length=80)
    raw = models.BinaryField()
    verified = models.BooleanField()
    received_at = models.DateTimeField()
    outcome = models.CharField(max_length=20, default="")  # "", applied, repeated, suspense, refused
    handled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "event_id"], name="event_once")]
        indexes = [models.Index(fields=["received_at"], name="event_waiting", condition=Q(handled_at=None))]


class Suspense(models.Model):
    """Money or news that fits nothing we asked for; a person looks at it (quality.md M8, M10)."""

    home: ClassVar[str] = "reference"

    id = models.UUIDField(primary_key=True, default=new_id)
    provider = models.CharField(max_length=20)
    event_id = models.CharField(max_length=80)
    reason = models.CharField(max_length=40)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    payment_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "event_id"], name="suspense_once")]
