"""What has left the house for whom: one message a conversation and person until he has read it."""

from typing import ClassVar

from django.db import models

from guanxi.base.db import ConversationManager
from guanxi.base.ids import new_id


class Told(models.Model):
    """This person was told of what stood in the conversation up to `seq`; told again only after he has read that far."""

    home: ClassVar[str] = "conversation"

    id = models.UUIDField(primary_key=True, default=new_id)
    conversation_id = models.UUIDField()
    person_id = models.UUIDField()
    seq = models.BigIntegerField()
    at = models.DateTimeField()

    objects = ConversationManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation_id", "person_id"], name="told_once")]
