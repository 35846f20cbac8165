"""One row a person who has chosen something; who has not is told of everything, at any hour."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from guanxi.notify.choice.rules import HOME, Wish


class Choice(models.Model):
    """`digest_at` is when the last daily mail left."""

    home: ClassVar[str] = "person"

    person_id = models.UUIDField(primary_key=True)
    turns = models.BooleanField(default=True)
    money = models.BooleanField(default=True)
    quiet_from = models.TimeField(null=True)
    quiet_to = models.TimeField(null=True)
    zone = models.CharField(max_length=40, default=HOME)
    digest = models.BooleanField(default=False)
    digest_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quiet_from=None, quiet_to=None) | Q(quiet_from__isnull=False, quiet_to__isnull=False), name="quiet_both_or_none")
        ]
        indexes = [models.Index(fields=["digest_at"], name="digest_wanted", condition=Q(digest=True))]

    @property
    def wish(self) -> Wish:
        """As the rules read it."""
        return Wish(self.turns, self.money, self.quiet_from, self.quiet_to, self.zone)
