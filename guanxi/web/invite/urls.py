from django.urls import path

from guanxi.web.invite import pages

urlpatterns = [
    path("i/<str:token>", pages.invitation, name="invitation"),
    path("i/<str:token>/qr.svg", pages.qr, name="invitation-qr"),
]
