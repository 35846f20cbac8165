from django.urls import path

from guanxi.web.groups import pages

urlpatterns = [
    path("groups", pages.groups, name="groups"),
    path("groups/new", pages.new, name="group-new"),
    path("groups/<uuid:conversation>/answer", pages.answer, name="group-answer"),
    path("c/<uuid:conversation>/invite", pages.invite, name="group-invite"),
    path("c/<uuid:conversation>/settings", pages.settings, name="group-settings"),
    path("c/<uuid:conversation>/people", pages.people, name="group-people"),
    path("c/<uuid:conversation>/people/<uuid:person>", pages.person, name="group-person"),
]
