from django.urls import path

from guanxi.web.ship import pages

urlpatterns = [path("c/<uuid:conversation>/deals/<uuid:deal>/ship", pages.ship, name="ship")]
