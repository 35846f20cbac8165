from django.urls import path

from guanxi.web.goods import exports, imports, own, pages, prices

urlpatterns = [
    path("g/<uuid:listing>", pages.listing, name="listing"),
    path("co/<slug:handle>/goods", pages.shop, name="shop"),
    path("goods", own.listed, name="goods"),
    path("goods/new", own.new, name="goods-new"),
    path("goods/import", imports.take, name="goods-import"),
    path("goods/catalogue.xlsx", exports.workbook, name="goods-workbook"),
    path("goods/catalogue.json", exports.document, name="goods-document"),
    path("goods/prices", prices.listed, name="goods-prices"),
    path("goods/prices/new", prices.new, name="goods-prices-new"),
    path("goods/prices/<uuid:price_list>", prices.one, name="goods-price-list"),
    path("goods/prices/<uuid:price_list>/end", prices.end, name="goods-price-list-end"),
    path("goods/attributes", own.attributes, name="goods-attributes"),
    path("goods/pictures", own.picture, name="goods-pictures"),
    path("goods/<uuid:listing>/edit", own.edit, name="goods-edit"),
    path("goods/<uuid:listing>/publish", own.publish, name="goods-publish"),
    path("goods/<uuid:listing>/hide", own.hide, name="goods-hide"),
]
