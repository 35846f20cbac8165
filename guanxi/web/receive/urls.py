from django.urls import path

from guanxi.web.receive import pages

urlpatterns = [path("c/<uuid:conversation>/deals/<uuid:deal>/receive", pages.receive, name="receive")]
