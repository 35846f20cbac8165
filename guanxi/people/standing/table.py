"""How people and companies stand with the operator: warned, muted, suspended; and what they say to it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from guanxi.base.ids import new_id

KINDS = ("warn", "mute", "suspend")
ANSWERS = ("open", "granted", "refused")


class Measure(models.Model):
    """One measure against a person or a company, with the reason both read. A mute or suspension holds until it is lifted, or until `until`."""

    home: ClassVar[str] = "reference"

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=10)
    person_id = models.UUIDField(null=True)
    company_id = models.UUIDField(null=True)
    reason = models.CharField(max_length=1000)
    by_id = models.UUIDField()
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    lifted_at = models.DateTimeField(null=True)
    lift_reason = models.CharField(max_length=1000, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="known_measure"),
            models.CheckConstraint(condition=Q(person_id=None) ^ Q(company_id=None), name="measure_of_one"),
        ]
        indexes = [
            models.Index(fields=["person_id", "-at"], name="measure_person", condition=Q(person_id__isnull=False)),
            models.Index(fields=["company_id", "-at"], name="measure_company", condition=Q(company_id__isnull=False)),
        ]


class Appeal(models.Model):
    """What the other side says to a measure; another look is due. One at a time for a measure."""

    home: ClassVar[str] = "reference"

    id = models.UUIDField(primary_key=True, default=new_id)
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="appeals")
    words = models.CharField(max_length=2000)
    by_id = models.UUIDField()
    at = models.DateTimeField()
    state = models.CharField(max_length=10, default="open")
    answer = models.CharField(max_length=1000, default="")
    answered_by = models.UUIDField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ANSWERS), name="known_appeal_state"),
            models.UniqueConstraint(fields=["measure"], condition=Q(state="open"), name="one_open_appeal"),
        ]
        indexes = [models.Index(fields=["at"], name="appeal_waiting", condition=Q(state="open"))]
