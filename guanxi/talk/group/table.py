"""A group's own words and its open invitations; who is in it stands in talk.Party."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from guanxi.base.db import ConversationManager
from guanxi.base.ids import new_id
from guanxi.talk.table import Conversation


class Group(models.Model):
    """`open_history`: whoever joins reads what was said before; otherwise from his joining on."""

    home: ClassVar[str] = "conversation"

    conversation = models.OneToOneField(Conversation, primary_key=True, on_delete=models.CASCADE, related_name="group")
    name = models.CharField(max_length=40)
    announcement = models.TextField(default="")
    announced_by = models.CharField(max_length=60, default="")
    announced_at = models.DateTimeField(null=True)
    open_history = models.BooleanField(default=False)

    objects = ConversationManager()


class GroupInvitation(models.Model):
    """Somebody is asked to come; open until he answers or is taken off the list."""

    home: ClassVar[str] = "conversation"

    id = models.UUIDField(primary_key=True, default=new_id)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="invitations")
    person_id = models.UUIDField()
    by_person = models.UUIDField()
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField()
    answer = models.CharField(max_length=10, default="open")
    answered_at = models.DateTimeField(null=True)

    objects = ConversationManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(answer__in=("open", "yes", "no", "withdrawn")), name="known_group_answer"),
            models.UniqueConstraint(fields=["conversation", "person_id"], condition=Q(answer="open"), name="group_invitation_once"),
        ]
        indexes = [
            models.Index(fields=["person_id"], name="group_invitation_open", condition=Q(answer="open")),
            models.Index(fields=["by_person", "at"], name="group_invitation_by"),
        ]
