"""The record of talk: conversations, who takes part, how far each has read, and the log itself."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from guanxi.base.db import ConversationManager
from guanxi.base.ids import new_id


class Conversation(models.Model):
    """One lock, one log, one shard. `head` is the seq of its last entry, `audience` grows when a party comes or goes."""

    home: ClassVar[str] = "conversation"

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=10)  # deal: two companies; direct: two people; group
    head = models.BigIntegerField(default=0)
    head_at = models.DateTimeField()
    audience = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(kind__in=("deal", "direct", "group")), name="known_conversation_kind")]
        indexes = [models.Index(fields=["head_at"], name="conversation_changed")]


class Pair(models.Model):
    """Two companies or two people have one conversation in the world; this row claims it."""

    home: ClassVar[str] = "reference"

    key = models.CharField(max_length=90, primary_key=True)
    conversation_id = models.UUIDField()


class Party(models.Model):
    """A company or a person who takes part. `active_at` follows the conversation's head to the minute, for lists."""

    home: ClassVar[str] = "conversation"

    id = models.UUIDField(primary_key=True, default=new_id)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="parties")
    company_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)
    responsible_id = models.UUIDField(null=True)  # the colleague who gets the notices
    active_at = models.DateTimeField()
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    group_role = models.CharField(max_length=10, default="member", db_default="member")  # owner | admin | member: means something in groups only
    silenced = models.BooleanField(default=False, db_default=False)  # may only read

    objects = ConversationManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "company_id"], condition=Q(left_at=None), name="company_party_once"),
            models.UniqueConstraint(fields=["conversation", "person_id"], condition=Q(left_at=None), name="person_party_once"),
            models.CheckConstraint(condition=Q(company_id__isnull=False) ^ Q(person_id__isnull=False), name="party_is_one"),
        ]
        indexes = [
            models.Index(fields=["company_id", "-active_at"], name="party_company"),
            models.Index(fields=["person_id", "-active_at"], name="party_person", condition=Q(person_id__isnull=False)),
        ]


class Position(models.Model):
    """How far a person has read, and how he wants to hear of this conversation."""

    home: ClassVar[str] = "conversation"

    id = models.UUIDField(primary_key=True, default=new_id)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="positions")
    person_id = models.UUIDField()
    read_seq = models.BigIntegerField(default=0)
    from_seq = models.BigIntegerField(default=0)
    muted = models.BooleanField(default=False)
    pinned = models.BooleanField(default=False)

    objects = ConversationManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "person_id"], name="position_once")]
        indexes = [models.Index(fields=["person_id"], name="position_pinned", condition=Q(pinned=True))]


class Entry(models.Model):
    """One thing said or done: a frozen picture. Rows are never changed or deleted; only what was said may be emptied (a trigger says so)."""

    home: ClassVar[str] = "conversation"

    pk = models.CompositePrimaryKey("conversation_id", "seq")
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="entries", db_index=False)
    seq = models.BigIntegerField()
    kind = models.CharField(max_length=30)
    by_person = models.UUIDField(null=True)
    by_company = models.UUIDField(null=True)
    by_name = models.CharField(max_length=60, default="")
    about = models.UUIDField(null=True)
    body = models.JSONField(default=dict)
    at = models.DateTimeField()

    objects = ConversationManager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(seq__gt=0), name="seq_from_one")]
        indexes = [models.Index(fields=["conversation", "about", "seq"], name="entry_about", condition=Q(about__isnull=False))]


class Done(models.Model):
    """A key that was used: the hash of what came with it and what it gave (quality.md M5)."""

    home: ClassVar[str] = "conversation"

    id = models.UUIDField(primary_key=True, default=new_id)
    scope = models.UUIDField()  # a conversation, or a company for acts outside one
    key = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    result = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        db_table = "talk_call"
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="call_once")]


class Upload(models.Model):
    """A file as we keep it. Pictures are re-encoded; everything else is served as an attachment."""

    home: ClassVar[str] = "company"

    id = models.UUIDField(primary_key=True, default=new_id)
    person_id = models.UUIDField()
    company_id = models.UUIDField(null=True)
    name = models.CharField(max_length=200)
    mime = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    path = models.CharField(max_length=200)
    thumb = models.CharField(max_length=200, default="")
    public = models.BooleanField(default=False)  # logos, and pictures of an RFQ whose door is open
    at = models.DateTimeField()
    key = models.CharField(max_length=64, default="")  # of the request that brought it: the same file sent again is this one

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person_id", "company_id", "key"], condition=~Q(key=""), nulls_distinct=False, name="upload_once"),
        ]


class Attachment(models.Model):
    """An upload shown in a conversation: whoever reaches the one reaches the other."""

    home: ClassVar[str] = "conversation"

    id = models.UUIDField(primary_key=True, default=new_id)
    conversation_id = models.UUIDField()
    upload_id = models.UUIDField()
    seq = models.BigIntegerField(null=True)  # the one entry that shows it; null when trade or several entries do, then recalling one hides nothing

    objects = ConversationManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation_id", "upload_id"], name="attachment_once")]
        indexes = [models.Index(fields=["upload_id"], name="attachment_of")]
