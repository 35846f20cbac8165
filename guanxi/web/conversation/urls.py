from django.urls import path

from guanxi.web import acts
from guanxi.web.conversation import pages

urlpatterns = [
    path("c/<uuid:conversation>", pages.show, name="conversation"),
    path("c/<uuid:conversation>/entries", pages.entries, name="entries"),
    path("c/<uuid:conversation>/entries/<int:seq>/forward", pages.forward, name="forward"),
    path("c/<uuid:conversation>/live", pages.live, name="live"),
    path("c/<uuid:conversation>/about", pages.about, name="about-conversation"),
    path("c/<uuid:conversation>/read", pages.mark, name="mark-read"),
    path("c/<uuid:conversation>/<slug:noun>/<slug:name>", acts.act, name="act"),
]
