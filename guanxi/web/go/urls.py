from django.urls import path

from guanxi.web.go import pages

urlpatterns = [path("go", pages.go, name="go"), path("go/found", pages.found, name="go-found")]
