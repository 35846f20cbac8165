from django.urls import path

from guanxi.web.door import pages

urlpatterns = [
    path("r/<slug:token>", pages.show, name="door"),
    path("r/<slug:token>/join", pages.join, name="door-join"),
    path("r/<slug:token>/quote", pages.quote, name="door-quote"),
]
