from guanxi.catalog.category.table import Category
from guanxi.catalog.listing.table import Listing, Sku
from guanxi.catalog.pricelist.table import Agreed, Customer, PriceList

__all__ = ["Agreed", "Category", "Customer", "Listing", "PriceList", "Sku"]
