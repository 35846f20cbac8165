"""Exports of a company: asked for, made by the worker, fetched for a week."""

from typing import ClassVar

from django.db import models

from guanxi.base.ids import new_id


class CompanyExport(models.Model):
    """Everything a company did, as one file. `done` in percent; `file` below DATA_DIR/exports, by this id."""

    home: ClassVar[str] = "company"

    id = models.UUIDField(primary_key=True, default=new_id)
    company_id = models.UUIDField()
    by_person = models.UUIDField()
    by_name = models.CharField(max_length=60)
    language = models.CharField(max_length=10, default="zh-hans")
    state = models.CharField(max_length=10, default="waiting")  # waiting, ready, failed, gone
    done = models.PositiveSmallIntegerField(default=0)
    bytes = models.BigIntegerField(default=0)
    made_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["CompanyExport"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company_id"], name="export_one_at_a_time", condition=models.Q(state="waiting")),
            models.CheckConstraint(condition=models.Q(done__lte=100), name="export_percent"),
        ]
        indexes = [models.Index(fields=["company_id", "-made_at"], name="export_of_company")]
