from django.urls import path

from guanxi.web.quote import pages

urlpatterns = [path("c/<uuid:conversation>/deals/<uuid:deal>/quote", pages.editor, name="quote")]
