from django.urls import path

from guanxi.web.notices import pages

urlpatterns = [path("notices", pages.notices, name="notices")]
