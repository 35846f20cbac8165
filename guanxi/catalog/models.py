from guanxi.catalog.category.table import Category
from guanxi.catalog.listing.table import Listing, Sku

__all__ = ["Category", "Listing", "Sku"]
