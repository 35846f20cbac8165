from django.urls import path

from guanxi.web.compare import pages, split

urlpatterns = [
    path("rfqs/<uuid:rfq>/compare", pages.compare, name="rfq-compare"),
    path("rfqs/<uuid:rfq>/compare.xlsx", pages.export, name="rfq-compare-export"),
    path("rfqs/<uuid:rfq>/split", split.choose, name="rfq-split"),
    path("rfqs/<uuid:rfq>/award", split.award, name="rfq-award"),
    path("rfqs/<uuid:rfq>/finish", split.finish, name="rfq-finish"),
]
