"""The product's addresses plus the gallery, which only a demo has."""

from guanxi.urls import handler400, handler404, handler500
from guanxi.urls import urlpatterns as product
from guanxi.web.gallery.urls import everything

__all__ = ["handler400", "handler404", "handler500", "urlpatterns"]
urlpatterns = [*product, *everything]
