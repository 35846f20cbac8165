"""Tables below the trade: drawn numbers, limits, the outbox."""

from typing import ClassVar

from django.db import models

from guanxi.base.ids import new_id


class Number(models.Model):
    """A number people read out, claimed once in the world."""

    home: ClassVar[str] = "reference"

    text = models.CharField(max_length=24, primary_key=True)
    at = models.DateTimeField()


class Limit(models.Model):
    """How often something was done in one window. Rows, so that limits survive restarts and count over all processes."""

    home: ClassVar[str] = "node"

    id = models.UUIDField(primary_key=True, default=new_id)
    scope = models.CharField(max_length=200)
    window = models.DateTimeField()
    hits = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "window"], name="limit_once")]
        indexes = [models.Index(fields=["window"], name="limit_window")]


class Outbox(models.Model):
    """An effect written with the act that wants it; the worker does it after commit, or leaves it to the job queue (quality.md R10)."""

    home: ClassVar[str] = "conversation"

    id = models.UUIDField(primary_key=True, default=new_id)
    conversation_id = models.UUIDField()
    n = models.BigIntegerField()
    effect = models.CharField(max_length=60)
    body = models.JSONField(default=dict)
    due_at = models.DateTimeField()
    moved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation_id", "n", "effect", "id"], name="outbox_once")]
        indexes = [models.Index(fields=["due_at"], name="outbox_waiting", condition=models.Q(moved_at=None))]


class Milestone(models.Model):
    """When an operator's work of this name (backup, proof, check, retention) was last done, and what it found."""

    home: ClassVar[str] = "node"

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
    body = models.JSONField(default=dict)
