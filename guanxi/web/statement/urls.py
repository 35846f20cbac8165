from django.urls import path

from guanxi.web.statement import pages

HERE = "c/<uuid:conversation>/statement"
urlpatterns = [
    path(HERE, pages.show, name="statement"),
    path(f"{HERE}.xlsx", pages.workbook, name="statement-xlsx"),
    path(f"{HERE}.pdf", pages.paper, name="statement-pdf"),
]
