"""The live panel: one row a deal, rewritten by every act about it; lists, strips and the workbench read it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from guanxi.base.db import ConversationManager
from guanxi.base.ids import new_id

STEPS = ("rfq", "quote", "contract", "pay", "ship", "receive")


class Deal(models.Model):
    """Where a deal stands and whose turn it is. `total` in minor units, 0 while nothing is offered.

    `turn` names the act waited for (quote, answer, pay, ship, receive, review, consent), `turn_company` who owes it, `due_at` until when.
    """

    home: ClassVar[str] = "conversation"

    id = models.UUIDField(primary_key=True, default=new_id)
    conversation_id = models.UUIDField()
    buyer_id = models.UUIDField()
    supplier_id = models.UUIDField()
    rfq_id = models.UUIDField(null=True)
    order_id = models.UUIDField(null=True)
    number = models.CharField(max_length=24, default="")
    title = models.CharField(max_length=120)
    currency = models.CharField(max_length=3)
    total = models.BigIntegerField(default=0)
    step = models.CharField(max_length=10, default="rfq")
    state = models.CharField(max_length=10, default="live")  # live, done, lapsed
    turn = models.CharField(max_length=20, default="")
    turn_company = models.UUIDField(null=True)
    due_at = models.DateTimeField(null=True)
    seq = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = ConversationManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(buyer_id=models.F("supplier_id")), name="deal_of_two"),
            models.CheckConstraint(condition=Q(state__in=("live", "done", "lapsed")), name="known_deal_state"),
            models.CheckConstraint(condition=Q(step__in=STEPS), name="known_deal_step"),
        ]
        indexes = [
            models.Index(fields=["conversation_id", "-updated_at"], name="deal_here"),
            models.Index(fields=["turn_company", "due_at"], name="deal_turn", condition=Q(state="live")),
            models.Index(fields=["buyer_id", "due_at"], name="deal_waits_supplier", condition=Q(state="live", turn_company=models.F("supplier_id"))),
            models.Index(fields=["supplier_id", "due_at"], name="deal_waits_buyer", condition=Q(state="live", turn_company=models.F("buyer_id"))),
            models.Index(fields=["buyer_id", "-updated_at"], name="deal_buyer"),
            models.Index(fields=["supplier_id", "-updated_at"], name="deal_supplier"),
            models.Index(fields=["rfq_id"], name="deal_rfq", condition=Q(rfq_id__isnull=False)),
        ]

    def side_of(self, company: object) -> str | None:
        """`buyer`, `supplier` or None: who buys is a property of the deal, never of the conversation."""
        return "buyer" if company == self.buyer_id else "supplier" if company == self.supplier_id else None
