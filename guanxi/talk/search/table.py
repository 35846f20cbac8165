"""The index of the log, and how far a reader of the log has come. Both can be thrown away and made again."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from guanxi.base.ids import new_id
from guanxi.talk.table import Conversation


class Indexed(models.Model):
    """The tokens of one entry, with tokens for who took part: the first step to what one may find; the last is the party itself."""

    home: ClassVar[str] = "conversation"

    pk = models.CompositePrimaryKey("conversation_id", "seq")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+", db_index=False)
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    words = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["words"], name="indexed_words")]


class ReaderPlace(models.Model):
    """A reader has read this conversation up to `seq`. Under the nil conversation: how far in time it has looked, in microseconds."""

    home: ClassVar[str] = "conversation"

    id = models.UUIDField(primary_key=True, default=new_id)
    reader = models.CharField(max_length=40)
    conversation_id = models.UUIDField()
    seq = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation_id", "reader"], name="reader_once")]
