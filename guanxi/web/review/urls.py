from django.urls import path

from guanxi.web.review import pages

urlpatterns = [path("c/<uuid:conversation>/deals/<uuid:deal>/review", pages.review, name="review")]
