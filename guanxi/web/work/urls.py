from django.urls import path

from guanxi.web.work import pages

urlpatterns = [path("work", pages.bench, name="work")]
