from django.urls import path

from guanxi.web.keys import pages

urlpatterns = [path("keys", pages.keys, name="keys")]
