"""Companies that ask to be verified, and what the operator said."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from guanxi.base.ids import new_id
from guanxi.people.table import Company

STATES = ("asked", "passed", "refused", "withdrawn")


class Verification(models.Model):
    """A licence scan and what stands on it, as the company typed it."""

    home: ClassVar[str] = "company"

    id = models.UUIDField(primary_key=True, default=new_id)
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="verifications")
    name = models.CharField(max_length=100)
    credit_code = models.CharField(max_length=18)
    legal_person = models.CharField(max_length=60)
    scan_id = models.UUIDField()
    state = models.CharField(max_length=10, default="asked")
    by_id = models.UUIDField()
    at = models.DateTimeField()
    reason = models.CharField(max_length=1000, default="")
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="known_verification"),
            models.UniqueConstraint(fields=["company"], condition=Q(state="asked"), name="one_verification_asked"),
        ]
        indexes = [models.Index(fields=["at"], name="verification_waiting", condition=Q(state="asked"))]
