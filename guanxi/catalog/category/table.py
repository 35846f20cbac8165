"""One place in the tree."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language


class Category(models.Model):
    """`depth` 0 is a sector, 1 a group, 2 a leaf; listings stand in leaves. `attributes` are the codes a listing here may fill in."""

    home: ClassVar[str] = "reference"

    code = models.CharField(max_length=60, primary_key=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    depth = models.PositiveSmallIntegerField()
    position = models.PositiveIntegerField()
    zh = models.CharField(max_length=60)
    en = models.CharField(max_length=60)
    attributes = models.JSONField(default=list)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(depth=0, parent=None) | (Q(depth__gt=0) & Q(parent__isnull=False)), name="category_has_its_depth")]
        indexes = [models.Index(fields=["parent", "position"], name="category_children")]

    @property
    def words(self) -> str:
        """Its name in the reader's language."""
        return self.zh if (get_language() or "").startswith("zh") else self.en
