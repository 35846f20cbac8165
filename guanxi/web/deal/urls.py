from django.urls import path

from guanxi.web.deal import confirm, pages

urlpatterns = [
    path("c/<uuid:conversation>/deals/<uuid:deal>", pages.dossier, name="deal"),
    path("c/<uuid:conversation>/deals/<uuid:deal>/panel", pages.panel, name="deal-panel"),
    path("c/<uuid:conversation>/orders/<uuid:order>", pages.order, name="order"),
    *[path(f"c/<uuid:conversation>/deals/<uuid:deal>/{act}", confirm.ask, {"act": act}) for act in confirm.CONFIRMS],
]
