"""An enquiry belongs to the buyer company; each invited supplier has a frozen copy in the pair's own conversation."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from guanxi.base.db import ConversationManager
from guanxi.base.ids import new_id


class Rfq(models.Model):
    """What a buyer wants to know the price of. `door` is the unguessable part of its public link."""

    home: ClassVar[str] = "company"

    id = models.UUIDField(primary_key=True, default=new_id)
    company_id = models.UUIDField()
    number = models.CharField(max_length=24, unique=True)
    title = models.CharField(max_length=120, default="", blank=True)
    state = models.CharField(max_length=10, default="draft")
    currency = models.CharField(max_length=3, default="CNY")
    place = models.CharField(max_length=120, default="", blank=True)
    deliver_by = models.DateField(null=True)
    tax_rate = models.DecimalField(max_digits=4, decimal_places=2, null=True)  # wished: 13, 9, 6, 3, 1, 0
    tax_in = models.BooleanField(default=True)
    invoice = models.CharField(max_length=10, default="none")  # none, ordinary, special
    note = models.TextField(default="", blank=True)
    files = models.JSONField(default=list)  # upload ids
    receivers = models.JSONField(default=list)  # company ids chosen while it is a draft
    typed = models.JSONField(default=dict)  # the form as its buyer left it, until it is sent
    deadline_at = models.DateTimeField(null=True)
    door = models.CharField(max_length=40, unique=True)
    door_open = models.BooleanField(default=True)
    made_by = models.UUIDField()
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=("draft", "open", "closed", "part", "awarded", "cancelled", "expired")), name="known_rfq_state"),
            models.CheckConstraint(condition=Q(state="draft") | Q(deadline_at__isnull=False), name="sent_rfq_has_deadline"),
        ]
        indexes = [
            models.Index(fields=["company_id", "-updated_at"], name="rfq_of"),
            models.Index(fields=["deadline_at"], name="rfq_due", condition=Q(state="open")),
        ]


class RfqLine(models.Model):
    """One thing asked for; `target_price` per unit, if the buyer names one."""

    home: ClassVar[str] = "company"

    id = models.UUIDField(primary_key=True, default=new_id)
    rfq = models.ForeignKey(Rfq, on_delete=models.CASCADE, related_name="lines")
    n = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    spec = models.CharField(max_length=200, default="", blank=True)
    quantity = models.DecimalField(max_digits=18, decimal_places=4)
    unit = models.CharField(max_length=20)
    target_price = models.DecimalField(max_digits=18, decimal_places=6, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rfq", "n"], name="rfq_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="rfq_quantity_positive"),
            models.CheckConstraint(condition=Q(target_price=None) | Q(target_price__gt=0), name="target_positive"),
        ]


class Invite(models.Model):
    """A supplier asked: the frozen copy of the enquiry in the pair's conversation. Its id is the deal's id.

    Whether he has seen it is not stored: read positions say so.
    """

    home: ClassVar[str] = "conversation"

    id = models.UUIDField(primary_key=True)
    conversation_id = models.UUIDField()
    rfq_id = models.UUIDField()
    buyer_id = models.UUIDField()
    supplier_id = models.UUIDField()
    state = models.CharField(max_length=10, default="invited")  # invited, quoted, declined, won, lost, cancelled, expired
    body = models.JSONField()
    deadline_at = models.DateTimeField(null=True)  # when it was moved since; the first one stands in the body
    reminded_for = models.DateTimeField(null=True)  # the deadline the supplier was reminded of
    seq = models.BigIntegerField()
    sent_at = models.DateTimeField()

    objects = ConversationManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation_id", "rfq_id", "supplier_id"], name="asked_once"),
            models.CheckConstraint(condition=Q(state__in=("invited", "quoted", "declined", "won", "lost", "cancelled", "expired")), name="known_invite_state"),
        ]
        indexes = [models.Index(fields=["rfq_id"], name="invite_rfq")]
