from django.urls import path

from guanxi.web.change import pages

urlpatterns = [path("c/<uuid:conversation>/deals/<uuid:deal>/change", pages.change, name="deal-change")]
