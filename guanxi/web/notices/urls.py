from django.urls import path

from guanxi.web.notices import choices, pages

urlpatterns = [
    path("notices", pages.notices, name="notices"),
    path("me/notices", choices.choices, name="notice-choices"),
    path("n/<str:token>", choices.stop, name="digest-stop"),
]
