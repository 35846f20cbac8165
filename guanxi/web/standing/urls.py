from django.urls import path

from guanxi.web.standing import pages

urlpatterns = [
    path("suspended", pages.suspended, name="suspended"),
    path("me/standing", pages.standing, name="me-standing"),
    path("me/standing/<uuid:measure>/appeal", pages.appeal, name="me-appeal"),
    path("me/verify", pages.verify, name="me-verify"),
    path("me/verify/withdraw", pages.withdraw, name="me-verify-withdraw"),
]
