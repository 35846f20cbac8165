"""Disputes about orders: how far each is, what was proposed, what was shown. Proposals and evidence are only added to."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from guanxi.base.db import ConversationManager
from guanxi.base.ids import new_id

STATES = ("open", "answered", "escalated", "returning", "sent_back", "owing", "repaid", "closed")
SIDES = ("buyer", "supplier", "staff")


class Dispute(models.Model):
    """The `n`th of its order. While it is not closed, `frozen` minor units of the order move only by its outcome (quality.md M14).

    `turn` buyer, supplier or staff owes the next move until `due_at`. `clock_left`: seconds the release clock had left when it was stopped.
    `plan` {kind, refund, lines} is what was agreed or ruled; `refunded` and `released` what of the frozen money went where.
    """

    home: ClassVar[str] = "conversation"

    id = models.UUIDField(primary_key=True, default=new_id)
    conversation_id = models.UUIDField()
    order = models.ForeignKey("deals.Order", on_delete=models.PROTECT, related_name="disputes")
    deal_id = models.UUIDField()
    n = models.PositiveIntegerField()
    opened_by = models.CharField(max_length=8)
    by_person = models.UUIDField()
    reason = models.CharField(max_length=20)
    text = models.CharField(max_length=2000)
    wrong = models.JSONField(default=list)  # [{n, short, damaged}], as the buyer found it
    currency = models.CharField(max_length=3)
    frozen = models.BigIntegerField()
    clock_left = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, default="open")
    turn = models.CharField(max_length=8)
    due_at = models.DateTimeField(null=True)
    plan = models.JSONField(null=True)
    outcome = models.CharField(max_length=10, default="", blank=True)  # agreed, ruled, withdrawn
    ruling = models.CharField(max_length=2000, default="", blank=True)  # the operator's reason
    refunded = models.BigIntegerField(default=0)
    released = models.BigIntegerField(default=0)
    carrier = models.CharField(max_length=60, default="", blank=True)  # of the goods that go back
    waybill = models.CharField(max_length=60, default="", blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects = ConversationManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation_id", "order", "n"], name="dispute_once"),
            models.UniqueConstraint(fields=["conversation_id", "order"], condition=~Q(state="closed"), name="one_open_dispute"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="known_dispute_state"),
            models.CheckConstraint(condition=Q(opened_by__in=("buyer", "supplier"), turn__in=("", *SIDES)), name="known_dispute_sides"),
            models.CheckConstraint(condition=Q(outcome__in=("", "agreed", "ruled", "withdrawn")), name="known_dispute_outcome"),
            models.CheckConstraint(condition=Q(state="closed", closed_at__isnull=False) | (~Q(state="closed") & Q(closed_at=None)), name="dispute_closed_at"),
            models.CheckConstraint(
                condition=Q(refunded__gte=0, released__gte=0, frozen__gte=F("refunded") + F("released")), name="dispute_moves_what_it_froze"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="dispute_waits", condition=Q(state="escalated")),
            models.Index(fields=["deal_id"], name="dispute_deal"),
        ]


class Proposal(models.Model):
    """How one side would end it; what the opener asked for is the first. open, accepted, refused, replaced, void."""

    home: ClassVar[str] = "conversation"

    id = models.UUIDField(primary_key=True, default=new_id)
    conversation_id = models.UUIDField()
    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="proposals")
    n = models.PositiveIntegerField()
    side = models.CharField(max_length=8)
    by_person = models.UUIDField()
    by_name = models.CharField(max_length=60)
    plan = models.JSONField()
    text = models.CharField(max_length=2000, default="", blank=True)
    state = models.CharField(max_length=10, default="open")
    due_at = models.DateTimeField()
    at = models.DateTimeField()

    objects = ConversationManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation_id", "dispute", "n"], name="proposal_once"),
            models.UniqueConstraint(fields=["conversation_id", "dispute"], condition=Q(state="open"), name="one_open_proposal"),
            models.CheckConstraint(condition=Q(state__in=("open", "accepted", "refused", "replaced", "void")), name="known_proposal_state"),
            models.CheckConstraint(condition=Q(side__in=("buyer", "supplier")), name="known_proposal_side"),
        ]


class Evidence(models.Model):
    """Words and files one side shows. `files` [{upload, name, mime, size, sha256, picture}]; never changed (a trigger says so)."""

    home: ClassVar[str] = "conversation"

    id = models.UUIDField(primary_key=True, default=new_id)
    conversation_id = models.UUIDField()
    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="evidence")
    n = models.PositiveIntegerField()
    side = models.CharField(max_length=8)
    by_person = models.UUIDField(null=True)
    by_name = models.CharField(max_length=60, default="")
    text = models.CharField(max_length=2000, default="", blank=True)
    files = models.JSONField(default=list)
    at = models.DateTimeField()

    objects = ConversationManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation_id", "dispute", "n"], name="evidence_once"),
            models.CheckConstraint(condition=Q(side__in=SIDES), name="known_evidence_side"),
        ]
