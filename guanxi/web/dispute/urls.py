from django.urls import path

from guanxi.web.dispute import pages

HERE = "c/<uuid:conversation>/deals/<uuid:deal>/dispute"
urlpatterns = [
    path(HERE, pages.dossier, name="dispute"),
    path(f"{HERE}/open", pages.begin, name="dispute-open"),
    path(f"{HERE}/propose", pages.propose, name="dispute-propose"),
    path(f"{HERE}/show", pages.evidence, name="dispute-show"),
    path(f"{HERE}/send_back", pages.send_back, name="dispute-send-back"),
    *[path(f"{HERE}/{act}", pages.ask, {"act": act}) for act in pages.CONFIRMS],
]
