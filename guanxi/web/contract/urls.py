from django.urls import path

from guanxi.web.contract import pages

urlpatterns = [
    path("c/<uuid:conversation>/deals/<uuid:deal>/contract", pages.draw, name="contract-draw"),
    path("c/<uuid:conversation>/contracts/<uuid:contract>", pages.show, name="contract"),
    path("c/<uuid:conversation>/contracts/<uuid:contract>/<slug:language>.pdf", pages.paper, name="contract-paper"),
]
