"""The devices that want to hear by push, and what is on its way to them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from guanxi.base.ids import new_id


class Subscription(models.Model):
    """A browser's own address at its push service. It ends with the session it was made in: `session_id` is a device or a token.

    `key` is our public key it was made for. `talk`: texts too; `details`: what is said stands on the locked screen.
    `looked_at` is how far the log was read for it, `busy_until` whose turn it is to send, `pause_until` when its service may be tried again.
    """

    home: ClassVar[str] = "person"

    id = models.UUIDField(primary_key=True, default=new_id)
    person_id = models.UUIDField()
    session_id = models.UUIDField()
    endpoint = models.CharField(max_length=500, unique=True)
    p256dh = models.CharField(max_length=90)
    auth = models.CharField(max_length=30)
    key = models.CharField(max_length=90)
    talk = models.BooleanField(default=True)
    details = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    looked_at = models.DateTimeField()
    busy_until = models.DateTimeField()
    pause_until = models.DateTimeField()
    fails = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["person_id", "-made_at"], name="push_of_person"),
            models.Index(fields=["session_id"], name="push_of_session"),
            models.Index(fields=["looked_at"], name="push_looked"),
            models.Index(fields=["busy_until"], name="push_turn"),
        ]


class Push(models.Model):
    """One entry on its way to one device: its ids, never its body. `about` is the deal, none for talk."""

    home: ClassVar[str] = "person"

    id = models.UUIDField(primary_key=True, default=new_id)
    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="pushes", db_index=False)
    person_id = models.UUIDField()
    conversation_id = models.UUIDField()
    seq = models.BigIntegerField()
    about = models.UUIDField(null=True)
    state = models.CharField(max_length=10, default="waiting")
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=20, default="")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscription", "conversation_id", "seq"], name="push_once"),
            models.CheckConstraint(condition=Q(state__in=("waiting", "done", "dropped", "failed")), name="known_push_state"),
        ]
        indexes = [
            models.Index(fields=["subscription", "due_at"], name="push_waiting", condition=Q(state="waiting")),
            models.Index(fields=["person_id"], name="push_person"),
            models.Index(fields=["made_at"], name="push_old"),
        ]
