from django.urls import path

from guanxi.web.files import pages

urlpatterns = [
    path("files/<uuid:upload>", pages.full, name="file"),
    path("files/<uuid:upload>/thumb", pages.thumb, name="thumb"),
]
