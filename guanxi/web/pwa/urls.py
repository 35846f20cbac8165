from django.urls import path

from guanxi.web.pwa import pages

urlpatterns = [
    path("manifest.webmanifest", pages.manifest, name="manifest"),
    path("sw.js", pages.worker, name="worker"),
    path("offline", pages.offline, name="offline"),
]
