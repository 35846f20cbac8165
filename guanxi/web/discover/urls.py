from django.urls import path

from guanxi.web.discover import pages

urlpatterns = [path("discover", pages.discover, name="discover")]
