from django.urls import path

from guanxi.web.compare import pages

urlpatterns = [path("rfqs/<uuid:rfq>/compare", pages.compare, name="compare")]
