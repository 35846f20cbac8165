"""Every door of the product."""

from django.urls import include, path

from guanxi.api.app import api
from guanxi.base import health

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", health.metrics),
    path("api/v1/", api.urls),
    path("", include("guanxi.web.hooks")),
    path("", include("guanxi.web.urls")),
]
handler404 = "guanxi.web.errors.not_found"
handler500 = "guanxi.web.errors.server_error"
handler400 = "guanxi.web.errors.bad_request"
