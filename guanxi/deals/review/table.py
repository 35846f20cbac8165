"""What each side says of the other when the deal is done."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from guanxi.base.db import ConversationManager
from guanxi.base.ids import new_id


class Review(models.Model):
    """One a side and order; stars 1 to 5. Shown on the page of `of_company`, which may answer it once, and report it to the operator once."""

    home: ClassVar[str] = "conversation"

    id = models.UUIDField(primary_key=True, default=new_id)
    conversation_id = models.UUIDField()
    order = models.ForeignKey("deals.Order", on_delete=models.PROTECT, related_name="reviews")
    side = models.CharField(max_length=8)
    by_company = models.UUIDField()
    of_company = models.UUIDField()
    by_person = models.UUIDField()
    stars = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=1000, default="", blank=True)
    at = models.DateTimeField()
    answer = models.CharField(max_length=1000, default="", blank=True, db_default="")
    answered_at = models.DateTimeField(null=True)
    report = models.CharField(max_length=1000, default="", blank=True, db_default="")
    reported_at = models.DateTimeField(null=True)

    objects = ConversationManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation_id", "order", "side"], name="review_once"),
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="one_to_five_stars"),
            models.CheckConstraint(condition=~Q(by_company=models.F("of_company")), name="review_of_the_other"),
        ]
        indexes = [
            models.Index(fields=["of_company", "-at"], name="review_of"),
            models.Index(fields=["reported_at"], name="review_reported", condition=Q(reported_at__isnull=False)),
        ]
