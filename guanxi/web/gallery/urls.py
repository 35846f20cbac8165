from django.conf import settings
from django.urls import URLPattern, path

from guanxi.web.gallery import pages

everything: list[URLPattern] = [
    path("ui/gallery", pages.parts, name="gallery"),
    path("ui/gallery/talk", pages.talk, name="gallery-talk"),
    path("ui/gallery/table", pages.table, name="gallery-table"),
    path("ui/gallery/list", pages.messages, name="gallery-list"),
    path("ui/gallery/sheet", pages.sheet, name="gallery-sheet"),
    path("ui/gallery/post", pages.post, name="gallery-post"),
    path("ui/gallery/error/<slug:kind>", pages.error, name="gallery-error"),
]
urlpatterns = everything if settings.DEMO else []
