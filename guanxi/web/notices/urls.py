from django.urls import path

from guanxi.web.notices import choices, pages, push

urlpatterns = [
    path("notices", pages.notices, name="notices"),
    path("me/notices", choices.choices, name="notice-choices"),
    path("me/push", push.add, name="push-add"),
    path("me/push/<uuid:subscription>", push.choose, name="push-choose"),
    path("me/push/<uuid:subscription>/remove", push.remove, name="push-remove"),
    path("n/<str:token>", choices.stop, name="digest-stop"),
]
