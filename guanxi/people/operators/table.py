"""What operators did, for ever: whom it concerns reads it too (quality.md A56)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from guanxi.base.ids import new_id


class OperatorAct(models.Model):
    """One act of an operator with its reason; append-only. `act` is a word for programs, `body` what it changed, without secrets."""

    home: ClassVar[str] = "reference"

    id = models.UUIDField(primary_key=True, default=new_id)
    at = models.DateTimeField()
    operator_id = models.UUIDField()
    operator_name = models.CharField(max_length=60)
    act = models.CharField(max_length=40)
    reason = models.CharField(max_length=1000)
    person_id = models.UUIDField(null=True)
    company_id = models.UUIDField(null=True)
    conversation_id = models.UUIDField(null=True)
    about = models.CharField(max_length=80, default="")
    body = models.JSONField(default=dict)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="operator_says_why")]
        indexes = [
            models.Index(fields=["-at"], name="operator_act_at"),
            models.Index(fields=["company_id", "-at"], name="operator_act_company", condition=Q(company_id__isnull=False)),
            models.Index(fields=["person_id", "-at"], name="operator_act_person", condition=Q(person_id__isnull=False)),
        ]
