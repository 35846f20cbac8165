"""Which line of an enquiry went into which order: a line goes to one supplier, and the database says so."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from guanxi.base.ids import new_id
from guanxi.deals.rfq.table import Rfq


class Award(models.Model):
    """Line `n` of an enquiry, awarded. `freed_at`: its order was cancelled, and it may go to another."""

    home: ClassVar[str] = "company"

    id = models.UUIDField(primary_key=True, default=new_id)
    rfq = models.ForeignKey(Rfq, on_delete=models.CASCADE, related_name="awards")
    n = models.PositiveIntegerField()
    order_id = models.UUIDField()
    at = models.DateTimeField()
    freed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rfq", "n"], condition=Q(freed_at=None), name="line_awarded_once")]
        indexes = [models.Index(fields=["order_id"], name="award_order")]
