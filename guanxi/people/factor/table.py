"""What shows a second time who somebody is: an authenticator app, passkeys, and recovery codes for the day both are lost."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from guanxi.base.ids import new_id
from guanxi.people.table import Person


class Authenticator(models.Model):
    """An app that draws codes by the clock (RFC 6238). `secret` is sealed; `last_step` is the newest time step that was used up."""

    home: ClassVar[str] = "person"

    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="authenticator")
    secret = models.CharField(max_length=200)
    last_step = models.BigIntegerField(default=0)
    made_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)


class RecoveryCode(models.Model):
    """A code on paper, for one use; kept as a keyed hash."""

    home: ClassVar[str] = "person"

    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "digest"], name="recovery_code_once")]


class Passkey(models.Model):
    """A WebAuthn credential. `credential` is its public half as the standard writes it; nothing here is a secret of the person."""

    home: ClassVar[str] = "person"

    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="passkeys")
    handle = models.CharField(max_length=1400, unique=True)  # the credential id in base64url; at most 1023 bytes
    credential = models.BinaryField()
    name = models.CharField(max_length=60)
    sign_count = models.BigIntegerField(default=0)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(sign_count__gte=0), name="passkey_counts_up")]
