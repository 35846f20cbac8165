"""A price list for chosen customers, whom it is for, and what it says."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from guanxi.base.ids import new_id
from guanxi.catalog.listing.table import Listing, Sku
from guanxi.people.table import Company


class PriceList(models.Model):
    """Of several that hold for a customer the one of higher `priority` goes first, then the newer. Dates are whole days in Asia/Shanghai."""

    home: ClassVar[str] = "company"

    id = models.UUIDField(primary_key=True, default=new_id)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=60)
    priority = models.PositiveSmallIntegerField(default=0)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="price_list_ends_after_start")
        ]
        indexes = [models.Index(fields=["company", "-made_at"], name="price_lists_of")]


class Customer(models.Model):
    """A company a list is for."""

    home: ClassVar[str] = "company"

    id = models.UUIDField(primary_key=True, default=new_id)
    price_list = models.ForeignKey(PriceList, on_delete=models.CASCADE, related_name="customers", db_index=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        db_table = "catalog_pricelist_customer"
        constraints = [models.UniqueConstraint(fields=["company", "price_list"], name="one_customer_per_price_list")]
        indexes = [models.Index(fields=["price_list"], name="customers_of_price_list")]


class Agreed(models.Model):
    """What goods cost on a list: `tiers` as those of a listing; `sku` None: every size."""

    home: ClassVar[str] = "company"

    id = models.UUIDField(primary_key=True, default=new_id)
    price_list = models.ForeignKey(PriceList, on_delete=models.CASCADE, related_name="prices", db_index=False)
    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="+", db_index=False)
    sku = models.ForeignKey(Sku, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    tiers = models.JSONField()

    class Meta:
        db_table = "catalog_pricelist_agreed"
        constraints = [models.UniqueConstraint(fields=["listing", "price_list", "sku"], nulls_distinct=False, name="one_agreed_price")]
        indexes = [models.Index(fields=["price_list"], name="agreed_of_price_list"), models.Index(fields=["sku"], name="agreed_of_sku")]
