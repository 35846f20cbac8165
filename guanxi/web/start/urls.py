from django.urls import path

from guanxi.web.start import pages

urlpatterns = [
    path("start", pages.name, name="start"),
    path("start/details", pages.details, name="start-details"),
    path("start/people", pages.people, name="start-people"),
    path("start/done", pages.done, name="start-done"),
]
