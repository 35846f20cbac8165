"""The sandbox's own ledger. It is another party: nothing of ours reads these rows but the check that compares the two."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from guanxi.base.ids import new_id

CHARGE_STATES = ("open", "paid", "failed", "closed")


class SandboxCharge(models.Model):
    """What a merchant asked a payer for. `paid` is what the payer really sent, minor units; held = paid - released - refunded."""

    home: ClassVar[str] = "node"

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=32, unique=True)
    attach = models.CharField(max_length=64)
    title = models.CharField(max_length=120)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10, default="open")
    paid = models.BigIntegerField(default=0)
    released = models.BigIntegerField(default=0)
    refunded = models.BigIntegerField(default=0)
    expires_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)  # when its notification left

    class Meta:
        db_table = "pay_sandbox_charge"
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="sandbox_positive"),
            models.CheckConstraint(condition=Q(released__gte=0, refunded__gte=0, paid__gte=F("released") + F("refunded")), name="sandbox_holds"),
            models.CheckConstraint(condition=Q(state__in=CHARGE_STATES), name="known_sandbox_state"),
        ]


class SandboxMove(models.Model):
    """One line of the statement: capture, release or refund, once a number."""

    home: ClassVar[str] = "node"

    id = models.UUIDField(primary_key=True, default=new_id)
    charge = models.ForeignKey(SandboxCharge, on_delete=models.PROTECT, related_name="moves")
    kind = models.CharField(max_length=10)
    number = models.CharField(max_length=32)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    at = models.DateTimeField()

    class Meta:
        db_table = "pay_sandbox_move"
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="sandbox_move_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="sandbox_move_positive"),
        ]
