"""A listing and its sizes (SKUs)."""

from decimal import Decimal
from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q

from guanxi.base.ids import new_id
from guanxi.base.money import QUANTITY_DIGITS
from guanxi.catalog.category.table import Category
from guanxi.catalog.price.rules import Ladder, Packing, ladder
from guanxi.people.table import Company

STATES = ("draft", "published", "hidden", "removed")
DIGITS, PLACES = QUANTITY_DIGITS


class Listing(models.Model):
    """`tiers` are [[from, unit price], ...] as decimal texts, for every size that has none of its own; with `ask` the price is asked for (面议).

    `unit` is what prices and quantities count; `pack` of them are sold as one `pack_unit` (1手=12件). `prices_for` and the tax rate say
    who sees the prices and what is in them.
    """

    home: ClassVar[str] = "company"

    id = models.UUIDField(primary_key=True, default=new_id)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="listings", db_index=False)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=9, default="draft")
    number = models.CharField(max_length=60, default="")
    title = models.CharField(max_length=120)
    description = models.TextField(default="")
    attributes = models.JSONField(default=dict)
    dimensions = models.JSONField(default=list)
    keywords = models.CharField(max_length=200, default="")
    pictures = models.JSONField(default=list)
    unit = models.CharField(max_length=20)
    pack = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES, null=True)
    pack_unit = models.CharField(max_length=20, default="")
    minimum = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES, default=Decimal(1))
    step = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES, default=Decimal(1))
    maximum = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES, null=True)
    mixed = models.BooleanField(default=False)
    ask = models.BooleanField(default=False)
    currency = models.CharField(max_length=3, default="CNY")
    tax_rate = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal(13))
    tax_included = models.BooleanField(default=True)
    tiers = models.JSONField(default=list)
    sample_price = models.BigIntegerField(null=True)
    sample_most = models.PositiveIntegerField(default=1)
    prices_for = models.CharField(max_length=9, default="everyone")
    lead_days = models.PositiveIntegerField(null=True)
    origin = models.CharField(max_length=60, default="")
    freight = models.CharField(max_length=200, default="")
    certificates = models.CharField(max_length=200, default="")
    removed_why = models.CharField(max_length=500, default="")
    words = SearchVectorField(null=True)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="known_listing_state"),
            models.CheckConstraint(condition=Q(prices_for__in=("everyone", "signed_in", "verified", "partners")), name="known_listing_audience"),
            models.CheckConstraint(condition=Q(minimum__gt=0, step__gt=0), name="listing_quantities_above_zero"),
            models.CheckConstraint(condition=Q(maximum=None) | Q(maximum__gte=F("minimum")), name="listing_maximum_from_minimum"),
            models.CheckConstraint(condition=Q(sample_price=None) | Q(sample_price__gte=0), name="sample_price_not_below_zero"),
            models.CheckConstraint(condition=Q(pack=None) | Q(pack__gt=0), name="pack_above_zero"),
            models.UniqueConstraint(fields=["company", "number"], condition=~Q(number=""), name="one_listing_per_number"),
        ]
        indexes = [
            GinIndex(fields=["words"], name="listing_words"),
            models.Index(fields=["-changed_at"], name="listing_newest", condition=Q(state="published")),
            models.Index(fields=["company", "-changed_at"], name="listing_of"),
            models.Index(fields=["company", "-changed_at"], name="listing_in_shop", condition=Q(state="published")),
            models.Index(fields=["category", "-changed_at"], name="listing_in_category", condition=Q(state="published")),
        ]

    @property
    def packing(self) -> Packing:
        """How much may be bought at once."""
        return Packing(self.minimum, self.step, self.maximum)


class Sku(models.Model):
    """One size. `stock` None: made to order. What is reserved is still ours, no longer free (quality.md D5)."""

    home: ClassVar[str] = "company"

    id = models.UUIDField(primary_key=True, default=new_id)
    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="skus", db_index=False)
    n = models.PositiveIntegerField()
    options = models.JSONField(default=list)
    number = models.CharField(max_length=60, default="")
    barcode = models.CharField(max_length=14, default="")
    tiers = models.JSONField(default=list)
    stock = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES, null=True)
    reserved = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES, default=Decimal(0))
    gone_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["n"]
        constraints = [
            models.UniqueConstraint(fields=["listing", "options"], condition=Q(gone_at=None), name="one_sku_per_options"),
            models.CheckConstraint(condition=Q(reserved__gte=0) & (Q(stock=None) | Q(stock__gte=F("reserved"))), name="reserved_within_stock"),
        ]
        indexes = [models.Index(fields=["listing", "n"], name="skus_of")]

    @property
    def name(self) -> str:
        """Its options in one line; empty for a listing of one size."""
        return " ".join(self.options)

    @property
    def free(self) -> Decimal | None:
        """What can still be bought; None when it is made to order."""
        return None if self.stock is None else self.stock - self.reserved


def ladder_of(listing: Listing, sku: Sku | None = None) -> Ladder:
    """The tiers of a size: its own, or else those of its listing."""
    rows = (sku.tiers if sku else None) or listing.tiers
    return ladder((Decimal(least), Decimal(price)) for least, price in rows)
